/** 1. Election Safety (figure 3): at most one leader in a term, in all of history. */
import type { InvariantFactory } from './invariant.ts'

export const electionSafety: InvariantFactory = (ghost, report) => ({
  number: 1,
  name: 'Election Safety',
  elected(node, term) {
    const other = ghost.leaders.get(term)
    if (other !== undefined) report(`${node.id} leads term ${term}, which ${other.node.id} has led`)
  },
  sent(node, message) {
    if (message.type !== 'AppendEntries' && message.type !== 'InstallSnapshot') return
    const leader = ghost.leaders.get(message.term)
    if (leader?.node !== node) {
      report(`${node.id} sends ${message.type} in term ${message.term}, led by ${leader?.node.id ?? 'nobody'}`)
    }
  },
})
