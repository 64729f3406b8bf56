/** What a leader appends to its own log: commands, its no-op, configurations (§5.3). */
import { configurationChanged } from './configuration.ts'
import type { Entry } from './entry.ts'
import type { Proposed } from './io.ts'
import type { RaftState } from './state.ts'
import { summarize } from './summary.ts'

/** "The leader appends the command to its log as a new entry" (§5.3); `drain` then sends it in parallel with the own disk's write. */
export function propose(raft: RaftState, data: Uint8Array): Proposed {
  const { leadership } = raft
  if (leadership === undefined) return { kind: 'NotLeader', leader: raft.leader }
  if (leadership.transfer !== undefined) return { kind: 'Transferring', to: leadership.transfer.to }
  const uncommittedBytes = bytesUncommitted(raft)
  if (uncommittedBytes > raft.options.maxUncommittedBytes) return { kind: 'Overloaded', uncommittedBytes }

  return appendOwn(raft, {
    index: raft.log.lastIndex + 1,
    term: raft.currentTerm,
    kind: 'command',
    data,
  })
}

/** No less than it is, and exact where it matters: counting takes time, and what is not applied yet is counted already. */
function bytesUncommitted({ log, commitIndex, options }: RaftState): number {
  const { unappliedBytes } = log
  return unappliedBytes <= options.maxUncommittedBytes ? unappliedBytes : log.bytesOf(commitIndex + 1, log.lastIndex)
}

/** A leader only ever appends to its own log (Leader Append-Only, figure 3). */
export function appendOwn(raft: RaftState, entry: Entry): Entry {
  raft.log.append(entry)
  if (raft.tracing) raft.emit({ type: 'appended', entries: [summarize(raft, entry)] })
  if (raft.configurations.onAppend(entry)) configurationChanged(raft, 'appended')
  return entry
}
