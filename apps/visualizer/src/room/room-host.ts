/** What the server of this page says of itself, in the page's head. Nothing where the page is only a folder of files. */

interface RoomHost {
  /** Where the rooms that are shared between browsers find together: a WebSocket's address. */
  readonly signaling: string | undefined
  /** Where others on the network reach this page. */
  readonly address: string | undefined
}

export function hostOfRooms(): RoomHost {
  const signaling = told('flotilla-signaling')
  return { signaling: signaling && socketAddress(signaling), address: told('flotilla-address') }
}

function told(name: string): string | undefined {
  if (typeof document === 'undefined') return undefined
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content || undefined
}

function socketAddress(address: string): string {
  const url = new URL(address, location.href)
  url.protocol = url.protocol.replace(/^http/, 'ws')
  url.hash = ''
  return url.href
}
