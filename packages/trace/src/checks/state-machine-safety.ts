import type { Check } from '../check.ts'

/** "If a server has applied a log entry at a given index, no other server will ever apply a different log entry for that index." */
export const stateMachineSafety: Check = {
  property: 'State Machine Safety',
  section: 'figure 3, §5.4.3',
  see(event, history, report) {
    if (event.type === 'applied') {
      const { id, commitIndex, commitEvent } = history.node(event.node)
      if (event.index <= commitIndex) report.held()
      else report.broken(`${id} applies entry ${event.index}, and has committed up to ${commitIndex}`, commitEvent)
      return
    }
    if (event.type !== 'committed') return
    const node = history.node(event.node)
    for (let index = node.commitIndex + 1; index <= event.index; index++) {
      const first = history.committed[index]
      const ours = node.at(index)
      if (first === undefined || ours === undefined) continue
      if (first.entry.term === ours.term && first.entry.text === ours.text) report.held()
      else {
        report.broken(
          `${node.id} commits «${ours.text}» of term ${ours.term} at ${index}, where ${first.node} committed «${first.entry.text}» of term ${first.entry.term}`,
          first.event,
        )
      }
    }
  },
}
