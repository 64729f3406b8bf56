/**
 * Beside the numbered ones: when somebody is elected, no leader of an earlier term may still read by its lease (dissertation
 * §6.4.1). It would not see what the new one writes.
 */
import type { RaftOptions } from '@flotilla/core'
import type { InvariantFactory } from './invariant.ts'
import { Leases } from './leases.ts'
import { Rounds } from './rounds.ts'

export const leaseExclusion =
  ({ electionTimeoutMs = 0, clockDriftBound = 1 }: Partial<RaftOptions>): InvariantFactory =>
  (ghost, report) => {
    const rounds = new Rounds()
    const leases = new Leases(rounds, electionTimeoutMs / clockDriftBound)
    return {
      number: 0,
      name: 'Lease Exclusion',
      stepped(node) {
        leases.stepped(node)
      },
      sent(node, message) {
        rounds.sent(node, message, ghost.messages)
        leases.sent(node, message)
      },
      receiving(node, message) {
        rounds.received(node, message)
      },
      elected(node, term) {
        for (const other of ghost.nodes.values()) {
          const { status } = other
          if (other === node || !other.up || status?.role !== 'leader' || status.currentTerm >= term) continue
          // The only voter needs nobody's promise, and nobody else is elected while it is.
          if (leases.isHeld(other, ghost.readClock(other.id))) {
            report(
              `${node.id} leads term ${term}, and ${other.id} may still read as the leader of ${status.currentTerm}`,
            )
          }
        }
      },
    }
  }
