/** 18. Snapshots of one index are the same bytes, sessions and their answers included, whoever took them (§7). */

import { mixBytes } from '../../ground/hash.ts'
import type { InvariantFactory } from '../../invariants/invariant.ts'

export const snapshotAgreement: InvariantFactory = (_ghost, report) => {
  const hashes = new Map<number, number>()
  return {
    number: 18,
    name: 'Snapshot Equality',
    issuing(node, { snapshot }) {
      if (snapshot === undefined) return
      const hash = mixBytes(snapshot.term, snapshot.data)
      const first = hashes.get(snapshot.index)
      if (first === undefined) hashes.set(snapshot.index, hash)
      else if (first !== hash) report(`${node.id} has another snapshot at ${snapshot.index} than others had`)
    },
  }
}
