/**
 * What tabs tell each other for the picture's sake, beside Raft: traces, the room's controls, and requests. JSON in UTF-8.
 * Whoever sends it may be broken or hostile, so it is checked field by field; what does not fit is dropped and counted.
 */
import type { Configuration, EntrySummary, MessageSummary, NodeId, TraceBody, TraceEvent } from '@flotilla/core'

/** A register of the room's controls: the greater version wins (first the counter, then the node). */
export interface Setting {
  /** `pace`, or `cut:a|b` for the link between nodes a and b (a < b). */
  readonly key: string
  readonly value: number
  readonly counter: number
  readonly by: NodeId
}

export type Observation =
  /** Events of the sender, in order. `now` is its clock. `catchUp`: they tell where it stands, not what just happened. */
  | {
      readonly kind: 'trace'
      readonly now: number
      readonly catchUp: boolean
      /** Events of messages that are not told: there were too many. */
      readonly leftOut: number
      readonly events: readonly TraceEvent[]
    }
  /** Hearsay: tabs that said goodbye to the sender, and that the receiver may have missed. */
  | { readonly kind: 'farewells'; readonly nodes: readonly NodeId[] }
  | { readonly kind: 'settings'; readonly settings: readonly Setting[] }
  /** "I am new here: tell me where you stand." */
  | { readonly kind: 'hello' }
  /** Asks the receiver's node to crash or to start again. */
  | { readonly kind: 'command'; readonly command: 'crash' | 'restart' }

export interface Checked {
  readonly observation: Observation | undefined
  /** Events that were left out because they do not fit the schema. */
  readonly refused: number
}

const MAX_BYTES = 1 << 20
const MAX_EVENTS = 4_096
const MAX_ENTRIES = 2_048
const MAX_MEMBERS = 64
const MAX_SETTINGS = 2_048
const MAX_TEXT = 160

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

export function encodeObservation(observation: Observation): Uint8Array {
  return encoder.encode(JSON.stringify(observation))
}

/** Whether it can wait until somebody looks: a trace can, a command cannot. A glance, not a check. */
export function canWait(payload: Uint8Array): boolean {
  return waiting.every((byte, i) => payload[i] === byte)
}

const waiting = encoder.encode('{"kind":"trace"')

/** `from` is the link's other end: nobody may tell another node's trace. */
export function decodeObservation(payload: Uint8Array, from: NodeId): Checked {
  if (payload.byteLength > MAX_BYTES) return nothing
  let parsed: unknown
  try {
    parsed = JSON.parse(decoder.decode(payload))
  } catch {
    return nothing
  }
  if (!isRecord(parsed)) return nothing
  switch (parsed.kind) {
    case 'trace':
      return checkTrace(parsed, from)
    case 'settings': {
      const settings = listOf(parsed.settings, MAX_SETTINGS, checkSetting)
      return settings ? { observation: { kind: 'settings', settings }, refused: 0 } : nothing
    }
    case 'farewells': {
      const nodes = listOf(parsed.nodes, MAX_MEMBERS, nodeId)
      return nodes ? { observation: { kind: 'farewells', nodes }, refused: 0 } : nothing
    }
    case 'hello':
      return { observation: { kind: 'hello' }, refused: 0 }
    case 'command':
      return parsed.command === 'crash' || parsed.command === 'restart'
        ? { observation: { kind: 'command', command: parsed.command }, refused: 0 }
        : nothing
    default:
      return nothing
  }
}

const nothing: Checked = { observation: undefined, refused: 1 }

type Fields = Readonly<Record<string, unknown>>

function checkTrace(fields: Fields, from: NodeId): Checked {
  const now = time(fields.now)
  const raw = fields.events
  if (now === undefined || !Array.isArray(raw) || raw.length > MAX_EVENTS) return nothing
  const events: TraceEvent[] = []
  for (const item of raw) {
    const event = checkEvent(item, from)
    if (event) events.push(event)
  }
  return {
    observation: { kind: 'trace', now, catchUp: fields.catchUp === true, leftOut: count(fields.leftOut) ?? 0, events },
    refused: raw.length - events.length,
  }
}

function checkSetting(value: unknown): Setting | undefined {
  if (!isRecord(value)) return undefined
  const key = text(value.key)
  const number = time(value.value)
  const counter = count(value.counter)
  const by = nodeId(value.by)
  if (key === undefined || number === undefined || counter === undefined || by === undefined) return undefined
  return { key, value: number, counter, by }
}

function checkEvent(value: unknown, from: NodeId): TraceEvent | undefined {
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
        entries: ascending(listOf(f.entries, MAX_ENTRIES, checkEntry)),
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
      return whole({ type: 'appended', entries: ascending(listOf(f.entries, MAX_ENTRIES, checkEntry)) })
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
      return whole({ type: 'cut', peers: listOf(f.peers, MAX_MEMBERS, nodeId) })
    case 'crashed':
      return whole({ type: 'crashed', reason: text(f.reason) })
    case 'stopped':
      return { type: 'stopped' }
    default:
      return undefined
  }
}

const roles = ['follower', 'preCandidate', 'candidate', 'leader'] as const

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
    voters: listOf(value.voters, MAX_MEMBERS, nodeId),
    oldVoters: listOf(value.oldVoters, MAX_MEMBERS, nodeId),
    namesGiven: count(value.namesGiven),
  })
}

// Each of these gives the value if it is what it must be, and otherwise `undefined`.

const absent = { absent: true } as const
type Absent = typeof absent
/** The record's type once it is whole. */
type Restored<T> = {
  [K in keyof T]: Absent extends T[K] ? Exclude<T[K], Absent> | undefined : Exclude<T[K], undefined>
}

/** The record, if no field is `undefined`; a field that may be absent says so with `absent`. */
function whole<T extends object>(fields: T): Restored<T> | undefined {
  for (const value of Object.values(fields)) if (value === undefined) return undefined
  return Object.fromEntries(Object.entries(fields).map(([k, v]) => [k, v === absent ? undefined : v])) as Restored<T>
}

function optional<T>(value: unknown, check: (value: unknown) => T | undefined): T | Absent | undefined {
  return value === undefined || value === null ? absent : check(value)
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

/** An index of an entry: from 1. */
function place(value: unknown): number | undefined {
  return value === 0 ? undefined : count(value)
}

function time(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 1e15 ? value : undefined
}

function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

/** Longer texts are cut short rather than refused: they are only for people. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT).toWellFormed() : undefined
}

function nodeId(value: unknown): NodeId | undefined {
  return typeof value === 'string' && value.length > 0 && value.length <= 64 ? value : undefined
}

function name(value: unknown): string | undefined {
  return typeof value === 'string' && /^S\d{1,6}$/.test(value) ? value : undefined
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find(candidate => candidate === value)
}

function listOf<T>(value: unknown, max: number, check: (item: unknown) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value) || value.length > max) return undefined
  const items: T[] = []
  for (const item of value) {
    const checked = check(item)
    if (checked === undefined) return undefined
    items.push(checked)
  }
  return items
}

/** Entries must be contiguous, or a log could be made of holes. */
function ascending(entries: readonly EntrySummary[] | undefined): readonly EntrySummary[] | undefined {
  if (entries === undefined) return undefined
  const first = entries[0]?.index ?? 0
  return entries.every((entry, i) => entry.index === first + i) ? entries : undefined
}
