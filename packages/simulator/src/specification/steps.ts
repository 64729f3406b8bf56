/**
 * A trace, in the words of the specification (docs/spec/follow.qnt): which of its actions was taken, event by event.
 *
 * Events of one node stand in their order, and what was sent before what was delivered. One thing has to be put right: a message may
 * leave when its sender has moved on, for it waited for the disk, or for the end of a turn. What it says was decided before.
 */
import type { MessageSummary, NodeId, Role, TraceEvent } from '@flotilla/core'
import { type Beginning, beginningOf, enters, nothing, stable, standingAt } from './beginning.ts'
import { configurationText, Entries } from './entries.ts'
import { nobody, type Step, step } from './quint.ts'
import { heardOf, Untold } from './untold.ts'

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
  /** The terms that it led, as far as was told. */
  readonly led = new Set<number>()
  /** The terms in which a leader's words reached it of which nobody told what they were. */
  readonly blind = new Set<number>()
  /** Writes whose beginning was told. */
  readonly tokens = new Set<number>()
  lives = 0
  /** Before that its log is forgotten. */
  snapshotIndex = 0
  /** It was first heard of in the midst of a life, … */
  hasEntered = false
  /** … which is this one, and this is where it stood. */
  midst: { readonly term: number; readonly lastIndex: number; isSettled: boolean } | undefined
}

/** What only a node does of whose disk and log something must be known. */
const decides: ReadonlySet<TraceEvent['type']> = new Set([
  ...(['role', 'term', 'vote', 'appended', 'committed', 'snapshot', 'persisting', 'durable', 'sent'] as const),
])

/** @throws Error if a node is heard of that never said what its disk held: only `started` says so. */
export function stepsOf(events: readonly TraceEvent[], most: number): Steps {
  const beginnings = new Map<NodeId, Beginning>()
  const entries = new Entries(events)
  const untold = new Untold(events)
  /** Events that tell where a node stands, and no step. */
  const standing = new Set<number>()
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

  /** It leaves its sender, who may have moved on since it was decided. */
  const leaves = (message: MessageSummary, at: number): void => {
    const { from, to, term, type, index = 0 } = message
    const node = told(from)
    const role = roleThatSays(message)
    // What a follower acknowledges it accepted before it campaigned.
    const decidedAs = role ?? (type === 'AppendEntriesResult' ? 'follower' : undefined)
    const isLate = term !== node.term || (decidedAs !== undefined && decidedAs !== node.role)
    const before = isLate ? (node.ends.get(`${term} ${decidedAs}`) ?? node.ends.get(`${term}`) ?? steps) : steps
    // Entries behind a snapshot may be kept for who lags; a node that tells where it stands does not tell them.
    if (type === 'AppendEntries' && node.midst !== undefined && index < node.snapshotIndex) told(to).blind.add(term)
    else {
      const [decided, said] =
        role === undefined ? answers(message, events, at, canBeOlder(message)) : sayings(message, isNew)
      before.push(...decided)
      steps.push(...said)
    }
    if (type !== 'RequestPreVote' && isNew('tells', to, term)) steps.push(step('tells', from, { to, term }))
  }
  /** What its sender acknowledges may have reached it before, or without, that being told. */
  const canBeOlder = ({ from, term, index = 0 }: MessageSummary): boolean => {
    const { blind, midst } = told(from)
    return blind.has(term) || (midst?.term === term && index <= midst.lastIndex)
  }
  /** It arrives, and nobody told that it was sent. */
  const arrives = (message: MessageSummary, at: number): void => {
    const { from, to, term, type, index = 0 } = message
    const sender = told(from)
    const isLeaders = type === 'AppendEntries' || type === 'InstallSnapshot'
    if (type === 'AppendEntries' && sender.led.has(term) && index >= sender.snapshotIndex) return leaves(message, at)
    if (isLeaders) told(to).blind.add(term)
    steps.push(...heardOf(message, told(to).term))
    if (type !== 'RequestPreVote' && isNew('tells', to, term)) steps.push(step('termUnseen', to, { term }))
  }

  for (const [at, event] of events.entries()) {
    if (at >= most) break
    if (standing.has(at)) continue
    const { node: id } = event
    const node = told(id)
    if (!beginnings.has(id) && decides.has(event.type))
      throw new Error(
        `${id} does something (event ${at + 1}: ${event.type}) before it has started: the recording began in its midst`,
      )
    switch (event.type) {
      case 'started': {
        const { term, snapshotIndex, votedFor = nobody } = event
        const { midst } = node
        leave(node)
        node.term = term
        node.role = 'follower'
        node.snapshotIndex = snapshotIndex
        node.midst = undefined
        node.tokens.clear()
        node.lives += 1
        const stands = standingAt(events, at, event, entries)
        if (stands !== undefined) {
          if (!beginnings.has(id)) beginnings.set(id, nothing)
          for (const place of stands.told) standing.add(place)
          steps.push(stands.enters)
          node.role = stands.role
          node.hasEntered = true
          node.midst = { term, lastIndex: stands.lastIndex, isSettled: false }
          if (stands.role === 'leader') node.led.add(term)
        } else if (!beginnings.has(id)) {
          const beginning = beginningOf(event, entries)
          // What its snapshot holds was committed before the recording.
          beginnings.set(id, snapshotIndex > 0 ? nothing : beginning)
          if (snapshotIndex > 0) steps.push(enters(id, beginning, 'follower', snapshotIndex))
        } else if (midst?.isSettled === false) {
          steps.push(step('findsUnseen', id, { stable: { quint: stable(beginningOf(event, entries)) } }))
        } else {
          const found = entries.listed(event.entries)
          steps.push(step('restarts', id, { term, votedFor, snapshot: snapshotIndex, entries: found }))
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
        if (event.role === 'leader') {
          node.led.add(event.term)
          steps.push(step('leads', id, { term: event.term }))
        } else steps.push(step(event.role === 'preCandidate' ? 'preCampaigns' : 'stepsDown', id, {}))
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
          const how = node.blind.has(node.term) ? 'appendsUnseen' : 'appends'
          steps.push(step(how, id, { first, entries: entries.listed(event.entries) }))
        }
        break
      case 'committed':
        if (isRemembered(events, at)) {
          // What a disk remembers of before the recording nobody else need have told.
          steps.push(step(node.lives === 1 ? 'commitsUnseen' : 'remembers', id, { index: event.index }))
        } else {
          const isBlind = node.role !== 'leader' && node.blind.has(node.term)
          steps.push(step(isBlind ? 'commitsUnseen' : 'commits', id, { index: event.index }))
        }
        break
      case 'snapshot':
        if (event.action === 'installed' && node.blind.has(node.term)) {
          const configuration = { quint: configurationText(entries.installed(events, at)) }
          steps.push(step('installsUnseen', id, { index: event.index, term: event.term, configuration }))
          break
        }
        steps.push(
          step(event.action === 'taken' ? 'takesSnapshot' : 'installs', id, { index: event.index, term: event.term }),
        )
        break
      case 'persisting':
        node.tokens.add(event.token)
        steps.push(step('writes', id, { last: event.lastIndex }))
        break
      case 'durable': {
        const { term, votedFor = nobody, lastIndex: last } = event
        // Begun before the node was heard of: what it had on its way counts as there.
        if (node.midst !== undefined && !node.tokens.has(event.token)) break
        if (node.midst !== undefined) node.midst.isSettled = true
        steps.push(step('flushes', id, { term, votedFor, last }))
        break
      }
      case 'delivered': {
        const { message } = event
        const sender = told(message.from)
        if (untold.has(message, at, beginnings.has(message.from) && !sender.hasEntered)) arrives(message, at)
        if (message.type === 'ReadIndex' && node.role === 'leader' && readsAreTold(node))
          steps.push(step('asksRead', id, { asker: message.from }))
        break
      }
      case 'sent':
        if (event.message.type !== 'ReadIndexResult' || readsAreTold(node)) leaves(event.message, at)
        break
      default:
    }
  }
  return { beginnings, steps: steps.flat() }
}

/** A leader that was met leading may answer reads of which nobody told that they were asked. */
const readsAreTold = ({ midst, led, term }: Told): boolean =>
  midst === undefined || midst.term !== term || !led.has(term)

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
  canBeOlder: boolean,
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
        [step(canBeOlder ? 'acceptsOlder' : 'accepts', from, { leader: to, term, index })],
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
