/** 3. Terms never fall, and none is spoken of before it is durable (figure 2: "latest term server has seen, increases monotonically"). */
import type { InvariantFactory } from './invariant.ts'

export const termMonotone: InvariantFactory = (_ghost, report) => ({
  number: 3,
  name: 'Term Monotone',
  becomingDurable(node, { hardState }) {
    if (hardState !== undefined && hardState.currentTerm < node.durableTerm) {
      report(`the disk of ${node.id} goes from term ${node.durableTerm} back to ${hardState.currentTerm}`)
    }
  },
  stepped(node) {
    const { status, previous } = node
    if (status === undefined) return
    const floor = previous?.currentTerm ?? node.durableTerm
    if (status.currentTerm < floor) report(`${node.id} goes from term ${floor} back to ${status.currentTerm}`)
  },
  sent(node, message) {
    if (message.term > node.durableTerm) {
      report(`${node.id} sends ${message.type} in term ${message.term}; its disk has term ${node.durableTerm}`)
    }
  },
})
