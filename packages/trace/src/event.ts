/**
 * One event of a trace, checked: from a line of a file, or from another tab. What another implementation has no word for
 * may be left out, and gets the meaning that harms least (docs/trace-format.md says which).
 */
import type { Configuration, EntrySummary, MessageSummary, NodeId, TraceBody, TraceEvent } from '@flotilla/core'
import { type Fields, Malformed } from './fields.ts'

/** What an event takes over when it does not say it. */
export interface EventContext {
  /** Of the event before. Milliseconds. */
  readonly at: number
  /** Names a message that has no id of its own, and so cannot be found again at its other end. */
  readonly unnamed: string
}

/** @throws Malformed with the field that is wrong, and what it must be. */
export function decodeEvent(fields: Fields, context: EventContext): TraceEvent {
  const node = fields.node('node')
  const at = fields.time('at', context.at)
  return { ...decodeBody(fields, node, at, context), node, at }
}

function decodeBody(f: Fields, node: NodeId, at: number, context: EventContext): TraceBody {
  const type = f.oneOf('type', types)
  switch (type) {
    case 'started':
      return {
        type,
        term: f.count('term', 0),
        votedFor: f.has('votedFor') ? f.node('votedFor') : undefined,
        snapshotIndex: f.count('snapshotIndex', 0),
        snapshotTerm: f.count('snapshotTerm', 0),
        entries: f.has('entries') ? decodeEntries(f) : [],
        configuration: decodeConfiguration(f),
      }
    case 'role':
      return { type, role: f.oneOf('role', roles), term: f.count('term'), reason: f.text('reason', '') }
    case 'term':
      return { type, term: f.count('term'), reason: f.text('reason', '') }
    case 'leader':
      return { type, term: f.count('term'), leader: f.has('leader') ? f.node('leader') : undefined }
    case 'vote':
      return {
        type,
        term: f.count('term'),
        candidate: f.node('candidate'),
        granted: f.flag('granted', true),
        preVote: f.flag('preVote', false),
        reason: f.text('reason', ''),
      }
    case 'voteCounted':
      return {
        type,
        term: f.count('term'),
        from: f.node('from'),
        granted: f.flag('granted', true),
        preVote: f.flag('preVote', false),
      }
    case 'timer':
      return {
        type,
        startedAt: f.time('startedAt', at),
        deadline: f.time('deadline'),
        reason: f.text('reason', ''),
      }
    case 'appended':
      return { type, entries: f.has('entries') ? decodeEntries(f) : [decodeEntry(f)] }
    case 'truncated':
      return { type, from: f.place('from'), reason: f.text('reason', '') }
    case 'committed':
      return { type, index: f.count('index'), reason: f.text('reason', '') }
    case 'configuration':
      return {
        type,
        index: f.count('index'),
        configuration: decodeConfiguration(f),
        stage: f.oneOf('stage', ['appended', 'committed', 'rolledBack'], 'appended'),
      }
    case 'progress':
      return {
        type,
        follower: f.node('follower'),
        matchIndex: f.count('matchIndex'),
        nextIndex: f.count('nextIndex'),
        state: f.oneOf('state', ['probe', 'replicate', 'snapshot'], 'replicate'),
      }
    case 'snapshot':
      return {
        type,
        action: f.oneOf('action', ['taken', 'installed']),
        index: f.count('index'),
        term: f.count('term'),
      }
    case 'refused':
      return {
        type,
        what: f.text('what'),
        from: f.has('from') ? f.node('from') : undefined,
        reason: f.text('reason', ''),
      }
    case 'transfer':
      return { type, to: f.node('to'), stage: f.oneOf('stage', ['begun', 'sentTimeoutNow', 'aborted', 'done']) }
    case 'resumed':
      return { type, reason: f.text('reason', '') }
    case 'persisting':
      return { type, token: f.count('token'), lastIndex: f.count('lastIndex') }
    case 'durable':
      return {
        type,
        token: f.count('token'),
        lastIndex: f.count('lastIndex'),
        term: f.count('term'),
        votedFor: f.has('votedFor') ? f.node('votedFor') : undefined,
      }
    case 'sent':
      return { type, message: decodeMessage(f, { from: node }, context), delayMs: f.time('delayMs', 0) }
    case 'delivered':
      return { type, message: decodeMessage(f, { to: node }, context) }
    case 'dropped':
      return { type, message: decodeMessage(f, {}, context), reason: f.text('reason', '') }
    case 'applied':
      return { type, index: f.count('index') }
    case 'link':
      return { type, peer: f.node('peer'), up: f.flag('up'), ...(f.has('relayed') && { relayed: f.flag('relayed') }) }
    case 'cut':
      return { type, peers: f.nodes('peers') }
    case 'crashed':
      return { type, reason: f.text('reason', '') }
    case 'stopped':
      return { type }
    default:
      return type satisfies never
  }
}

const types = [
  'started',
  'role',
  'term',
  'leader',
  'vote',
  'voteCounted',
  'timer',
  'appended',
  'truncated',
  'committed',
  'configuration',
  'progress',
  'snapshot',
  'refused',
  'transfer',
  'resumed',
  'persisting',
  'durable',
  'sent',
  'delivered',
  'dropped',
  'applied',
  'link',
  'cut',
  'crashed',
  'stopped',
] as const satisfies readonly TraceBody['type'][]

const roles = ['follower', 'preCandidate', 'candidate', 'leader'] as const

/** Entries are contiguous: a log has no holes. */
function decodeEntries(f: Fields): readonly EntrySummary[] {
  const entries = f.records('entries', decodeEntry)
  const first = entries[0]?.index ?? 0
  if (entries.some((entry, i) => entry.index !== first + i)) {
    throw new Malformed('entries', 'contiguous: each index one more than the one before')
  }
  return entries
}

function decodeEntry(f: Fields): EntrySummary {
  return {
    index: f.place('index'),
    term: f.count('term'),
    kind: f.oneOf('kind', ['command', 'noop', 'configuration'], 'command'),
    text: f.text('text', ''),
  }
}

const messageTypes = [
  'RequestPreVote',
  'RequestPreVoteResult',
  'RequestVote',
  'RequestVoteResult',
  'AppendEntries',
  'AppendEntriesResult',
  'InstallSnapshot',
  'InstallSnapshotResult',
  'TimeoutNow',
  'ReadIndex',
  'ReadIndexResult',
] as const satisfies readonly MessageSummary['type'][]

function decodeMessage(
  event: Fields,
  ends: { readonly from?: NodeId; readonly to?: NodeId },
  { unnamed }: EventContext,
): MessageSummary {
  const f = event.record('message')
  if (f === undefined) throw new Malformed('message', 'an object with type, term, from or to, and id')
  return {
    id: f.text('id', unnamed),
    from: f.node('from', ends.from),
    to: f.node('to', ends.to),
    type: f.oneOf('type', messageTypes),
    term: f.count('term'),
    size: f.count('size', 0),
    ...(f.has('granted') ? { granted: f.flag('granted') } : {}),
    ...(f.has('index') ? { index: f.count('index') } : {}),
  }
}

/** Without one: nobody is known to be a member, so nothing that needs a majority is decided. */
function decodeConfiguration(event: Fields): Configuration {
  const f = event.record('configuration')
  if (f === undefined) return { members: [], voters: [], oldVoters: [], namesGiven: 0, expelled: [] }
  const voters = f.nodes('voters')
  const members = f.has('members')
    ? f.records('members', member => ({ id: member.node('id'), name: member.text('name', member.node('id')) }))
    : voters.map(id => ({ id, name: id }))
  return {
    members,
    voters,
    oldVoters: f.nodes('oldVoters', []),
    namesGiven: f.count('namesGiven', members.length),
    expelled: f.nodes('expelled', []),
  }
}
