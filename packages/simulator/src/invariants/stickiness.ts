/**
 * Beside the numbered ones: "if a server receives a RequestVote request within the minimum election timeout of hearing from
 * a current leader, it does not update its term or grant its vote" (dissertation §4.2.3), unless the leader asked for it.
 * Where leases rest on that, not even a restart makes it free.
 */
import type { RaftOptions, RaftStatus } from '@flotilla/core'
import type { Invariant, InvariantFactory } from './invariant.ts'
import type { NodeView } from './view.ts'

/** As of the latest word of a leader, on the node's own clock. */
interface Heard {
  readonly at: number
  readonly incarnation: number
}

export const stickiness =
  ({ electionTimeoutMs = 0, leaseReads = false, checkQuorum = true }: Partial<RaftOptions>): InvariantFactory =>
  (_ghost, report): Invariant => {
    const heard = new Map<NodeView, Heard>()
    let before: RaftStatus | undefined

    const isBound = (node: NodeView): boolean => {
      const last = heard.get(node)
      if (last === undefined || node.reading - last.at >= electionTimeoutMs) return false
      return leaseReads || (last.incarnation === node.incarnation && before?.leader !== undefined)
    }

    return {
      number: 0,
      name: 'Stickiness',
      receiving(node) {
        before = node.hasMoreToSay ? undefined : node.status
      },
      sent(node, message) {
        if (message.type !== 'RequestPreVoteResult' || !message.granted || before === undefined) return
        // A leader has no other, and without a quorum it may not be one any more: what it heard before its own term is over.
        if (before.role === 'leader' && !checkQuorum) return
        if (isBound(node)) report(`${node.id} would vote for ${message.to}, and has just heard its leader`)
      },
      received(node, message) {
        const { status } = node
        if (status === undefined) return
        switch (message.type) {
          case 'AppendEntries':
          case 'InstallSnapshot':
            if (status.currentTerm === message.term && status.leader === message.from) {
              heard.set(node, { at: node.reading, incarnation: node.incarnation })
            }
            break
          case 'RequestVote': {
            if (message.leadershipTransfer || before === undefined || before.role === 'leader') break
            const hasVoted = status.currentTerm === message.term && status.votedFor === message.from
            // In its leader's own term it may vote: that is for the leader, or for nobody that can win.
            if (hasVoted && message.term > before.currentTerm && isBound(node)) {
              report(`${node.id} votes for ${message.from} in term ${message.term}, and has just heard its leader`)
            }
          }
        }
        before = undefined
      },
      // In the middle of a step it has taken nothing: what others do next is no part of it.
      crashed() {
        before = undefined
      },
    }
  }
