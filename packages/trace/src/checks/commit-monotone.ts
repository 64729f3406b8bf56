import type { Check } from '../check.ts'

/** The commit index "increases monotonically", and never passes the end of the log. */
export const commitMonotone: Check = {
  property: 'The commit index only grows',
  section: 'figure 2',
  see(event, history, report) {
    if (event.type !== 'committed') return
    const node = history.node(event.node)
    if (event.index < node.commitIndex) {
      report.broken(
        `${node.id} commits up to ${event.index}, and had committed up to ${node.commitIndex}`,
        node.commitEvent,
      )
    } else if (event.index > node.lastIndex) {
      report.broken(`${node.id} commits up to ${event.index}, and its log ends at ${node.lastIndex}`)
    } else report.held()
  },
}
