/**
 * What the transports at both ends of a channel say to each other, beside the frames that they carry for others: who
 * they are, that one of them is going or could do without the channel, signals that are passed on, what is carried for others
 * who cannot meet, and how a link moves from one channel to another. One message each, with a header that no fragment has,
 * and ahead of all that waits:
 *
 *     | 0001 0011 | kind | … |
 */
import type { NodeId } from '@flotilla/core'
import { MAX_FRAGMENT_BYTES } from './fragment.ts'
import { MAX_RELAYED_BYTES } from './relayed-message.ts'
import { isId } from './signal.ts'

export type Control =
  /** The first word of the handshake: a nonce, and the key that the sender's id is made of. */
  | { readonly kind: 'introduction'; readonly nonce: Uint8Array; readonly publicKey: Uint8Array }
  /** The second: a signature over all that both have said, by that key. */
  | { readonly kind: 'proof'; readonly signature: Uint8Array }
  /** The third: "I have checked yours". What follows may be frames. */
  | { readonly kind: 'ready' }
  /** "I am going; do not look for me." */
  | { readonly kind: 'bye' }
  /** Whether the sender wants this channel for itself. Until it says otherwise, it does. */
  | { readonly kind: 'wanted'; readonly wanted: boolean }
  /** A signal for somebody else, or for all: heard from its sender (`passedOn` false) or from one who had it from there. */
  | { readonly kind: 'signal'; readonly passedOn: boolean; readonly to: NodeId | undefined; readonly text: string }
  /** "Carry this to somebody you are linked to": a message of a relayed connection. */
  | { readonly kind: 'carry'; readonly to: NodeId; readonly message: Uint8Array<ArrayBuffer> }
  /** One that was carried here for the receiver. */
  | { readonly kind: 'carried'; readonly message: Uint8Array<ArrayBuffer> }
  /** "I have no link to the one for whom you gave me messages of this connection." */
  | { readonly kind: 'cannotCarry'; readonly name: string }
  /** On the channel that a link leaves: "this was the last of it". */
  | { readonly kind: 'moved' }
  /** On the channel that it moves to: "the last of the other has come; go on here". */
  | { readonly kind: 'arrived' }

export const NONCE_BYTES = 32
/** An uncompressed point of P-256. */
export const PUBLIC_KEY_BYTES = 65
const SIGNATURE_BYTES = 64

const HEADER = 0x13
const INTRODUCTION = 1
const PROOF = 2
const READY = 3
const BYE = 4
const SIGNAL = 5
const SIGNAL_PASSED_ON = 6
const WANTED = 7
const CARRY = 8
const CARRIED = 9
const CANNOT_CARRY = 10
const MOVED = 11
const ARRIVED = 12

/** A relayed message holds a whole fragment, and this one says besides for whom it is. */
const MAX_CARRY_BYTES = MAX_RELAYED_BYTES + 3 + 64

/** `undefined` if it would not fit into one message: then it has to find another way. */
export function encodeControl(control: Control): Uint8Array<ArrayBuffer> | undefined {
  switch (control.kind) {
    case 'introduction':
      return message(INTRODUCTION, control.nonce, control.publicKey)
    case 'proof':
      return message(PROOF, control.signature)
    case 'ready':
      return message(READY)
    case 'bye':
      return message(BYE)
    case 'wanted':
      return message(WANTED, Uint8Array.of(control.wanted ? 1 : 0))
    case 'signal': {
      const to = new TextEncoder().encode(control.to ?? '')
      const text = new TextEncoder().encode(control.text)
      const kind = control.passedOn ? SIGNAL_PASSED_ON : SIGNAL
      return message(kind, Uint8Array.of(to.byteLength), to, text)
    }
    case 'carry': {
      const to = new TextEncoder().encode(control.to)
      return message(CARRY, Uint8Array.of(to.byteLength), to, control.message)
    }
    case 'carried':
      return message(CARRIED, control.message)
    case 'cannotCarry':
      return message(CANNOT_CARRY, new TextEncoder().encode(control.name))
    case 'moved':
      return message(MOVED)
    case 'arrived':
      return message(ARRIVED)
    default:
      return control satisfies never
  }
}

/** Whether this message of a channel is none of the frames' fragments. */
export const isControl = (bytes: Uint8Array): boolean => bytes[0] === HEADER

/** `undefined` if it is none. Never throws. */
export function decodeControl(bytes: Uint8Array): Control | undefined {
  if (!isControl(bytes) || bytes.byteLength > longest(bytes[1])) return undefined
  const body = Uint8Array.from(bytes.subarray(2))
  switch (bytes[1]) {
    case INTRODUCTION: {
      if (body.byteLength !== NONCE_BYTES + PUBLIC_KEY_BYTES) return undefined
      return { kind: 'introduction', nonce: body.slice(0, NONCE_BYTES), publicKey: body.slice(NONCE_BYTES) }
    }
    case PROOF:
      return body.byteLength === SIGNATURE_BYTES ? { kind: 'proof', signature: body } : undefined
    case READY:
      return body.byteLength === 0 ? { kind: 'ready' } : undefined
    case BYE:
      return body.byteLength === 0 ? { kind: 'bye' } : undefined
    case WANTED: {
      const [wanted] = body
      return body.byteLength === 1 && (wanted === 0 || wanted === 1)
        ? { kind: 'wanted', wanted: wanted === 1 }
        : undefined
    }
    case SIGNAL:
    case SIGNAL_PASSED_ON:
      return decodeSignalIn(body, bytes[1] === SIGNAL_PASSED_ON)
    case CARRY: {
      const [toBytes = 0] = body
      const to = textIn(body.subarray(1, 1 + toBytes))
      return isId(to) ? { kind: 'carry', to, message: body.slice(1 + toBytes) } : undefined
    }
    case CARRIED:
      return { kind: 'carried', message: body }
    case CANNOT_CARRY: {
      const name = textIn(body)
      return isId(name) ? { kind: 'cannotCarry', name } : undefined
    }
    case MOVED:
      return body.byteLength === 0 ? { kind: 'moved' } : undefined
    case ARRIVED:
      return body.byteLength === 0 ? { kind: 'arrived' } : undefined
    default:
      return undefined
  }
}

const longest = (kind: number | undefined): number =>
  kind === CARRY || kind === CARRIED ? MAX_CARRY_BYTES : MAX_FRAGMENT_BYTES

function decodeSignalIn(body: Uint8Array, passedOn: boolean): Control | undefined {
  const [toBytes = 0] = body
  if (body.byteLength < 1 + toBytes) return undefined
  const to = textIn(body.subarray(1, 1 + toBytes))
  const text = textIn(body.subarray(1 + toBytes))
  if (to === undefined || text === undefined || (to !== '' && !isId(to))) return undefined
  return { kind: 'signal', passedOn, to: to === '' ? undefined : to, text }
}

function textIn(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function message(kind: number, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> | undefined {
  const length = parts.reduce((sum, part) => sum + part.byteLength, 2)
  if (length > longest(kind)) return undefined
  const bytes = new Uint8Array(length)
  bytes[0] = HEADER
  bytes[1] = kind
  let offset = 2
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.byteLength
  }
  return bytes
}
