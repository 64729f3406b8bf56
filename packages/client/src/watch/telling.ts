/**
 * What a node tells of itself to whoever watches it: some events of its trace, as JSON in UTF-8. It goes to clients over their ports,
 * and to other nodes for their clients in the way of what is in no log (`observe`), behind a mark, because others use the same way.
 *
 * Nothing here reads it but whoever shows it, and checks it there: another node may tell anything.
 */
import type { TraceEvent } from '@flotilla/core'

/** The events of one node, in order. */
export interface Telling {
  /** On the node's clock. */
  readonly now: number
  /** They say where it stands rather than what just happened, and take the place of all that was told before. */
  readonly isBeginning: boolean
  readonly events: readonly TraceEvent[]
}

/** Fits into a frame, and into a message of a port. */
export const MAX_TELLING_BYTES = 900 * 1024

const encoder = new TextEncoder()

export const encodeTelling = (telling: Telling): Uint8Array => encoder.encode(JSON.stringify(telling))

/** What nodes say to each other about watching. */
export type BetweenNodes =
  /** Tell me your trace for a while longer; `isNew`: and where you stand, for somebody here has heard nothing of it. */
  | { readonly kind: 'watch'; readonly isNew: boolean }
  /** A telling of the node that sends it. */
  | { readonly kind: 'telling'; readonly bytes: Uint8Array }

const MARK = encoder.encode('👁')
const KINDS = ['w', 'n', 't'].map(letter => letter.charCodeAt(0))
const [WATCH, WATCH_ANEW, TELLING] = KINDS

export function encodeBetweenNodes(message: BetweenNodes): Uint8Array {
  const body = message.kind === 'telling' ? message.bytes : new Uint8Array()
  const bytes = new Uint8Array(MARK.length + 1 + body.length)
  bytes.set(MARK)
  bytes[MARK.length] = (message.kind === 'telling' ? TELLING : message.isNew ? WATCH_ANEW : WATCH) ?? 0
  bytes.set(body, MARK.length + 1)
  return bytes
}

/** Whether it is about watching, whatever it says: nothing for an application. */
export const isBetweenNodes = (payload: Uint8Array): boolean => MARK.every((byte, i) => payload[i] === byte)

/** `undefined` where it is none, or too long. A telling is a view of `payload`, and not looked into. */
export function decodeBetweenNodes(payload: Uint8Array): BetweenNodes | undefined {
  if (!isBetweenNodes(payload)) return undefined
  const bytes = payload.subarray(MARK.length + 1)
  switch (payload[MARK.length]) {
    case WATCH:
      return { kind: 'watch', isNew: false }
    case WATCH_ANEW:
      return { kind: 'watch', isNew: true }
    case TELLING:
      return bytes.byteLength <= MAX_TELLING_BYTES ? { kind: 'telling', bytes } : undefined
    default:
      return undefined
  }
}
