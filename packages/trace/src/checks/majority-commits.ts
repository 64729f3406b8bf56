import type { Check } from '../check.ts'

/** "A log entry is committed once the leader that created the entry has replicated it on a majority of the servers." */
export const majorityCommits: Check = {
  property: 'A majority commits',
  section: '§5.3',
  see(event, history, report) {
    if (event.type !== 'committed' || history.majority === undefined) return
    const leader = history.node(event.node)
    const entry = leader.at(event.index)
    if (leader.role !== 'leader' || event.index <= leader.commitIndex || entry === undefined) return
    const holders = (history.voters ?? []).filter(id => {
      const node = history.nodes.get(id)
      return node !== undefined && (node.base >= event.index || node.at(event.index)?.term === entry.term)
    })
    if (holders.length >= history.majority) return report.held()
    report.broken(
      `${leader.id} commits up to entry ${event.index}, which ${holders.length} of ${history.voters?.length} have ` +
        `(${holders.join(', ')}); ${history.majority} are a majority`,
      entry.event,
    )
  },
}
