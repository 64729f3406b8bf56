/**
 * What tabs tell each other for the picture's sake, beside Raft: traces, the room's controls, and requests. JSON in UTF-8.
 * Whoever sends it may be broken or hostile, so it is checked field by field; what does not fit is dropped and counted.
 */
import type { NodeId, TraceEvent } from '@flotilla/core'
import type { Standing } from '../trace-view/hearsay.ts'
import { decodeStandings, encodeStandings } from './standings.ts'
import { checkEvent } from './told-event.ts'
import { count, type Fields, isRecord, listOf, nodeId, nodeIds, text, time } from './untrusted.ts'

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
  /** Asks the receiver's node to crash or to start again, or that of `about`, to which the receiver has a link and the sender none. `by`: passed on for that one. */
  | { readonly kind: 'command'; readonly command: 'crash' | 'restart'; readonly about?: NodeId; readonly by?: NodeId }
  /** What people call nodes: the sender its own, or others that the receiver may have no link to. `null`: nothing any more. */
  | { readonly kind: 'called'; readonly names: readonly (readonly [NodeId, string | null])[] }
  /** Where nodes stand to which the receiver may have no link: see `standings.ts`. */
  | { readonly kind: 'standings'; readonly standings: readonly Standing[] }

export interface Checked {
  readonly observation: Observation | undefined
  /** Events that were left out because they do not fit the schema. */
  readonly refused: number
}

const MAX_BYTES = 1 << 20
const MAX_EVENTS = 4_096
const MAX_SETTINGS = 2_048
const MAX_NAMES = 160

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

export function encodeObservation(observation: Observation): Uint8Array {
  if (observation.kind !== 'standings') return encoder.encode(JSON.stringify(observation))
  return encoder.encode(JSON.stringify({ ...observation, standings: encodeStandings(observation.standings) }))
}

/** Whether it can wait until somebody looks: a trace can, a command cannot. A glance, not a check. */
export function canWait(payload: Uint8Array): boolean {
  return waiting.every((byte, i) => payload[i] === byte)
}

const waiting = encoder.encode('{"kind":"trace"')

/** `from` is the link's other end. */
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
      const nodes = nodeIds(parsed.nodes)
      return nodes ? { observation: { kind: 'farewells', nodes }, refused: 0 } : nothing
    }
    case 'hello':
      return { observation: { kind: 'hello' }, refused: 0 }
    case 'command': {
      const about = nodeId(parsed.about)
      const by = nodeId(parsed.by)
      if ((parsed.about !== undefined && about === undefined) || (parsed.by !== undefined && by === undefined))
        return nothing
      return parsed.command === 'crash' || parsed.command === 'restart'
        ? {
            observation: { kind: 'command', command: parsed.command, ...(about && { about }), ...(by && { by }) },
            refused: 0,
          }
        : nothing
    }
    case 'called': {
      const names = listOf(parsed.names, MAX_NAMES, checkName)
      return names ? { observation: { kind: 'called', names }, refused: 0 } : nothing
    }
    case 'standings': {
      const standings = decodeStandings(parsed.standings)
      return standings ? { observation: { kind: 'standings', standings }, refused: 0 } : nothing
    }
    default:
      return nothing
  }
}

const nothing: Checked = { observation: undefined, refused: 1 }

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

function checkName(value: unknown): readonly [NodeId, string | null] | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined
  const id = nodeId(value[0])
  const name = value[1] === null ? null : text(value[1])
  return id === undefined || name === undefined ? undefined : [id, name]
}

export function checkSetting(value: unknown): Setting | undefined {
  if (!isRecord(value)) return undefined
  const key = text(value.key)
  const number = time(value.value)
  const counter = count(value.counter)
  const by = nodeId(value.by)
  if (key === undefined || number === undefined || counter === undefined || by === undefined) return undefined
  return { key, value: number, counter, by }
}
