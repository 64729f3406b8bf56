import type { Check } from '../check.ts'

/** "A candidate wins an election if it receives votes from a majority of the servers in the full cluster for the same term." */
export const majorityElects: Check = {
  property: 'A majority elects',
  section: '§5.2',
  see(event, history, report) {
    if (event.type !== 'role' || event.role !== 'leader' || history.majority === undefined) return
    const votes = (history.voters ?? []).flatMap(id => {
      const vote = history.nodes.get(id)?.votes.get(event.term)
      return vote === undefined ? [] : [vote]
    })
    // A trace that tells of no votes at all leaves this undecided.
    if (votes.length === 0) return
    const own = votes.filter(({ candidate }) => candidate === event.node)
    if (own.length >= history.majority) return report.held()
    const numbers = own.map(vote => vote.event).sort((a, b) => a - b)
    report.broken(
      `${event.node} leads term ${event.term} with ${own.length} of ${history.voters?.length} votes; ${history.majority} are a majority`,
      ...numbers,
    )
  },
}
