/**
 * What happened, in one sentence for a whole room to read. Only the node that acts speaks: what three nodes report about
 * one election is one sentence, the winner's.
 */
import type { Configuration, NodeId, TraceEvent } from '@flotilla/core'
import { entryWords } from './entry-words.ts'
import { entryAt } from './log-view.ts'
import { isBehindCuts } from './roster.ts'
import { type ClusterView, type NodeView, nameOf, unheardNode } from './view.ts'

export interface Sentence {
  readonly node: NodeId
  readonly text: string
  /** The finer point, where there is one. */
  readonly detail: string
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
  const say = (weight: Sentence['weight'], text: string, detail = ''): Sentence => ({
    node: event.node,
    text,
    detail,
    weight,
    term: is.term,
  })

  switch (event.type) {
    case 'role':
      return narrateRole(was, is, event, name, say)
    case 'vote': {
      if (event.candidate === event.node) return undefined
      const what = event.preVote ? 'would vote' : 'votes'
      if (event.granted) return say('minor', `${me} ${what} for ${name(event.candidate)} in term ${event.term}.`)
      return say('minor', `${me} refuses ${name(event.candidate)} its vote: ${event.reason}.`)
    }
    case 'leader':
      if (event.leader === undefined && was.leader !== undefined && was.leader !== event.node)
        return say('minor', `${me} no longer hears from ${name(was.leader)}.`)
      return undefined
    case 'appended': {
      if (is.role !== 'leader') return undefined
      const first = event.entries[0]
      if (first === undefined || first.kind !== 'command') return undefined
      if (event.entries.length > 1) {
        const text = `${me} appends ${event.entries.length} entries and sends them to the others.`
        return { ...say('minor', text), surge: true }
      }
      return say('minor', `${me} appends entry ${first.index}, ${entryWords(first).short}, and sends it to the others.`)
    }
    case 'committed': {
      if (is.role !== 'leader' || event.index <= was.commitIndex) return undefined
      return commitSentence(is, was.commitIndex + 1, event.index, name)
    }
    case 'truncated': {
      const last = was.log.lastIndex
      if (last < event.from) return undefined
      const entries = last === event.from ? `entry ${last}` : `entries ${event.from} to ${last}`
      return say(
        'major',
        `${me} removes ${entries}: its log disagreed with the leader’s.`,
        'They were never committed.',
      )
    }
    case 'configuration':
      if (is.role !== 'leader' || event.stage === 'committed') return undefined
      return narrateConfiguration(was.configuration, event.configuration, event.stage, name, say)
    case 'snapshot':
      if (event.action === 'taken')
        return say('minor', `${me} replaces its log up to entry ${event.index} by a snapshot.`)
      return say('major', `${me} got a snapshot up to entry ${event.index}: the leader no longer has those entries.`)
    case 'started':
      if (!was.heard) return undefined
      return say('major', `${me} is back, with ${countOf(is.log.lastIndex, 'entry', 'entries')} from its disk.`)
    case 'crashed':
      return say('major', `${me} crashed.`, 'What was not on its disk is lost.')
    case 'stopped':
      return say('major', `${me} said goodbye: its tab was closed or reloaded.`)
    case 'cut':
      return narrateCut(was.cut, event.peers, event.node, name, say)
    case 'link': {
      const peer = after.nodes.get(event.peer)
      if (event.up || event.node !== self || peer?.life !== 'running' || !after.names.has(event.peer)) return undefined
      return say('major', `${name(event.peer)} is out of reach.`, 'Its tab was closed or crashed, without a goodbye.')
    }
    case 'transfer':
      if (event.stage === 'begun') return say('minor', `${me} hands leadership to ${name(event.to)}.`)
      return undefined
    case 'resumed':
      return say('minor', `${me} woke up and trusts nothing from before.`, sentenceCase(event.reason))
    default:
      return undefined
  }
}

/** A node that had gone told where it stands: it is back. */
export function narrateReturn(before: ClusterView, after: ClusterView, id: NodeId): Sentence | undefined {
  const was = before.nodes.get(id)
  const is = after.nodes.get(id)
  if (was?.life !== 'stopped' || is?.life !== 'running') return undefined
  const entries = countOf(is.log.lastIndex, 'entry', 'entries')
  const text = `${nameOf(after, id)} is back, with ${entries} from its disk.`
  return { node: id, text, detail: '', weight: 'major', term: is.term }
}

type Say = (weight: Sentence['weight'], text: string, detail?: string) => Sentence

function narrateRole(
  was: NodeView,
  is: NodeView,
  event: Extract<TraceEvent, { type: 'role' }>,
  name: (id: NodeId) => string,
  say: Say,
): Sentence | undefined {
  const me = name(event.node)
  const because = sentenceCase(event.reason)
  switch (event.role) {
    case 'leader': {
      const others = is.votes
        .filter(vote => vote.granted && !vote.preVote && vote.from !== is.id)
        .map(vote => name(vote.from))
      const votes = others.length === 0 ? 'it is the only voter' : `${list(others)} voted for it`
      return say('major', `${me} is leader of term ${event.term}: ${votes}.`)
    }
    case 'candidate':
      return say('major', `${me} asks for votes in term ${event.term}.`, because)
    case 'preCandidate':
      return say('minor', `${me} hears no leader and asks whether it could win an election.`, because)
    case 'follower':
      if (was.role === 'leader') return say('major', `${me} is no longer leader.`, because)
      if (was.role === 'candidate') return say('minor', `${me} gives up its candidacy.`, because)
      return undefined
    default:
      return event.role satisfies never
  }
}

/** The sentence for entries `from` to `to`, committed by this leader. */
function commitSentence(leader: NodeView, from: number, to: number, name: (id: NodeId) => string): Sentence {
  // Learners hold it too, but it is not they who make it a majority.
  const { voters, oldVoters } = leader.configuration
  const votes = (id: NodeId) => voters.includes(id) || oldVoters.includes(id)
  const holders = [...leader.progress]
    .filter(([id, progress]) => votes(id) && progress.matchIndex >= to)
    .map(([id]) => name(id))
  if (votes(leader.id) && leader.log.durableIndex >= to) holders.unshift(name(leader.id))
  const entry = entryAt(leader.log, to)
  const text =
    from < to
      ? `Entries ${from} to ${to} are committed.`
      : entry?.kind === 'command'
        ? `Entry ${to} is committed: ${entryWords(entry).short}.`
        : entry?.kind === 'configuration'
          ? `Entry ${to}, the configuration, is committed.`
          : `Entry ${to}${entry ? ', a no-op,' : ''} is committed.`
  const what = entry?.kind === 'noop' ? 'A leader begins its term with it, so that older entries can commit. ' : ''
  const detail = holders.length > 0 ? `${what}On disk at ${list(holders)}.` : what.trim()
  return { node: leader.id, text, detail, weight: 'minor', term: leader.term, commit: { from, to } }
}

function narrateConfiguration(
  before: Configuration,
  after: Configuration,
  stage: 'appended' | 'rolledBack',
  name: (id: NodeId) => string,
  say: Say,
): Sentence | undefined {
  if (stage === 'rolledBack') return say('major', 'The change of members did not commit and is undone.')
  const has = (configuration: Configuration, id: NodeId) => configuration.members.some(member => member.id === id)
  const changes: string[] = []
  for (const { id } of after.members) {
    const voted = before.voters.includes(id)
    const votes = after.voters.includes(id)
    if (!has(before, id)) changes.push(`${name(id)} joins as a ${votes ? 'voter' : 'learner'}`)
    else if (votes && !voted) changes.push(`${name(id)} becomes a voter`)
    else if (voted && !votes) changes.push(`${name(id)} no longer votes`)
  }
  for (const { id } of before.members) if (!has(after, id)) changes.push(`${name(id)} leaves the cluster`)
  if (changes.length === 0) return undefined
  const needed = Math.floor(after.voters.length / 2) + 1
  return say(
    'major',
    `${list(changes)}.`,
    `${countOf(after.voters.length, 'voter', 'voters')}; ${needed} make a majority.`,
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
  const names = (ids: readonly NodeId[]) => list(ids.map(name).sort())
  if (cut.length > 0) {
    const text =
      cut.length > 1 ? `${me} is cut off from ${names(cut)}` : `The link between ${names([node, ...cut])} is cut`
    return say('major', `${text}.`, 'No message of Raft gets through.')
  }
  if (healed.length > 0) {
    const text =
      healed.length > 1
        ? `${me} is linked again to ${names(healed)}`
        : `The link between ${names([node, ...healed])} is healed`
    return say('major', `${text}.`)
  }
  return undefined
}

/** "S1", "S1 and S2", "S1, S2 and S3". */
export function list(words: readonly string[]): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

function countOf(count: number, one: string, many: string): string {
  return count === 1 ? `1 ${one}` : `${count.toLocaleString('en')} ${many}`
}

function sentenceCase(reason: string): string {
  if (reason === '') return ''
  const text = reason.charAt(0).toUpperCase() + reason.slice(1)
  return text.endsWith('.') ? text : `${text}.`
}
