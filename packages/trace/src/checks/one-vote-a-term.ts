import type { Check } from '../check.ts'

/** "Each server will vote for at most one candidate in a given term": a restart does not give the vote back. */
export const oneVoteATerm: Check = {
  property: 'One vote a term',
  section: '§5.2',
  see(event, history, report) {
    if (event.type === 'started' && history.tellsOfDisks) {
      const { id, disk, termEvent } = history.node(event.node)
      if (disk.votedFor === undefined || event.term !== disk.term) return
      if (event.votedFor === disk.votedFor) return report.held()
      return report.broken(`${id} restarts in term ${disk.term} without its vote for ${disk.votedFor}`, termEvent)
    }
    if (event.type !== 'vote' || !event.granted || event.preVote) return
    const earlier = history.node(event.node).votes.get(event.term)
    if (earlier === undefined || earlier.candidate === event.candidate) return report.held()
    const { node, term, candidate } = event
    report.broken(
      `${node} votes for ${candidate} in term ${term}, and has voted for ${earlier.candidate}`,
      earlier.event,
    )
  },
}
