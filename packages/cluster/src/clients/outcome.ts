/**
 * What a command came to, as the bytes that a session remembers and that travel to the proposer: one byte that says how the
 * machine took it, then the result, or what it threw. Every node must remember the same bytes, so the text of an error that
 * a browser worded (they differ) is left out.
 *
 *   0 taken · result | 1 rejected · u8 length of the name · name · message | 2 taken, and the result is not kept any more
 */
import type { ThrownError } from '../api.ts'
import type { ProposeAnswer } from '../wire/frame.ts'

/** A command entry that was applied. */
export interface AppliedCommand {
  /** What its proposer is told. */
  readonly answer: ProposeAnswer
  /** Which command of which client it was; 0 and 0 if it was none. */
  readonly session: number
  readonly sequence: number
}

const TAKEN = 0
const REJECTED = 1
const FORGOTTEN = 2

/** In UTF-8. What is longer is cut. */
export const MAX_THROWN_NAME_BYTES = 64
export const MAX_THROWN_MESSAGE_BYTES = 1024

export type CommandOutcome =
  | { readonly kind: 'taken'; readonly result: Uint8Array }
  | { readonly kind: 'rejected'; readonly thrown: ThrownError }
  | { readonly kind: 'forgotten' }

/** No outcome is shorter once it is `withoutDetail`. Bytes. */
export const SHORTEST_OUTCOME_BYTES = 2

/** What stands in the place of an outcome that is too long to be kept: whether the machine took it, and no more. */
export function withoutDetail(outcome: Uint8Array): Uint8Array {
  return outcome[0] === REJECTED ? Uint8Array.of(REJECTED, 0) : Uint8Array.of(FORGOTTEN)
}

export function encodeTaken(result: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + result.byteLength)
  bytes[0] = TAKEN
  bytes.set(result, 1)
  return bytes
}

export function encodeRejected(error: unknown): Uint8Array {
  const thrown = readThrown(error)
  const name = utf8(thrown.name, MAX_THROWN_NAME_BYTES)
  const message = utf8(thrown.message, MAX_THROWN_MESSAGE_BYTES)
  const bytes = new Uint8Array(2 + name.byteLength + message.byteLength)
  bytes[0] = REJECTED
  bytes[1] = name.byteLength
  bytes.set(name, 2)
  bytes.set(message, 2 + name.byteLength)
  return bytes
}

/** `undefined` for bytes that are no outcome. */
export function decodeOutcome(bytes: Uint8Array): CommandOutcome | undefined {
  const [kind, nameLength] = bytes
  switch (kind) {
    case TAKEN:
      return { kind: 'taken', result: bytes.subarray(1) }
    case REJECTED: {
      if (nameLength === undefined || 2 + nameLength > bytes.byteLength) return undefined
      const decoder = new TextDecoder()
      const name = decoder.decode(bytes.subarray(2, 2 + nameLength))
      return { kind: 'rejected', thrown: { name, message: decoder.decode(bytes.subarray(2 + nameLength)) } }
    }
    case FORGOTTEN:
      return { kind: 'forgotten' }
    default:
      return undefined
  }
}

/** An application's own error speaks for itself; of the language's errors only the name is the same everywhere. */
function readThrown(error: unknown): ThrownError {
  try {
    if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
    const name = String(error.name)
    return { name, message: isWordedByBrowser(error) ? '' : String(error.message) }
  } catch {
    return { name: 'Error', message: 'what was thrown cannot be read' }
  }
}

function isWordedByBrowser(error: Error): boolean {
  return (
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof ReferenceError ||
    error instanceof SyntaxError
  )
}

/** Cut between characters. */
function utf8(text: string, maxBytes: number): Uint8Array {
  const bytes = new Uint8Array(maxBytes)
  return bytes.subarray(0, new TextEncoder().encodeInto(text, bytes).written)
}
