/**
 * What a visitor may say to the server, as JSON arrays, and the reader that believes nothing:
 *
 *     ["join", room, id]           first, once; answered by ["joined"], or ["joined", "relays"] if bytes are carried too
 *     ["signal", to, text]         to one id, or to everyone else with `to` null; they hear ["signal", text]
 *     ["who"]                      answered by ["present", ids]: the others in the room, as they call themselves
 *     ["ping"]                     answered by ["pong"]
 *
 * and bytes for one who cannot be reached otherwise, as a binary frame; they come out at the other as they are:
 *
 *     | length of the id | id | message |
 *
 * Texts and messages are opaque: sealed where rooms have a secret, and never looked into.
 */

export type VisitorFrame =
  | { readonly type: 'join'; readonly room: string; readonly id: string }
  | { readonly type: 'signal'; readonly to: string | null; readonly text: string }
  | { readonly type: 'who' }
  | { readonly type: 'ping' }

/** As `MAX_SIGNAL_LENGTH` of the transport, in UTF-16 units. */
const MAX_TEXT_LENGTH = 32 * 1024
const MAX_ID_BYTES = 64
/** As `MAX_RELAYED_BYTES` of the transport, and a little more, for those that come after it. */
export const MAX_RELAYED_BYTES = 17 * 1024

export interface RelayedFrame {
  readonly to: string
  /** A view of the frame's bytes. */
  readonly message: Buffer
}

/** `undefined` if it is none. Never throws. */
export function readRelayedFrame(frame: Buffer): RelayedFrame | undefined {
  const [idBytes = 0] = frame
  const message = frame.subarray(1 + idBytes)
  if (message.byteLength === 0 || message.byteLength > MAX_RELAYED_BYTES) return undefined
  const to = frame.toString('utf8', 1, 1 + idBytes)
  return isId(to) ? { to, message } : undefined
}

/** `undefined` if it is none. Never throws. */
export function readVisitorFrame(data: string): VisitorFrame | undefined {
  const fields = listIn(data)
  if (fields === undefined) return undefined
  const [type, first, second] = fields
  switch (type) {
    case 'join':
      return fields.length === 3 && isRoom(first) && isId(second) ? { type, room: first, id: second } : undefined
    case 'signal':
      return fields.length === 3 && (first === null || isId(first)) && isText(second)
        ? { type, to: first, text: second }
        : undefined
    case 'who':
    case 'ping':
      return fields.length === 1 ? { type } : undefined
    default:
      return undefined
  }
}

function listIn(data: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(data)
    return Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

const isRoom = (value: unknown): value is string => typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value)

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= MAX_TEXT_LENGTH

function isId(value: unknown): value is string {
  if (typeof value !== 'string' || value.length === 0 || value.length > MAX_ID_BYTES) return false
  return !/\p{Surrogate}/u.test(value) && Buffer.byteLength(value) <= MAX_ID_BYTES
}
