/**
 * What a command gave, as the bytes that a session remembers and that travel to the proposer: one byte that says whether
 * the machine took it, then the result, or why not. Every node must remember the same bytes, so the text of an error that
 * a browser worded (they differ) is left out.
 */
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
const MAX_REASON_BYTES = 1024

export type CommandOutcome =
  | { readonly kind: 'taken'; readonly result: Uint8Array }
  | { readonly kind: 'rejected'; readonly reason: string }

export function encodeTaken(result: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + result.byteLength)
  bytes[0] = TAKEN
  bytes.set(result, 1)
  return bytes
}

export function encodeRejected(error: unknown): Uint8Array {
  const text = new TextEncoder().encode(reasonOf(error)).subarray(0, MAX_REASON_BYTES)
  const bytes = new Uint8Array(1 + text.byteLength)
  bytes[0] = REJECTED
  bytes.set(text, 1)
  return bytes
}

/** `undefined` for bytes that are no outcome. */
export function decodeOutcome(bytes: Uint8Array): CommandOutcome | undefined {
  if (bytes[0] === TAKEN) return { kind: 'taken', result: bytes.subarray(1) }
  if (bytes[0] === REJECTED) return { kind: 'rejected', reason: new TextDecoder().decode(bytes.subarray(1)) }
  return undefined
}

/** An application's own error speaks for itself; of the language's errors only the name is the same everywhere. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const wordedByBrowser =
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof ReferenceError ||
    error instanceof SyntaxError
  return wordedByBrowser ? error.name : error.message
}
