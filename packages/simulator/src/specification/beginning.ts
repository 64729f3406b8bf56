/** What a node's disk held when it was first heard of, and where one stands that has lived before (core's standing.ts tells that). */
import type { Configuration, EntrySummary, Role, TraceEvent } from '@flotilla/core'
import { configurationText, type Entries } from './entries.ts'
import { nobody, record, type Step, set, step } from './quint.ts'

export type Started = Extract<TraceEvent, { readonly type: 'started' }>

export interface Beginning {
  readonly term: number
  readonly votedFor: string
  readonly snapshotIndex: number
  readonly snapshotTerm: number
  readonly configuration: Configuration | undefined
  readonly entries: readonly string[]
}

/** Before a node is heard of. */
export const nothing: Beginning = {
  term: 0,
  votedFor: nobody,
  snapshotIndex: 0,
  snapshotTerm: 0,
  configuration: undefined,
  entries: [],
}

export function beginningOf(started: Started, entries: Entries, pending: readonly EntrySummary[] = []): Beginning {
  const { term, votedFor = nobody, snapshotIndex, snapshotTerm, configuration } = started
  const log = [...started.entries, ...pending]
  const first = log[0]?.index ?? snapshotIndex + 1
  if (first !== snapshotIndex + 1)
    throw new Error(
      `${started.node} tells its log from entry ${first} on, and its snapshot ends with ${snapshotIndex}: what is between is not known`,
    )
  return { term, votedFor, snapshotIndex, snapshotTerm, configuration, entries: entries.listed(log) }
}

export function stable({ term, votedFor, snapshotIndex, snapshotTerm, configuration, entries }: Beginning): string {
  const start = record({
    index: snapshotIndex,
    term: snapshotTerm,
    configuration: { quint: configurationText(entries.length > 0 && snapshotIndex === 0 ? undefined : configuration) },
  })
  const log = record({ start: { quint: start }, snapshot: snapshotIndex, entries })
  return record({ term, votedFor, log: { quint: log } })
}

export function enters(
  node: string,
  beginning: Beginning,
  role: Role,
  commit: number,
  { matched, votes, preVotes }: Readonly<Record<'matched' | 'votes' | 'preVotes', readonly string[]>> = noAnswers,
): Step {
  return step('enters', node, {
    stable: { quint: stable(beginning) },
    role: { quint: `${role.charAt(0).toUpperCase()}${role.slice(1)}` },
    commit,
    matched: { quint: `Set(${matched.join(', ')})` },
    votes: { quint: set(votes) },
    preVotes: { quint: set(preVotes) },
  })
}

const noAnswers = { matched: [], votes: [], preVotes: [] }

/** By this a node that has lived before tells of itself. */
const MIDST = 'told to a late watcher'
const parts: ReadonlySet<TraceEvent['type']> = new Set([
  ...(['appended', 'configuration', 'committed', 'role', 'leader', 'voteCounted', 'progress'] as const),
])

export interface Standing {
  readonly enters: Step
  readonly role: Role
  /** The events that tell it, by their places. */
  readonly told: ReadonlySet<number>
  readonly lastIndex: number
}

/** `undefined`: the node begins here, or begins again. */
export function standingAt(
  events: readonly TraceEvent[],
  at: number,
  started: Started,
  entries: Entries,
): Standing | undefined {
  const told = new Set<number>()
  const pending: EntrySummary[] = []
  const matched: string[] = []
  const votes: string[] = []
  const preVotes: string[] = []
  let role: Role | undefined
  let commit: number | undefined
  for (let i = at + 1; i < events.length; i++) {
    const event = events[i]
    if (event === undefined || event.node !== started.node) continue
    if (!parts.has(event.type)) break
    if (event.type === 'committed') {
      if (event.reason !== MIDST) break
      commit = event.index
    }
    if (event.type === 'role') {
      if (event.reason !== MIDST) break
      role = event.role
    }
    if (event.type === 'appended') {
      if (commit !== undefined) break
      pending.push(...event.entries)
    }
    if (event.type === 'voteCounted' && event.granted) (event.preVote ? preVotes : votes).push(event.from)
    if (event.type === 'progress' && event.matchIndex > 0)
      matched.push(record({ follower: event.follower, index: event.matchIndex }))
    told.add(i)
  }
  if (role === undefined || commit === undefined) return undefined
  const beginning = beginningOf(started, entries, pending)
  const stands = enters(started.node, beginning, role, commit, { matched, votes, preVotes })
  return { enters: stands, role, told, lastIndex: beginning.snapshotIndex + beginning.entries.length }
}
