import type { Check } from '../check.ts'
import type { CommittedEntry, History, Placed } from '../history.ts'

/**
 * "If a log entry is committed in a given term, then that entry will be present in the logs of the leaders for all
 * higher-numbered terms." By the term in which it was *committed*, not by the entry's own.
 */
export const leaderCompleteness: Check = {
  property: 'Leader Completeness',
  section: 'figure 3, §5.4',
  see(event, history, report) {
    if (event.type === 'committed') {
      const node = history.node(event.node)
      const entry = node.at(event.index)
      if (entry === undefined || node.term >= history.latestLeaderTerm || history.committed[event.index] !== undefined)
        return
      // A leader that does not know yet that it is deposed may still commit (§5.4.3); the later ones have that entry.
      for (const leader of history.leaders.values()) {
        if (leader.term <= node.term || leader.head === undefined) continue
        const held = entryBefore(leader.head, event.index)
        if (held === undefined && firstKnown(leader.head) > event.index) continue
        if (held?.term === entry.term) report.held()
        else {
          report.broken(
            `${node.id} commits entry ${event.index} in term ${node.term}; ${leader.node}, leader of term ${leader.term}, lacks it`,
            leader.event,
          )
        }
      }
      return
    }
    if (event.type !== 'role' || event.role !== 'leader') return
    const last = lastCommittedBefore(history, event.term)
    const node = history.node(event.node)
    if (last === undefined || last.entry.index <= node.base) return
    const held = node.at(last.entry.index)
    if (held?.term === last.entry.term) return report.held()
    report.broken(
      `${node.id} leads term ${event.term} without entry ${last.entry.index} of term ${last.entry.term}, which ${last.node} committed in term ${last.inTerm}`,
      last.event,
    )
  },
}

function lastCommittedBefore({ committed }: History, term: number): CommittedEntry | undefined {
  for (let index = committed.length - 1; index > 0; index--) {
    const one = committed[index]
    if (one !== undefined && one.inTerm < term) return one
  }
  return undefined
}

function entryBefore(head: Placed, index: number): Placed | undefined {
  let at: Placed | undefined = head
  while (at !== undefined && at.index > index) at = at.before
  return at?.index === index ? at : undefined
}

function firstKnown(head: Placed): number {
  let at = head
  while (at.before !== undefined) at = at.before
  return at.index
}
