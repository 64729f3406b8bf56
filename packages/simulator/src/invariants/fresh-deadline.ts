/** Beside the numbered ones: whoever hears its leader does not campaign for an election timeout from then on (§5.2). */
import type { RaftOptions } from '@flotilla/core'
import type { InvariantFactory } from './invariant.ts'

export const freshDeadline =
  ({ electionTimeoutMs = 0 }: Partial<RaftOptions>): InvariantFactory =>
  (_ghost, report) => ({
    number: 0,
    name: 'Fresh Deadline',
    received(node, message) {
      if (message.type !== 'AppendEntries' && message.type !== 'InstallSnapshot') return
      const { status, deadline, reading } = node
      if (status?.currentTerm !== message.term || status.leader !== message.from) return
      // Rounding may take a hair.
      if (deadline - reading < electionTimeoutMs - 1e-3) {
        report(`${node.id} hears ${message.from}, and would campaign after ${(deadline - reading).toFixed(1)} ms`)
      }
    },
  })
