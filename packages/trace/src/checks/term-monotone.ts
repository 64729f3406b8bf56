import type { Check } from '../check.ts'

/** "Current terms … increase monotonically": within a life, and over a restart, because the term is on disk. */
export const termMonotone: Check = {
  property: 'Terms only grow',
  section: 'figure 2, §5.1',
  see(event, history, report) {
    if (event.type !== 'term' && event.type !== 'role' && event.type !== 'started') return
    const { id, term: reached, disk, termEvent } = history.node(event.node)
    const term = event.type === 'started' && history.tellsOfDisks ? disk.term : reached
    if (event.term >= term) return report.held()
    const how = event.type === 'started' ? 'restarts in' : 'goes to'
    report.broken(`${id} ${how} term ${event.term}, and was in term ${term}`, termEvent)
  },
}
