import type { Check } from '../check.ts'

/** "A leader never overwrites or deletes entries in its log; it only appends new entries." */
export const leaderAppendOnly: Check = {
  property: 'Leader Append-Only',
  section: 'figure 3, §5.3',
  see(event, history, report) {
    if (event.type !== 'truncated' && event.type !== 'appended') return
    const node = history.node(event.node)
    if (node.role !== 'leader') return
    const from = event.type === 'truncated' ? event.from : event.entries[0]?.index
    if (from === undefined || from > node.lastIndex) return report.held()
    const lost = node.at(from)
    report.broken(
      `${node.id} leads term ${node.term} and ${event.type === 'truncated' ? 'deletes' : 'overwrites'} its entry ${from}`,
      ...(lost === undefined ? [] : [lost.event]),
    )
  },
}
