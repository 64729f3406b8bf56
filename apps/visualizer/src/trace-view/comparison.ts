/** Two clusters at one moment: which nodes are not the same in both, and from where on their logs are not. Pure. */
import type { NodeId } from '@flotilla/core'
import { entriesBetween } from './log-view.ts'
import type { ClusterView, NodeView } from './view.ts'

/** In what a reader sees of it: life, role, term, vote, log, or what is committed. */
export function isSame(a: NodeView | undefined, b: NodeView | undefined): boolean {
  if (a === b) return true
  if (a === undefined || b === undefined) return false
  return (
    a.life === b.life &&
    a.role === b.role &&
    a.term === b.term &&
    a.votedFor === b.votedFor &&
    a.commitIndex === b.commitIndex &&
    firstDifference(a, b) === undefined
  )
}

/** The first index at which the logs of both, as far as both are known, do not hold the same entry. */
export function firstDifference(a: NodeView, b: NodeView): number | undefined {
  if (a.log === b.log) return undefined
  const from = Math.max(a.log.firstIndex, b.log.firstIndex)
  const last = Math.max(a.log.lastIndex, b.log.lastIndex)
  const theirs = entriesBetween(b.log, from, last)
  const ours = entriesBetween(a.log, from, last)
  for (let i = 0; i < Math.max(ours.length, theirs.length); i++) {
    if (ours[i]?.term !== theirs[i]?.term || ours[i]?.text !== theirs[i]?.text) return from + i
  }
  return undefined
}

export interface Difference {
  readonly id: NodeId
  readonly here: NodeView | undefined
  readonly there: NodeView | undefined
  /** Of their logs. */
  readonly from: number | undefined
}

export function differencesOf(here: ClusterView, there: ClusterView): readonly Difference[] {
  const ids = [...new Set([...here.nodes.keys(), ...there.nodes.keys()])].sort()
  return ids.flatMap(id => {
    const ours = here.nodes.get(id)
    const theirs = there.nodes.get(id)
    if (isSame(ours, theirs)) return []
    const from = ours === undefined || theirs === undefined ? undefined : firstDifference(ours, theirs)
    return [{ id, here: ours, there: theirs, from }]
  })
}
