/** What the server of this page says of itself, in the page's head. Nothing where the page is only a folder of files. */

interface RoomHost {
  /** Where the rooms that are shared between browsers find together: a WebSocket's address. */
  readonly signaling: string | undefined
  /** NATS servers over which they do, instead or as well: WebSockets' addresses. */
  readonly nats: readonly string[]
  /** Where others on the network reach this page. */
  readonly address: string | undefined
  /** STUN and TURN servers, for networks in which browsers do not reach each other directly. */
  readonly iceServers: readonly RTCIceServer[]
}

export function hostOfRooms(): RoomHost {
  const signaling = told('flotilla-signaling')
  return {
    signaling: signaling && socketAddress(signaling),
    nats: (told('flotilla-nats') ?? '').split(',').flatMap(address => address.trim() || []),
    address: told('flotilla-address'),
    iceServers: iceServersIn(told('flotilla-ice')),
  }
}

/** As JSON, like the `iceServers` of an RTCPeerConnection; the browser refuses what is none of them, and the page says so. */
function iceServersIn(text: string | undefined): readonly RTCIceServer[] {
  if (text === undefined) return []
  const servers: unknown = JSON.parse(text)
  if (!Array.isArray(servers)) throw new Error('the page’s flotilla-ice is no list of servers')
  return servers
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
