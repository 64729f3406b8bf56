/** What the server of this page says of itself, in the page's head. Nothing where the page is only a folder of files. */

export interface RoomHost {
  /** Where the rooms that are shared between browsers find together: a WebSocket's address. */
  readonly signaling: string | undefined
  /** NATS servers over which they do, instead or as well: WebSockets' addresses. */
  readonly nats: readonly string[]
  /** Where others on the network reach this page. */
  readonly address: string | undefined
  /** STUN and TURN servers, for networks in which browsers do not reach each other directly. */
  readonly ice: Ice
}

export interface Ice {
  readonly iceServers: readonly RTCIceServer[]
  /** `relay`: by TURN only. */
  readonly iceTransportPolicy: RTCIceTransportPolicy
}

export function hostOfRooms(): RoomHost {
  const signaling = told('flotilla-signaling')
  return {
    signaling: signaling && socketAddress(signaling),
    nats: (told('flotilla-nats') ?? '').split(',').flatMap(address => address.trim() || []),
    address: told('flotilla-address'),
    ice: iceIn(told('flotilla-ice')),
  }
}

/**
 * As JSON, like the configuration of an RTCPeerConnection, or only its list of servers; the browser refuses what is neither, and
 * the page says so.
 */
function iceIn(text: string | undefined): Ice {
  const ice: unknown = text === undefined ? [] : JSON.parse(text)
  const { iceServers, iceTransportPolicy } = Array.isArray(ice)
    ? { iceServers: ice, iceTransportPolicy: undefined }
    : { iceServers: undefined, iceTransportPolicy: undefined, ...Object(ice) }
  if (!Array.isArray(iceServers)) throw new Error('the page’s flotilla-ice has no list of servers')
  return { iceServers, iceTransportPolicy: iceTransportPolicy === 'relay' ? 'relay' : 'all' }
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
