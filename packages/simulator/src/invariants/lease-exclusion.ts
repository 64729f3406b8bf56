/**
 * Beside the numbered ones: when somebody is elected, no leader of an earlier term may still read by its lease (dissertation
 * §6.4.1). It would not see what the new one writes.
 */
import type { RaftOptions } from '@flotilla/core'
import type { InvariantFactory } from './invariant.ts'
import { Rounds } from './rounds.ts'
import type { NodeView } from './view.ts'

export const leaseExclusion =
  ({ electionTimeoutMs = 0, clockDriftBound = 1 }: Partial<RaftOptions>): InvariantFactory =>
  (ghost, report) => {
    const rounds = new Rounds()
    /** A transfer ends the lease for the whole term. */
    const handedOver = new Map<NodeView, number>()
    const lastsMs = electionTimeoutMs / clockDriftBound
    return {
      number: 0,
      name: 'Lease Exclusion',
      stepped(node) {
        if (node.status?.transferringTo !== undefined) handedOver.set(node, node.status.currentTerm)
      },
      sent(node, message) {
        rounds.sent(node, message, ghost.messages)
        if (message.type === 'TimeoutNow') handedOver.set(node, message.term)
      },
      receiving(node, message) {
        rounds.received(node, message)
      },
      elected(node, term) {
        for (const other of ghost.nodes.values()) {
          const { status } = other
          if (other === node || !other.up || status?.role !== 'leader' || status.currentTerm >= term) continue
          if (handedOver.get(other) === status.currentTerm) continue
          const now = ghost.readClock(other.id)
          // The only voter needs nobody's promise, and nobody else is elected while it is.
          if (rounds.isConfirmed(other, ({ reading }) => now - reading < lastsMs)) {
            report(
              `${node.id} leads term ${term}, and ${other.id} may still read as the leader of ${status.currentTerm}`,
            )
          }
        }
      },
    }
  }
