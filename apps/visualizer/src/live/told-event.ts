/** Checks one event that another tab tells of its node: whether it is one, and of that node. */
import type { Configuration, EntrySummary, MessageSummary, NodeId, TraceBody, TraceEvent } from '@flotilla/core'
import { count, type Fields, flag, isRecord, listOf, oneOf, optional, text, time, whole } from './untrusted.ts'

const MAX_ENTRIES = 2_048
const MAX_MEMBERS = 64

/** @param from who tells it: nobody may tell another node's trace */
export function checkEvent(value: unknown, from: NodeId): TraceEvent | undefined {
  if (!isRecord(value) || value.node !== from) return undefined
  const at = time(value.at)
  const body = checkBody(value)
  return at === undefined || body === undefined ? undefined : { ...body, node: from, at }
}

/** Every field is read once and only if it is of its type; nothing else of the sender's object survives. */
function checkBody(f: Fields): TraceBody | undefined {
  switch (f.type) {
    case 'started':
      return whole({
        type: 'started',
        term: count(f.term),
        votedFor: optional(f.votedFor, nodeId),
        snapshotIndex: count(f.snapshotIndex),
        snapshotTerm: count(f.snapshotTerm),
        entries: checkEntries(f.entries),
        configuration: checkConfiguration(f.configuration),
      })
    case 'role':
      return whole({ type: 'role', role: oneOf(f.role, roles), term: count(f.term), reason: text(f.reason) })
    case 'term':
      return whole({ type: 'term', term: count(f.term), reason: text(f.reason) })
    case 'leader':
      return whole({ type: 'leader', term: count(f.term), leader: optional(f.leader, nodeId) })
    case 'vote':
      return whole({
        type: 'vote',
        term: count(f.term),
        candidate: nodeId(f.candidate),
        granted: flag(f.granted),
        preVote: flag(f.preVote),
        reason: text(f.reason),
      })
    case 'voteCounted':
      return whole({
        type: 'voteCounted',
        term: count(f.term),
        from: nodeId(f.from),
        granted: flag(f.granted),
        preVote: flag(f.preVote),
      })
    case 'timer':
      return whole({ type: 'timer', startedAt: time(f.startedAt), deadline: time(f.deadline), reason: text(f.reason) })
    case 'appended':
      return whole({ type: 'appended', entries: checkEntries(f.entries) })
    case 'truncated':
      return whole({ type: 'truncated', from: place(f.from), reason: text(f.reason) })
    case 'committed':
      return whole({ type: 'committed', index: count(f.index), reason: text(f.reason) })
    case 'configuration':
      return whole({
        type: 'configuration',
        index: count(f.index),
        configuration: checkConfiguration(f.configuration),
        stage: oneOf(f.stage, ['appended', 'committed', 'rolledBack'] as const),
      })
    case 'progress':
      return whole({
        type: 'progress',
        follower: nodeId(f.follower),
        matchIndex: count(f.matchIndex),
        nextIndex: count(f.nextIndex),
        state: oneOf(f.state, ['probe', 'replicate', 'snapshot'] as const),
      })
    case 'snapshot':
      return whole({
        type: 'snapshot',
        action: oneOf(f.action, ['taken', 'installed'] as const),
        index: count(f.index),
        term: count(f.term),
      })
    case 'refused':
      return whole({ type: 'refused', what: text(f.what), from: optional(f.from, nodeId), reason: text(f.reason) })
    case 'transfer':
      return whole({
        type: 'transfer',
        to: nodeId(f.to),
        stage: oneOf(f.stage, ['begun', 'sentTimeoutNow', 'aborted', 'done'] as const),
      })
    case 'resumed':
      return whole({ type: 'resumed', reason: text(f.reason) })
    case 'persisting':
      return whole({ type: 'persisting', token: count(f.token), lastIndex: count(f.lastIndex) })
    case 'durable':
      return whole({
        type: 'durable',
        token: count(f.token),
        lastIndex: count(f.lastIndex),
        term: count(f.term),
        votedFor: optional(f.votedFor, nodeId),
      })
    case 'sent':
      return whole({ type: 'sent', message: checkMessage(f.message), delayMs: time(f.delayMs) })
    case 'delivered':
      return whole({ type: 'delivered', message: checkMessage(f.message) })
    case 'dropped':
      return whole({ type: 'dropped', message: checkMessage(f.message), reason: text(f.reason) })
    case 'applied':
      return whole({ type: 'applied', index: count(f.index) })
    case 'link':
      return whole({ type: 'link', peer: nodeId(f.peer), up: flag(f.up) })
    case 'cut':
      return whole({ type: 'cut', peers: nodeIds(f.peers) })
    case 'crashed':
      return whole({ type: 'crashed', reason: text(f.reason) })
    case 'stopped':
      return { type: 'stopped' }
    default:
      return undefined
  }
}

const roles = ['follower', 'preCandidate', 'candidate', 'leader'] as const

/** Entries must be contiguous, or a log could be made of holes. */
function checkEntries(value: unknown): readonly EntrySummary[] | undefined {
  const entries = listOf(value, MAX_ENTRIES, checkEntry)
  const first = entries?.[0]?.index ?? 0
  return entries?.every((entry, i) => entry.index === first + i) ? entries : undefined
}

function checkEntry(value: unknown): EntrySummary | undefined {
  if (!isRecord(value)) return undefined
  return whole({
    index: place(value.index),
    term: count(value.term),
    kind: oneOf(value.kind, ['command', 'noop', 'configuration'] as const),
    text: text(value.text),
  })
}

function checkMessage(value: unknown): MessageSummary | undefined {
  if (!isRecord(value)) return undefined
  const message = whole({
    id: text(value.id),
    from: nodeId(value.from),
    to: nodeId(value.to),
    type: oneOf(value.type, messageTypes),
    term: count(value.term),
    size: count(value.size),
  })
  if (message === undefined) return undefined
  const granted = flag(value.granted)
  const index = count(value.index)
  return { ...message, ...(granted === undefined ? {} : { granted }), ...(index === undefined ? {} : { index }) }
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

function checkConfiguration(value: unknown): Configuration | undefined {
  if (!isRecord(value)) return undefined
  const checkMember = (member: unknown) =>
    isRecord(member) ? whole({ id: nodeId(member.id), name: name(member.name) }) : undefined
  return whole({
    members: listOf(value.members, MAX_MEMBERS, checkMember),
    voters: nodeIds(value.voters),
    oldVoters: nodeIds(value.oldVoters),
    namesGiven: count(value.namesGiven),
  })
}

/** An index of an entry: from 1. */
function place(value: unknown): number | undefined {
  return value === 0 ? undefined : count(value)
}

export function nodeId(value: unknown): NodeId | undefined {
  return typeof value === 'string' && value.length > 0 && value.length <= 64 ? value : undefined
}

export function nodeIds(value: unknown): readonly NodeId[] | undefined {
  return listOf(value, MAX_MEMBERS, nodeId)
}

function name(value: unknown): string | undefined {
  return typeof value === 'string' && /^S\d{1,6}$/.test(value) ? value : undefined
}
