/**
 * What tabs say to each other through signalling, as JSON, and the decoder that treats every such text as hostile:
 * length before parsing, own properties only, every field bounded, and a fresh object made of exactly the known fields.
 */
import type { NodeId } from '@flotilla/core'
import { isRelayKey } from './relay-keys.ts'
import { MAX_SIGNAL_LENGTH } from './signaling.ts'

export interface IceCandidate {
  readonly candidate: string
  readonly sdpMLineIndex: number | null
  readonly sdpMid: string | null
}

interface Envelope {
  readonly from: NodeId
  /** Chosen at each opening, so that a reloaded tab is told from the tab it was. */
  readonly session: string
}

interface Directed extends Envelope {
  readonly to: NodeId
  readonly toSession: string
}

/** What one side of a connection has for the other, opaque to everyone but WebRTC. */
export type Negotiation =
  | { readonly type: 'offer'; readonly sdp: string }
  | { readonly type: 'answer'; readonly sdp: string }
  | { readonly type: 'candidate'; readonly candidate: IceCandidate }
  /** The same two words of a relayed connection: a public key made for it (`relay-keys.ts`). */
  | { readonly type: 'relayOffer'; readonly key: string }
  | { readonly type: 'relayAnswer'; readonly key: string }

export type Signal =
  /** "I am here." To everyone. */
  | (Envelope & { readonly type: 'hello' })
  /** "I am going; do not look for me." To everyone; signed where everyone proves who it is (`farewell.ts`). */
  | (Envelope & { readonly type: 'bye'; readonly signature?: string })
  /** From the greater id to the smaller one: "there is no link between us, nor one under way". */
  | (Directed & { readonly type: 'pleaseOffer' })
  /** `link` names one attempt to connect: chosen by the offerer, returned by the other. */
  | (Directed & { readonly link: string } & Negotiation)

const PROTOCOL_VERSION = 1
const MAX_ID_BYTES = 64
const MAX_CANDIDATE_LENGTH = 1024
/** More than one of P-256 has in base64url. */
const MAX_SIGNATURE_LENGTH = 100

export function encodeSignal(signal: Signal): string {
  return JSON.stringify({ v: PROTOCOL_VERSION, ...signal })
}

/** The signal in this text; `undefined` if it is none. Never throws. */
export function decodeSignal(text: string): Signal | undefined {
  if (text.length > MAX_SIGNAL_LENGTH) return undefined
  const fields = fieldsOf(parsed(text))
  if (fields?.('v') !== PROTOCOL_VERSION) return undefined
  const from = fields('from')
  const session = fields('session')
  if (!isId(from) || !isId(session)) return undefined
  const type = fields('type')
  if (type === 'hello') return { type, from, session }
  if (type === 'bye') {
    const signature = fields('signature')
    if (signature === undefined) return { type, from, session }
    return typeof signature === 'string' && signature.length <= MAX_SIGNATURE_LENGTH
      ? { type, from, session, signature }
      : undefined
  }

  const to = fields('to')
  const toSession = fields('toSession')
  if (!isId(to) || !isId(toSession)) return undefined
  if (type === 'pleaseOffer') return { type, from, session, to, toSession }

  const link = fields('link')
  if (!isId(link)) return undefined
  const directed = { from, session, to, toSession, link }
  if (type === 'offer' || type === 'answer') {
    const sdp = fields('sdp')
    return typeof sdp === 'string' && sdp.length > 0 ? { ...directed, type, sdp } : undefined
  }
  if (type === 'relayOffer' || type === 'relayAnswer') {
    const key = fields('key')
    return isRelayKey(key) ? { ...directed, type, key } : undefined
  }
  if (type !== 'candidate') return undefined
  const candidate = candidateOf(fields('candidate'))
  return candidate && { ...directed, type, candidate }
}

/** Who says this, if it is a signal of another version than ours. */
export function senderOfOtherVersion(text: string): NodeId | undefined {
  if (text.length > MAX_SIGNAL_LENGTH) return undefined
  const fields = fieldsOf(parsed(text))
  const version = fields?.('v')
  const from = fields?.('from')
  return typeof version === 'number' && version !== PROTOCOL_VERSION && isId(from) ? from : undefined
}

/** An id is text of 1 to 64 bytes in UTF-8. */
export function isId(value: unknown): value is string {
  if (typeof value !== 'string' || value.length === 0 || value.length > MAX_ID_BYTES) return false
  return !/\p{Surrogate}/u.test(value) && new TextEncoder().encode(value).byteLength <= MAX_ID_BYTES
}

function candidateOf(value: unknown): IceCandidate | undefined {
  const fields = fieldsOf(value)
  const candidate = fields?.('candidate')
  const sdpMLineIndex = fields?.('sdpMLineIndex') ?? null
  const sdpMid = fields?.('sdpMid') ?? null
  if (typeof candidate !== 'string' || candidate.length > MAX_CANDIDATE_LENGTH) return undefined
  if (sdpMLineIndex !== null && !isMLineIndex(sdpMLineIndex)) return undefined
  if (sdpMid !== null && !isId(sdpMid)) return undefined
  // Without either the browser cannot say what the candidate is for, and throws.
  if (sdpMLineIndex === null && sdpMid === null) return undefined
  return { candidate, sdpMLineIndex, sdpMid }
}

function isMLineIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffff
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Reads own properties only: `constructor` and `__proto__` of the prototype are no fields. */
function fieldsOf(value: unknown): ((name: string) => unknown) | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const own = new Map<string, unknown>(Object.entries(value))
  return name => own.get(name)
}
