import type { Check } from '../check.ts'

/** "At most one leader can be elected in a given term." */
export const electionSafety: Check = {
  property: 'Election Safety',
  section: 'figure 3, §5.2',
  see(event, history, report) {
    if (event.type !== 'role' || event.role !== 'leader') return
    const other = history.leaders.get(event.term)
    if (other === undefined || other.node === event.node) return report.held()
    report.broken(`${event.node} leads term ${event.term}, which ${other.node} leads already`, other.event)
  },
}
