/** 22. The log does not stay past the compaction threshold where hosts compact when told to. */
import type { InvariantFactory } from './invariant.ts'
import type { NodeView } from './view.ts'

/** More than `bound` applied entries may wait for compaction, but not for more than `patience` events in a row: a commit may release many at once. */
export const boundedLog =
  (bound: number, patience: number): InvariantFactory =>
  (_ghost, report) => {
    const over = new Map<NodeView, number>()

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
        const events = (over.get(node) ?? 0) + 1
        over.set(node, events)
        if (events > patience) report(`${id} holds ${waiting} applied entries for long; the threshold is ${bound}`)
      },
    }
  }
