/** Plainer circumstances for a failing run: without pre-votes an election takes half as many messages, and large ones are fewer. */
import type { RaftOptions } from '@flotilla/core'
import type { Attempts } from './attempts.ts'

const plain: readonly Partial<RaftOptions>[] = [
  { preVote: false },
  { checkQuorum: false },
  { electionTimeoutStretch: 1 },
  { snapshotChunkBytes: 64 * 1024 },
  { maxEntriesPerMessage: 1024, maxBytesPerMessage: 64 * 1024 },
  { maxInflightMessages: 256, maxInflightBytes: 1024 * 1024 },
]

export function makePlainer(attempts: Attempts): void {
  for (const options of plain) {
    const { recording } = attempts
    // A lease needs the leader to know that it leads.
    if (recording.mix.raftOptions.leaseReads === true && options.checkQuorum === false) continue
    const mix = { ...recording.mix, raftOptions: { ...recording.mix.raftOptions, ...options } }
    attempts.succeeds(attempts.happenings, { ...recording, mix })
  }
}
