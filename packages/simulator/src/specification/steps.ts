/**
 * A trace, in the words of the specification (docs/spec/follow.qnt): which of its actions was taken, event by event.
 *
 * Events of one node stand in their order, and what was sent before what was delivered. One thing has to be put right: a message may
 * leave when its sender has moved on, for it waited for the disk, or for the end of a turn. What it says was decided before.
 */
import type { Configuration, MessageSummary, NodeId, Role, TraceEvent } from '@flotilla/core'
import { Entries } from './entries.ts'
import { type Node, nobody, type Step, step } from './quint.ts'

export interface Beginning {
  readonly term: number
  readonly votedFor: Node
  readonly snapshotIndex: number
  readonly snapshotTerm: number
  readonly configuration: Configuration
  readonly entries: readonly string[]
}

export interface Steps {
  /** What each node's disk held when it was first heard of. */
  readonly beginnings: ReadonlyMap<NodeId, Beginning>
  readonly steps: readonly Step[]
}

/** What one node is known to be while its events are read. */
class Told {
  term = 0
  role: Role = 'follower'
  /** Where what was decided in each term, and in each role of it, before the node left it, can still be put in. */
  readonly ends = new Map<string, Step[]>()
}

/** What only a node does of whose disk and log something must be known. */
const decides: ReadonlySet<TraceEvent['type']> = new Set([
  ...(['role', 'term', 'vote', 'appended', 'committed', 'snapshot', 'persisting', 'durable', 'sent'] as const),
])

/** @throws Error if a node is heard of that never said what its disk held: only `started` says so. */
export function stepsOf(events: readonly TraceEvent[], most: number): Steps {
  const beginnings = new Map<NodeId, Beginning>()
  const entries = new Entries(events)
  const nodes = new Map<NodeId, Told>()
  const said = new Set<string>()
  const unasked = !events.some(event => event.type === 'role' && event.role === 'preCandidate')
  /** Step by step; a list stands for what belongs before the step after it. */
  const steps: (Step | Step[])[] = []
  const isNew = (...words: readonly unknown[]): boolean => {
    const key = words.join(' ')
    if (said.has(key)) return false
    said.add(key)
    return true
  }
  const told = (id: NodeId): Told => {
    const known = nodes.get(id) ?? new Told()
    nodes.set(id, known)
    return known
  }
  /** The node leaves its term or its role. */
  const leave = (node: Told): void => {
    const end: Step[] = []
    node.ends.set(`${node.term}`, end)
    node.ends.set(`${node.term} ${node.role}`, end)
    steps.push(end)
  }

  for (const [at, event] of events.entries()) {
    if (at >= most) break
    const { node: id } = event
    const node = told(id)
    if (!beginnings.has(id) && decides.has(event.type))
      throw new Error(
        `${id} does something (event ${at + 1}: ${event.type}) before it has started: the recording began in its midst`,
      )
    switch (event.type) {
      case 'started': {
        const found = entries.listed(event.entries)
        const votedFor = event.votedFor ?? nobody
        leave(node)
        node.term = event.term
        node.role = 'follower'
        if (beginnings.has(id)) {
          steps.push(
            step('restarts', id, { term: event.term, votedFor, snapshot: event.snapshotIndex, entries: found }),
          )
        } else {
          const { term, snapshotIndex, snapshotTerm, configuration } = event
          beginnings.set(id, { term, votedFor, snapshotIndex, snapshotTerm, configuration, entries: found })
        }
        break
      }
      case 'term': {
        leave(node)
        node.term = event.term
        node.role = 'follower'
        if (campaigns(events, at)) {
          node.role = 'candidate'
          steps.push(step('campaigns', id, { term: event.term, unasked }))
        } else steps.push(step('adoptsTerm', id, { term: event.term }))
        break
      }
      case 'role':
        if (event.role === 'candidate') break
        if (event.role !== 'leader') leave(node)
        node.role = event.role
        if (event.role === 'leader') steps.push(step('leads', id, { term: event.term }))
        else steps.push(step(event.role === 'preCandidate' ? 'preCampaigns' : 'stepsDown', id, {}))
        break
      case 'vote':
        if (!event.granted || event.candidate === id) break
        steps.push(
          step(event.preVote ? 'grantsPreVote' : 'grantsVote', id, { candidate: event.candidate, term: event.term }),
        )
        break
      case 'appended':
        if (node.role === 'leader') {
          for (const entry of event.entries)
            steps.push(step('proposes', id, { index: entry.index, entry: entries.one(entry) }))
        } else {
          const first = event.entries[0]?.index ?? 0
          steps.push(step('appends', id, { first, entries: entries.listed(event.entries) }))
        }
        break
      case 'committed':
        steps.push(step(isRemembered(events, at) ? 'remembers' : 'commits', id, { index: event.index }))
        break
      case 'snapshot':
        steps.push(
          step(event.action === 'taken' ? 'takesSnapshot' : 'installs', id, { index: event.index, term: event.term }),
        )
        break
      case 'persisting':
        steps.push(step('writes', id, { last: event.lastIndex }))
        break
      case 'durable': {
        const { term, votedFor = nobody, lastIndex: last } = event
        steps.push(step('flushes', id, { term, votedFor, last }))
        break
      }
      case 'delivered':
        if (event.message.type === 'ReadIndex' && node.role === 'leader')
          steps.push(step('asksRead', id, { asker: event.message.from }))
        break
      case 'sent': {
        const { message } = event
        const { term } = message
        const role = roleThatSays(message)
        const isLate = term !== node.term || (role !== undefined && role !== node.role)
        const before = isLate ? (node.ends.get(role === undefined ? `${term}` : `${term} ${role}`) ?? steps) : steps
        const [decided, leaves] = role === undefined ? answers(message, events, at) : sayings(message, isNew)
        before.push(...decided)
        steps.push(...leaves)
        if (message.type !== 'RequestPreVote' && isNew('tells', message.to, term))
          steps.push(step('tells', id, { to: message.to, term }))
        break
      }
      default:
    }
  }
  return { beginnings, steps: steps.flat() }
}

/** Only a leader or a candidate says these. */
function roleThatSays({ type }: MessageSummary): Role | undefined {
  if (type === 'RequestVote') return 'candidate'
  return type === 'AppendEntries' || type === 'InstallSnapshot' || type === 'TimeoutNow' ? 'leader' : undefined
}

type Said = readonly [decided: readonly Step[], leaves: readonly Step[]]

function sayings(
  { type, from, to, term, index = 0, size }: MessageSummary,
  isNew: (...words: readonly unknown[]) => boolean,
): Said {
  switch (type) {
    case 'AppendEntries':
      return [[step('sendsAppend', from, { to, term, prevIndex: index, count: size })], []]
    case 'InstallSnapshot':
      return [isNew('installs', from, to, term, index) ? [step('sendsSnapshot', from, { to, term, index })] : [], []]
    case 'TimeoutNow':
      return [[step('handsOver', from, { to, term })], []]
    default:
      return [[step('asksVote', from, { to, term, last: index })], [step('saysRequest', from, { to, term })]]
  }
}

/** What was decided, and that the answer left: it may have waited for the disk in between. */
function answers(
  { type, from, to, term, index = 0, granted = false }: MessageSummary,
  events: readonly TraceEvent[],
  at: number,
): Said {
  if (type === 'RequestPreVote') return [[], [step('asksPreVote', from, { to, term: term + 1, last: index })]]
  if (!granted) return [[], []]
  switch (type) {
    case 'RequestVoteResult':
      return [[], [step('saysVote', from, { to, term })]]
    case 'RequestPreVoteResult': {
      const asked = preVoteGranted(events, at, from, to)
      return [[], asked === undefined ? [] : [step('saysPreVote', from, { to, term: asked })]]
    }
    case 'AppendEntriesResult':
      // "Has all to 0" promises nothing.
      if (index === 0) return [[], []]
      return [
        [step('accepts', from, { leader: to, term, index })],
        [step('saysAccepted', from, { leader: to, term, index })],
      ]
    case 'ReadIndexResult':
      return [[], [step('answersRead', from, { asker: to, index })]]
    default:
      return [[], []]
  }
}

/** A granted pre-vote's message does not say for which term; the decision before it does. */
function preVoteGranted(events: readonly TraceEvent[], at: number, from: NodeId, to: NodeId): number | undefined {
  for (let i = at - 1; i >= 0; i--) {
    const event = events[i]
    if (event?.node === from && event.type === 'vote' && event.preVote && event.granted && event.candidate === to)
      return event.term
  }
  return undefined
}

/** A term that begins with a vote for itself is its own. */
function campaigns(events: readonly TraceEvent[], at: number): boolean {
  const { node } = events[at] ?? {}
  for (let i = at + 1; i < events.length; i++) {
    const event = events[i]
    if (event?.node !== node || event === undefined) continue
    if (event.type === 'vote') return event.candidate === node && !event.preVote
    if (event.type === 'term' || event.type === 'sent' || event.type === 'persisting') return false
  }
  return false
}

/** Right after a start the disk says what it knows to be committed. */
function isRemembered(events: readonly TraceEvent[], at: number): boolean {
  const { node } = events[at] ?? {}
  for (let i = at - 1; i >= 0; i--) if (events[i]?.node === node) return events[i]?.type === 'started'
  return false
}
