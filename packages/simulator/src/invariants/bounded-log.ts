/** 22. The log does not stay past the compaction threshold where hosts compact when told to. */
import type { InvariantFactory } from './invariant.ts'
import type { NodeView } from './view.ts'

/**
 * More than `bound` applied entries may wait for compaction, but not for more than `patience` events in a row (a commit may
 * release many at once), some of them later than the first: a node that thaws takes all its mail before its host's turn comes.
 */
export const boundedLog =
  (bound: number, patience: number): InvariantFactory =>
  (ghost, report) => {
    const over = new Map<NodeView, { events: number; readonly since: number }>()

    return {
      number: 22,
      name: 'Bounded Log',
      stepped(node) {
        const { id, status, previous } = node
        if (status === undefined) return
        const waiting = status.lastApplied - status.snapshotIndex
        if (waiting <= bound || previous === undefined) {
          over.delete(node)
          return
        }
        const long = over.get(node) ?? { events: 0, since: ghost.now }
        over.set(node, long)
        long.events += 1
        if (long.events > patience && ghost.now > long.since)
          report(`${id} holds ${waiting} applied entries for long; the threshold is ${bound}`)
      },
    }
  }
