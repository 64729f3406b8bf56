/**
 * One message of a relayed connection, as those see it who carry it:
 *
 *     | 1 | length of the name | name of the connection | number, 64 bits, big-endian | sealed |
 *
 * and what is sealed in it: a byte that says what it is, and its body.
 */
import { MAX_FRAGMENT_BYTES } from './fragment.ts'
import { isId } from './signal.ts'

const VERSION = 1
const NUMBER_BYTES = 8
const TAG_BYTES = 16
const MAX_NAME_BYTES = 64

/** The longest message: a whole fragment, what it is, its tag, and the header. */
export const MAX_RELAYED_BYTES = 2 + MAX_NAME_BYTES + NUMBER_BYTES + 1 + MAX_FRAGMENT_BYTES + TAG_BYTES

export interface RelayedMessage {
  readonly name: string
  /** From 1; each is the next. */
  readonly number: number
  /** A view of the message's bytes. */
  readonly sealed: Uint8Array<ArrayBuffer>
}

export function encodeRelayed(name: string, number: number, sealed: Uint8Array): Uint8Array<ArrayBuffer> {
  const nameBytes = new TextEncoder().encode(name)
  const message = new Uint8Array(2 + nameBytes.byteLength + NUMBER_BYTES + sealed.byteLength)
  message[0] = VERSION
  message[1] = nameBytes.byteLength
  message.set(nameBytes, 2)
  new DataView(message.buffer).setBigUint64(2 + nameBytes.byteLength, BigInt(number))
  message.set(sealed, 2 + nameBytes.byteLength + NUMBER_BYTES)
  return message
}

/** `undefined` if it is none. Never throws. */
export function decodeRelayed(message: Uint8Array<ArrayBuffer>): RelayedMessage | undefined {
  const [version, nameLength = 0] = message
  const headerBytes = 2 + nameLength + NUMBER_BYTES
  if (version !== VERSION || message.byteLength > MAX_RELAYED_BYTES) return undefined
  if (nameLength > MAX_NAME_BYTES || message.byteLength < headerBytes + 1 + TAG_BYTES) return undefined
  const name = new TextDecoder().decode(message.subarray(2, 2 + nameLength))
  const number = Number(new DataView(message.buffer, message.byteOffset + 2 + nameLength).getBigUint64(0))
  if (!isId(name) || !Number.isSafeInteger(number) || number === 0) return undefined
  return { name, number, sealed: message.subarray(headerBytes) }
}

/** Never the same twice under one key: each direction has its own key, and each number is used once. */
export function nonceOf(number: number): Uint8Array<ArrayBuffer> {
  const nonce = new Uint8Array(12)
  new DataView(nonce.buffer).setBigUint64(4, BigInt(number))
  return nonce
}

/** What is in a relayed message. */
export type RelayedWord =
  /** A message of the channel that this stands for. */
  | { readonly kind: 'message'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** "So many bytes of your messages have come, in all." Makes room for more. */
  | { readonly kind: 'taken'; readonly bytes: number }
  /** "Are you there?" Answered by `taken`. */
  | { readonly kind: 'ping' }
  /** "I have closed." */
  | { readonly kind: 'closed' }

const MESSAGE = 0
const TAKEN = 1
const PING = 2
const CLOSED = 3

export function encodeWord(word: RelayedWord): Uint8Array<ArrayBuffer> {
  switch (word.kind) {
    case 'message': {
      const bytes = new Uint8Array(1 + word.bytes.byteLength)
      bytes[0] = MESSAGE
      bytes.set(word.bytes, 1)
      return bytes
    }
    case 'taken': {
      const bytes = new Uint8Array(9)
      bytes[0] = TAKEN
      new DataView(bytes.buffer).setBigUint64(1, BigInt(word.bytes))
      return bytes
    }
    case 'ping':
      return Uint8Array.of(PING)
    case 'closed':
      return Uint8Array.of(CLOSED)
    default:
      return word satisfies never
  }
}

/** `undefined` if it is none. Never throws. */
export function decodeWord(bytes: Uint8Array<ArrayBuffer>): RelayedWord | undefined {
  switch (bytes[0]) {
    case MESSAGE:
      return { kind: 'message', bytes: bytes.subarray(1) }
    case TAKEN: {
      if (bytes.byteLength !== 9) return undefined
      const count = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(1))
      return Number.isSafeInteger(count) ? { kind: 'taken', bytes: count } : undefined
    }
    case PING:
      return bytes.byteLength === 1 ? { kind: 'ping' } : undefined
    case CLOSED:
      return bytes.byteLength === 1 ? { kind: 'closed' } : undefined
    default:
      return undefined
  }
}
