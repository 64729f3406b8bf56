/** What a leader appends to its own log: commands, its no-op, configurations (§5.3). */
import { configurationChanged } from './configuration.ts'
import { type CommandEntry, type Entry, entryBytes } from './entry.ts'
import type { Proposed, ProposedAll, Refusal } from './io.ts'
import type { RaftState } from './state.ts'
import { summarize } from './summary.ts'

/** How many times `maxUncommittedBytes` may wait for this node's own disk. */
const MOST_UNDURABLE = 4

/** "The leader appends the command to its log as a new entry" (§5.3); `drain` then sends it in parallel with the own disk's write. */
export function propose(raft: RaftState, data: Uint8Array): Proposed {
  return refusal(raft) ?? appendOwn(raft, commandEntry(raft, raft.log.lastIndex + 1, data))
}

/**
 * Many at once: one look at whether they may be, and one run of entries that is persisted, sent and applied as it is. Where
 * `maxUncommittedBytes` are reached in the middle, the rest is left.
 */
export function proposeAll(raft: RaftState, commands: readonly Uint8Array[]): ProposedAll {
  const refused = refusal(raft)
  if (refused !== undefined) return refused
  const { log } = raft
  const entries: CommandEntry[] = []
  let bytes = roomBytes(raft)
  for (const data of commands) {
    if (bytes < 0) break
    const entry = commandEntry(raft, log.lastIndex + 1, data)
    log.append(entry)
    entries.push(entry)
    bytes -= entryBytes(entry)
  }
  if (entries.length > 0) log.shareRun(entries)
  if (raft.tracing && entries.length > 0) {
    raft.emit({ type: 'appended', entries: entries.map(entry => summarize(raft, entry)) })
  }
  return { kind: 'appended', entries }
}

function refusal(raft: RaftState): Refusal | undefined {
  const { leadership, log, commitIndex } = raft
  if (leadership === undefined) return { kind: 'NotLeader', leader: raft.leader }
  if (leadership.transfer !== undefined) return { kind: 'Transferring', to: leadership.transfer.to }
  if (roomBytes(raft) >= 0) return undefined
  return { kind: 'Overloaded', uncommittedBytes: log.bytesBetween(commitIndex, log.lastIndex) }
}

/**
 * How much more may be appended before it is too much; less than nothing if it is. What the others have committed meanwhile
 * does not count, but a disk that stands still does not hold up a log for ever.
 */
function roomBytes({ log, commitIndex, options: { maxUncommittedBytes } }: RaftState): number {
  const uncommitted = log.bytesBetween(commitIndex, log.lastIndex)
  const undurable = log.bytesBetween(log.durableIndex, log.lastIndex)
  return Math.min(maxUncommittedBytes - uncommitted, MOST_UNDURABLE * maxUncommittedBytes - undurable)
}

function commandEntry({ currentTerm }: RaftState, index: number, data: Uint8Array): CommandEntry {
  return { index, term: currentTerm, kind: 'command', data }
}

/** A leader only ever appends to its own log (Leader Append-Only, figure 3). */
export function appendOwn<Own extends Entry>(raft: RaftState, entry: Own): Own {
  raft.log.append(entry)
  if (raft.tracing) raft.emit({ type: 'appended', entries: [summarize(raft, entry)] })
  if (raft.configurations.onAppend(entry)) configurationChanged(raft, 'appended')
  return entry
}
