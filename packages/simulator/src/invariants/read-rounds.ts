/**
 * Beside the numbered ones: a read is ready only after a majority has answered its leader a message that was sent after the
 * leader was asked (dissertation §6.4). Until then another may have been elected before. Or, where leaders read by leases,
 * while a majority has promised to elect nobody else (§6.4.1), and this leader has not handed over.
 */
import type { NodeId, RaftOptions } from '@flotilla/core'
import type { InvariantFactory } from './invariant.ts'
import { Leases } from './leases.ts'
import { Rounds } from './rounds.ts'
import type { NodeView } from './view.ts'

export const readRounds =
  ({ leaseReads = false, electionTimeoutMs = 0, clockDriftBound = 1 }: Partial<RaftOptions>): InvariantFactory =>
  (ghost, report) => {
    const rounds = new Rounds()
    const leases = leaseReads ? new Leases(rounds, electionTimeoutMs / clockDriftBound) : undefined
    /** How many messages had been sent when a leader was first asked, by asker and read. */
    const askedAt = new Map<NodeView, Map<string, number>>()
    const key = (from: NodeId, context: number): string => `${from} ${context}`

    const check = (leader: NodeView, asked: number, who: string): void => {
      if (rounds.isConfirmed(leader, ({ messages }) => messages >= asked)) return
      if (leases?.isHeld(leader, leader.steppedAt)) return
      report(`${leader.id} answers a read of ${who} without a majority's word since it was asked`)
    }

    return {
      number: 0,
      name: 'Read Rounds',
      stepped(node) {
        leases?.stepped(node)
      },
      receiving(node, message) {
        rounds.received(node, message)
        if (message.type !== 'ReadIndex') return
        const known = askedAt.get(node) ?? new Map<string, number>()
        askedAt.set(node, known)
        const read = key(message.from, message.context)
        if (!known.has(read)) known.set(read, ghost.messagesSoFar())
      },
      sent(node, message) {
        rounds.sent(node, message, ghost.messages)
        leases?.sent(node, message)
        if (message.type !== 'ReadIndexResult' || message.readIndex === 0) return
        const asked = askedAt.get(node)?.get(key(message.to, message.context))
        if (asked === undefined) report(`${node.id} answers ${message.to} a read that it was not asked`)
        else check(node, asked, message.to)
      },
      readReady(node, _index, _commitAtCall, messagesAtCall) {
        if (node.status?.role === 'leader') check(node, messagesAtCall, 'its own')
      },
    }
  }
