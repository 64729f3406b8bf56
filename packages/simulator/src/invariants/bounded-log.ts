/** 22. The log does not grow past the compaction threshold and what is under way, where hosts compact when told to. */
import type { InvariantFactory } from './invariant.ts'

/** `bound` is how many applied entries may wait for compaction. */
export const boundedLog =
  (bound: number): InvariantFactory =>
  (_ghost, report) => ({
    number: 22,
    name: 'Bounded Log',
    stepped({ id, status, previous }) {
      if (status === undefined || previous === undefined) return
      // As of the previous event, because the host compacts while handling the one that made it due.
      const waiting = previous.lastApplied - status.snapshotIndex
      if (waiting > bound) report(`${id} holds ${waiting} applied entries; the threshold allows ${bound}`)
    },
  })
