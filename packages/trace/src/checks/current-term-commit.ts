import type { Check } from '../check.ts'

/** "Only log entries from the leader's current term are committed by counting replicas." */
export const currentTermCommit: Check = {
  property: 'Only the own term is counted',
  section: '§5.4.2, figure 8',
  see(event, history, report) {
    if (event.type !== 'committed') return
    const node = history.node(event.node)
    const entry = node.at(event.index)
    if (node.role !== 'leader' || event.index <= node.commitIndex || entry === undefined) return
    if (entry.term === node.term) return report.held()
    report.broken(
      `${node.id}, leader of term ${node.term}, commits up to entry ${event.index}, which is of term ${entry.term}`,
      entry.event,
    )
  },
}
