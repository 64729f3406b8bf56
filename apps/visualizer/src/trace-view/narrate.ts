/**
 * What happened, in one sentence for a whole room to read. Only the node that acts speaks: what three nodes report about
 * one election is one sentence, the winner's.
 */
import type { Configuration, EntrySummary, NodeId, TraceEvent } from '@flotilla/core'
import { phrase } from '../words/phrase.ts'
import { story } from '../words/story.ts'
import { isCrowd } from './crowd.ts'
import { entryWords } from './entry-words.ts'
import { entryAt } from './log-view.ts'
import { currentConfiguration, isBehindCuts, isVoter } from './roster.ts'
import { type ClusterView, hasTerm, isKnownTab, type NodeView, nameOf, unheardNode } from './view.ts'

export interface Sentence {
  readonly node: NodeId
  readonly text: string
  /** The finer point, where there is one. */
  readonly detail: string
  /** Both once more, in the language spoken now. */
  said?(): Said
  /** `major` turns the page; `minor` is shown only if nothing greater just happened. */
  readonly weight: 'major' | 'minor'
  readonly term: number
  /** A commit's range, so that a burst of commits becomes one sentence. */
  readonly commit?: { readonly from: number; readonly to: number }
  /** Of a node that no message from here reaches: it lies behind cut links. */
  readonly far?: true
  /** Of many entries at once: their commit will say all of it. */
  readonly surge?: true
}

export interface Said {
  readonly text: string
  readonly detail: string
}

/** A sentence that was told in another language. */
export const retold = <S extends Sentence>(sentence: S): S => ({ ...sentence, ...sentence.said?.() })

/** `self` is the node of the tab that watches: of links, only its own are told. */
export function narrate(
  before: ClusterView,
  after: ClusterView,
  event: TraceEvent,
  self?: NodeId,
): Sentence | undefined {
  const sentence = sentenceFor(before, after, event, self)
  if (sentence === undefined || self === undefined || !isBehindCuts(after, self, event.node)) return sentence
  return { ...sentence, far: true }
}

function sentenceFor(
  before: ClusterView,
  after: ClusterView,
  event: TraceEvent,
  self: NodeId | undefined,
): Sentence | undefined {
  const was = before.nodes.get(event.node) ?? unheardNode(event.node)
  const is = after.nodes.get(event.node) ?? unheardNode(event.node)
  const name = (id: NodeId) => nameOf(after, id)
  const me = name(event.node)
  const say: Say = (weight, text, detail = nothing) => {
    const said = () => ({ text: text(), detail: detail() })
    // Where its own is not known, what happens to it falls into the term of the one that watches.
    const watcher = self === undefined || hasTerm(is) ? is : (after.nodes.get(self) ?? is)
    return { node: event.node, ...said(), said, weight, term: watcher.term }
  }

  switch (event.type) {
    case 'role':
      return narrateRole(was, is, event, name, say)
    case 'vote': {
      if (event.candidate === event.node) return undefined
      const { term, reason } = event
      const candidate = name(event.candidate)
      if (!event.granted) return say('minor', () => story().refusesVote(me, candidate, phrase(reason)))
      if (event.preVote) return say('minor', () => story().wouldVote(me, candidate, term))
      return say('minor', () => story().votes(me, candidate, term))
    }
    case 'leader': {
      if (event.leader !== undefined && event.node === self) return narrateSilentLeader(was, event, after, say)
      if (event.leader !== undefined || was.leader === undefined || was.leader === event.node) return undefined
      const leader = name(was.leader)
      return say('minor', () => story().missesLeader(me, leader))
    }
    case 'appended': {
      if (is.role !== 'leader') return undefined
      const first = event.entries[0]
      if (first === undefined || first.kind !== 'command') return undefined
      if (event.entries.length > 1) {
        const { length } = event.entries
        return { ...say('minor', () => story().appendsMany(me, length)), surge: true }
      }
      return say('minor', () => story().appends(me, first.index, entryWords(first).short))
    }
    case 'committed': {
      if (event.index <= was.commitIndex) return undefined
      if (is.role !== 'leader' && !(event.node === self && followsSilentLeader(is, after))) return undefined
      return commitSentence(is, was.commitIndex + 1, event.index, name)
    }
    case 'truncated': {
      const last = was.log.lastIndex
      const { from } = event
      if (last < from) return undefined
      return say(
        'major',
        () => story().removes(me, from, last),
        () => story().neverCommitted,
      )
    }
    case 'configuration':
      if (is.role !== 'leader' || event.stage === 'committed') return undefined
      return narrateConfiguration(was.configuration, event.configuration, event.stage, name, say)
    case 'snapshot': {
      const { action, index } = event
      if (action === 'taken') return say('minor', () => story().takesSnapshot(me, index))
      return say('major', () => story().getsSnapshot(me, index))
    }
    case 'started': {
      if (!was.heard) return undefined
      const { lastIndex } = is.log
      return say('major', () => story().isBack(me, lastIndex))
    }
    case 'crashed':
      return say(
        'major',
        () => story().crashed(me),
        () => story().lostMemory,
      )
    case 'stopped':
      // It may be told twice: by the tab itself, and by the node.
      if (was.life === 'stopped') return undefined
      return say('major', () => (isKnownTab(is) ? story().saidGoodbye(me) : story().stopped(me)))
    case 'cut':
      return narrateCut(was.cut, event.peers, event.node, name, say)
    case 'link': {
      const peer = after.nodes.get(event.peer) ?? unheardNode(event.peer)
      if (event.up && event.node === self && after.names.has(event.peer)) {
        const [then, now] = [was.relayed.includes(event.peer), is.relayed.includes(event.peer)]
        if (now && !then) return say('major', () => story().relayed(name(event.peer)))
        if (then && !now) return say('minor', () => story().direct(name(event.peer)))
        if (before.nodes.get(event.peer)?.life === 'stopped' && peer.life === 'running')
          return say('major', () => story().isThereAgain(name(event.peer)))
      }
      if (event.up || event.node !== self || peer.life !== 'running' || !after.names.has(event.peer)) return undefined
      // Where not everybody has a link to everybody, those of nodes that do not vote come and go.
      if (isCrowd(after) && ![event.peer, self].some(id => isVoter(currentConfiguration(after), id))) return undefined
      const lost = name(event.peer)
      return say(
        'major',
        () => story().outOfReach(lost),
        () => (isKnownTab(peer) ? story().noGoodbye : story().noGoodbyeNoTab),
      )
    }
    case 'transfer': {
      if (event.stage !== 'begun') return undefined
      const heir = name(event.to)
      return say('minor', () => story().handsOver(me, heir))
    }
    case 'resumed': {
      const { reason } = event
      return say(
        'minor',
        () => story().wokeUp(me),
        () => sentenceCase(phrase(reason)),
      )
    }
    default:
      return undefined
  }
}

/** A node that had gone told where it stands: it is back. */
export function narrateReturn(before: ClusterView, after: ClusterView, id: NodeId): Sentence | undefined {
  const was = before.nodes.get(id)
  const is = after.nodes.get(id)
  if (was?.life !== 'stopped' || is?.life !== 'running') return undefined
  const { lastIndex } = is.log
  const me = nameOf(after, id)
  const said = () => ({ text: story().isBack(me, lastIndex), detail: '' })
  return { node: id, ...said(), said, weight: 'major', term: is.term }
}

/** What is said is asked for again when the page changes its language: it may hold values, and no view. */
type Say = (weight: Sentence['weight'], text: () => string, detail?: () => string) => Sentence

const nothing = (): string => ''

function narrateRole(
  was: NodeView,
  is: NodeView,
  event: Extract<TraceEvent, { type: 'role' }>,
  name: (id: NodeId) => string,
  say: Say,
): Sentence | undefined {
  const me = name(event.node)
  const { term, reason } = event
  const because = () => sentenceCase(phrase(reason))
  switch (event.role) {
    case 'leader': {
      const others = is.votes
        .filter(vote => vote.granted && !vote.preVote && vote.from !== is.id)
        .map(vote => name(vote.from))
      return say('major', () => story().becomesLeader(me, term, others))
    }
    case 'candidate':
      return say('major', () => story().asksForVotes(me, term), because)
    case 'preCandidate':
      return say('minor', () => story().asksFirst(me), because)
    case 'follower':
      if (was.role === 'leader') return say('major', () => story().noLongerLeads(me), because)
      if (was.role === 'candidate') return say('minor', () => story().givesUp(me), because)
      return undefined
    default:
      return event.role satisfies never
  }
}

/** A leader that tells nothing of its inside does not speak for itself: who follows it does. */
function narrateSilentLeader(
  was: NodeView,
  { leader, term }: Extract<TraceEvent, { type: 'leader' }>,
  after: ClusterView,
  say: Say,
): Sentence | undefined {
  if (leader === undefined || leader === was.id || after.nodes.get(leader)?.heard || !after.names.has(leader))
    return undefined
  if (was.leader === leader && was.term === term) return undefined
  const name = nameOf(after, leader)
  return say(
    'major',
    () => story().leads(name, term),
    () => story().tellsNothing(name),
  )
}

function followsSilentLeader({ id, leader }: NodeView, view: ClusterView): boolean {
  return leader !== undefined && leader !== id && view.nodes.get(leader)?.heard !== true
}

/** The sentence for entries `from` to `to`, committed as `node` knows. */
function commitSentence(node: NodeView, from: number, to: number, name: (id: NodeId) => string): Sentence {
  const holders = node.role === 'leader' ? holdersOf(node, to, name) : []
  const entry = entryAt(node.log, to)
  const said = () => {
    const why = entry?.kind === 'noop' ? story().whyNoop : ''
    const where = holders.length > 0 ? story().onDiskAt(holders) : ''
    return { text: committed(from, to, entry), detail: `${why} ${where}`.trim() }
  }
  return { node: node.id, ...said(), said, weight: 'minor', term: node.term, commit: { from, to } }
}

/** Those who vote and have entry `index` on their disk, as this leader knows. */
function holdersOf(leader: NodeView, index: number, name: (id: NodeId) => string): readonly string[] {
  // Learners hold it too, but it is not they who make it a majority.
  const { voters, oldVoters } = leader.configuration
  const votes = (id: NodeId) => voters.includes(id) || oldVoters.includes(id)
  const holders = [...leader.progress]
    .filter(([id, progress]) => votes(id) && progress.matchIndex >= index)
    .map(([id]) => name(id))
  if (votes(leader.id) && leader.log.durableIndex >= index) holders.unshift(name(leader.id))
  return holders
}

function committed(from: number, to: number, entry: EntrySummary | undefined): string {
  if (from < to) return story().committedMany(from, to)
  if (entry === undefined) return story().committed(to)
  switch (entry.kind) {
    case 'noop':
      return story().committedNoop(to)
    case 'configuration':
      return story().committedConfiguration(to)
    case 'command':
      return story().committedCommand(to, entryWords(entry).short)
    default:
      return entry.kind satisfies never
  }
}

function narrateConfiguration(
  before: Configuration,
  after: Configuration,
  stage: 'appended' | 'rolledBack',
  name: (id: NodeId) => string,
  say: Say,
): Sentence | undefined {
  if (stage === 'rolledBack') return say('major', () => story().undone)
  const has = (configuration: Configuration, id: NodeId) => configuration.members.some(member => member.id === id)
  const changes: (() => string)[] = []
  for (const { id } of after.members) {
    const voted = before.voters.includes(id)
    const votes = after.voters.includes(id)
    const who = name(id)
    if (!has(before, id)) changes.push(() => story().joins(who, votes))
    else if (votes && !voted) changes.push(() => story().becomesVoter(who))
    else if (voted && !votes) changes.push(() => story().losesVote(who))
  }
  for (const { id } of before.members) {
    const who = name(id)
    if (!has(after, id)) changes.push(() => story().leaves(who))
  }
  if (changes.length === 0) return undefined
  const { length: voters } = after.voters
  return say(
    'major',
    () => story().changes(changes.map(change => change())),
    () => story().majority(voters, Math.floor(voters / 2) + 1),
  )
}

function narrateCut(
  before: readonly NodeId[],
  now: readonly NodeId[],
  node: NodeId,
  name: (id: NodeId) => string,
  say: Say,
): Sentence | undefined {
  const cut = now.filter(id => !before.includes(id) && node < id)
  const healed = before.filter(id => !now.includes(id) && node < id)
  const me = name(node)
  const names = (ids: readonly NodeId[]) => ids.map(name).sort()
  if (cut.length > 0) {
    const [others, both] = [names(cut), names([node, ...cut])]
    return say(
      'major',
      () => (cut.length > 1 ? story().cutOff(me, others) : story().linkCut(both)),
      () => story().nothingThrough,
    )
  }
  if (healed.length > 0) {
    const [others, both] = [names(healed), names([node, ...healed])]
    return say('major', () => (healed.length > 1 ? story().linkedAgain(me, others) : story().linkHealed(both)))
  }
  return undefined
}

function sentenceCase(reason: string): string {
  if (reason === '') return ''
  const text = reason.charAt(0).toUpperCase() + reason.slice(1)
  return text.endsWith('.') ? text : `${text}.`
}
