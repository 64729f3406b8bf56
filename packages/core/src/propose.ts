/** What a leader appends to its own log: commands, its no-op, configurations (§5.3). */
import { configurationChanged } from './configuration.ts'
import type { Entry } from './entry.ts'
import type { Proposed } from './io.ts'
import type { RaftState } from './state.ts'
import { summarize } from './summary.ts'

/** How many times `maxUncommittedBytes` may wait for this node's own disk. */
const MOST_UNDURABLE = 4

/** "The leader appends the command to its log as a new entry" (§5.3); `drain` then sends it in parallel with the own disk's write. */
export function propose(raft: RaftState, data: Uint8Array): Proposed {
  const { leadership } = raft
  if (leadership === undefined) return { kind: 'NotLeader', leader: raft.leader }
  if (leadership.transfer !== undefined) return { kind: 'Transferring', to: leadership.transfer.to }
  const uncommittedBytes = raft.log.bytesBetween(raft.commitIndex, raft.log.lastIndex)
  if (isOverloaded(raft, uncommittedBytes)) return { kind: 'Overloaded', uncommittedBytes }

  return appendOwn(raft, {
    index: raft.log.lastIndex + 1,
    term: raft.currentTerm,
    kind: 'command',
    data,
  })
}

/** What the others have committed meanwhile does not count, but a disk that stands still does not hold up a log for ever. */
function isOverloaded({ log, options }: RaftState, uncommittedBytes: number): boolean {
  const { maxUncommittedBytes } = options
  if (uncommittedBytes > maxUncommittedBytes) return true
  return log.bytesBetween(log.durableIndex, log.lastIndex) > MOST_UNDURABLE * maxUncommittedBytes
}

/** A leader only ever appends to its own log (Leader Append-Only, figure 3). */
export function appendOwn(raft: RaftState, entry: Entry): Entry {
  raft.log.append(entry)
  if (raft.tracing) raft.emit({ type: 'appended', entries: [summarize(raft, entry)] })
  if (raft.configurations.onAppend(entry)) configurationChanged(raft, 'appended')
  return entry
}
