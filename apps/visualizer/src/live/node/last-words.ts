/** What a tab that closes tells the others, so that they can tell it from a lost one. A closing page has no time for more than this. */
import type { NodeId, TraceEvent } from '@flotilla/core'
import { encodeObservation } from '../observation.ts'

/** Far from what a frame may hold. */
const MOST = 500

/** @param untold what has happened at the node that nobody was told; the last of very much */
export function lastWords(node: NodeId, now: number, untold: readonly TraceEvent[]): Uint8Array {
  const stopped: TraceEvent = { type: 'stopped', node, at: now }
  const events = [...untold.slice(-MOST), stopped]
  const leftOut = Math.max(0, untold.length - MOST)
  return encodeObservation({ kind: 'trace', now, catchUp: false, leftOut, events })
}
