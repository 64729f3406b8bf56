/** 9. The commit index never falls while a node is up, and after a restart never exceeds what was committed. */
import type { InvariantFactory } from './invariant.ts'

export const commitMonotone: InvariantFactory = (ghost, report) => ({
  number: 9,
  name: 'Commit Monotone',
  stepped({ id, status, previous }) {
    if (status === undefined) return
    if (previous === undefined) {
      if (status.commitIndex > ghost.commit)
        report(`${id} restarts with commit ${status.commitIndex} > ${ghost.commit}`)
    } else if (status.commitIndex < previous.commitIndex) {
      report(`the commit index of ${id} falls from ${previous.commitIndex} to ${status.commitIndex}`)
    }
  },
})
