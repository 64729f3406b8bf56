/** 18. A snapshot is exactly what applying the committed log up to its index gives (§7), its configuration included. */
import type { InvariantFactory } from './invariant.ts'
import { configurationHash } from './shadow-log.ts'

export const snapshotEquality: InvariantFactory = (ghost, report) => ({
  number: 18,
  name: 'Snapshot Equality',
  issuing(node, { snapshot }) {
    if (snapshot === undefined) return
    const committed = ghost.configurationAt(snapshot.index)
    if (
      committed !== undefined &&
      configurationHash(committed.configuration) !== configurationHash(snapshot.configuration)
    ) {
      report(
        `${node.id} has a snapshot at ${snapshot.index} with another configuration than was committed at ${committed.index}`,
      )
    }
  },
  restored(node, { index }, digest) {
    const expected = ghost.digests[index]
    if (expected !== digest) report(`${node.id} restores a snapshot at ${index} that is not the state after ${index}`)
  },
})
