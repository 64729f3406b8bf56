import type { Check } from '../check.ts'

/** What a node knows to be committed is never deleted from its log again, nor replaced. */
export const committedStays: Check = {
  property: 'Committed entries stay',
  section: '§5.3, §5.4',
  see(event, history, report) {
    if (event.type !== 'truncated' && event.type !== 'appended') return
    const node = history.node(event.node)
    const from = event.type === 'truncated' ? event.from : event.entries[0]?.index
    if (from === undefined) return
    if (from > node.commitIndex) return report.held()
    // Telling again of an entry that is there already replaces nothing.
    const told = event.type === 'appended' ? event.entries : undefined
    if (told?.every(({ index, term }) => index > node.commitIndex || (node.at(index)?.term ?? term) === term)) return
    report.broken(`${node.id} deletes entry ${from}, and has committed up to ${node.commitIndex}`, node.commitEvent)
  },
}
