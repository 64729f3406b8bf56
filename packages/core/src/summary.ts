/** Log entries and configurations in few words, for traces. */
import type { Entry } from './entry.ts'
import type { Configuration } from './membership.ts'
import type { RaftState } from './state.ts'
import type { EntrySummary, TraceBody } from './trace.ts'

export function startedEvent(raft: RaftState, entries: readonly Entry[]): TraceBody {
  return {
    type: 'started',
    term: raft.currentTerm,
    votedFor: raft.votedFor,
    snapshotIndex: raft.log.snapshotIndex,
    snapshotTerm: raft.snapshot?.term ?? 0,
    entries: entries.map(entry => summarize(raft, entry)),
    configuration: raft.configuration,
  }
}

export function summarize(raft: RaftState, entry: Entry): EntrySummary {
  return { index: entry.index, term: entry.term, kind: entry.kind, text: textOf(raft, entry) }
}

function textOf(raft: RaftState, entry: Entry): string {
  switch (entry.kind) {
    case 'command':
      return raft.describe(entry.data)
    case 'noop':
      return 'no-op'
    case 'configuration':
      return configurationText(entry.data)
    default:
      return entry satisfies never
  }
}

function configurationText(configuration: Configuration): string {
  const nameOf = (id: string): string => configuration.members.find(member => member.id === id)?.name ?? id
  const voters = configuration.voters.map(nameOf).join(' ')
  return configuration.oldVoters.length === 0 ? voters : `${configuration.oldVoters.map(nameOf).join(' ')} → ${voters}`
}
