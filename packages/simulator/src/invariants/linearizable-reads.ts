/** 16. A read sees everything that was committed when it was asked for (§8; dissertation §6.4). */
import type { InvariantFactory } from './invariant.ts'

export const linearizableReads: InvariantFactory = (ghost, report) => ({
  number: 16,
  name: 'Linearizable Reads',
  readReady(node, index, commitAtCall) {
    if (index < commitAtCall) {
      report(`${node.id} answers a read at ${index}; when it was asked, ${commitAtCall} was committed`)
    } else if (index > ghost.commit) {
      report(`${node.id} answers a read at ${index}; only ${ghost.commit} is committed`)
    }
  },
})
