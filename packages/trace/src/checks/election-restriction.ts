import type { Check } from '../check.ts'

/** "The voter denies its vote if its own log is more up-to-date than that of the candidate": by last term, then by length. */
export const electionRestriction: Check = {
  property: 'Election restriction',
  section: '§5.4.1',
  see(event, history, report) {
    if (event.type !== 'vote' || !event.granted || event.preVote || event.candidate === event.node) return
    const voter = history.node(event.node)
    const candidate = history.nodes.get(event.candidate)
    // Only while it stands in that term is its log the one that it asked with.
    if (candidate === undefined || candidate.term !== event.term || candidate.role !== 'candidate') return
    const ours = voter.head
    const theirs = candidate.head
    if (ours === undefined || (theirs === undefined && candidate.base > 0)) return
    const theirTerm = theirs?.term ?? 0
    if (theirTerm > ours.term || (theirTerm === ours.term && candidate.lastIndex >= voter.lastIndex))
      return report.held()
    report.broken(
      `${voter.id}, whose log ends at ${ours.index} in term ${ours.term}, votes for ${candidate.id}, whose log ends at ` +
        `${candidate.lastIndex} in term ${theirTerm}`,
      ours.event,
    )
  },
}
