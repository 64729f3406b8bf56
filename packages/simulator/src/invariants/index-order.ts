/** 10. Snapshot ≤ applied ≤ committed ≤ last, and what a node says of its log is what it has handed out to be written. */
import type { InvariantFactory } from './invariant.ts'

export const indexOrder: InvariantFactory = (_ghost, report) => ({
  number: 10,
  name: 'Index Order',
  stepped({ id, status, log }) {
    if (status === undefined) return
    const { snapshotIndex, lastApplied, commitIndex, lastIndex, durableIndex } = status
    if (
      snapshotIndex > lastApplied ||
      lastApplied > commitIndex ||
      commitIndex > lastIndex ||
      durableIndex > lastIndex
    ) {
      report(
        `${id}: snapshot ${snapshotIndex}, applied ${lastApplied}, committed ${commitIndex}, ` +
          `durable ${durableIndex}, last ${lastIndex}`,
      )
    }
    if (lastIndex !== log.last || status.lastTerm !== log.lastTerm) {
      report(
        `${id} ends at ${lastIndex} of term ${status.lastTerm}; it has written up to ${log.last} of term ${log.lastTerm}`,
      )
    }
  },
})
