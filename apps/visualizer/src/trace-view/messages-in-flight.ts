/**
 * Messages between departure and arrival, by id. Between two tabs a message takes less than a millisecond, so each flight
 * is shown for a minimum time; flights overlap freely, so showing them longer never falls behind.
 */
import type { MessageSummary, MessageType, NodeId } from '@flotilla/core'
import { picture } from '../words/picture.ts'

/** What the eye tells apart: the mark's shape. Answers are hollow. */
export type MessageKind = 'append' | 'heartbeat' | 'vote' | 'snapshot' | 'other'

export interface Flight {
  readonly message: MessageSummary
  readonly kind: MessageKind
  readonly answer: boolean
  readonly departedAt: number
  /** When it is due, or was seen to arrive, in wall milliseconds. */
  arrivesAt: number
  outcome: 'flying' | 'delivered' | 'dropped'
}

/** Short, but long enough for the eye. */
export const MIN_FLIGHT_MS = 350
/** How long the mark of a lost message stays. */
export const LOST_MS = 600
/** A message that neither arrives nor is reported lost (its receiver is frozen, or gone) is given up; sooner at full speed. */
const GIVE_UP_MS = 4_000
const GIVE_UP_SOON_MS = 1_000
/** More marks than this at once tell nobody anything. */
const MAX_FLIGHTS = 160

export class Flights {
  readonly #flights = new Map<string, Flight>()
  /** Arrivals that were told before their departure. */
  readonly #early = new Map<string, 'delivered' | 'dropped'>()
  /** For each pair of nodes the match index that the last answer told. */
  readonly #told = new Map<string, number>()

  get size(): number {
    return this.#flights.size
  }

  values(): IterableIterator<Flight> {
    return this.#flights.values()
  }

  sent(message: MessageSummary, delayMs: number, wall: number): void {
    if (this.#flights.has(message.id)) return
    const known = this.#early.get(message.id)
    this.#early.delete(message.id)
    if (this.#flights.size >= MAX_FLIGHTS) this.#makeRoom()
    this.#flights.set(message.id, {
      message,
      kind: this.#kindOf(message),
      answer: message.type.endsWith('Result'),
      departedAt: wall,
      arrivesAt: wall + Math.max(MIN_FLIGHT_MS, delayMs),
      outcome: known ?? 'flying',
    })
  }

  delivered(message: MessageSummary, wall: number): void {
    this.#settle(message, 'delivered', wall)
  }

  dropped(message: MessageSummary, wall: number): void {
    this.#settle(message, 'dropped', wall)
  }

  /** Whatever is on its way to a node that died never arrives. */
  lose(node: NodeId, wall: number): void {
    for (const flight of this.#flights.values()) {
      if (flight.message.to === node && flight.outcome === 'flying') this.#settle(flight.message, 'dropped', wall)
    }
  }

  /** Takes down what has been shown long enough. */
  sweep(wall: number, slow: boolean): void {
    const giveUp = slow ? GIVE_UP_MS : GIVE_UP_SOON_MS
    for (const [id, flight] of this.#flights) {
      const stay = flight.outcome === 'delivered' ? 0 : flight.outcome === 'dropped' ? LOST_MS : giveUp
      if (wall >= flight.arrivesAt + stay) this.#flights.delete(id)
    }
  }

  /** An answer that tells nothing new answers a heartbeat, and is as small as one. */
  #kindOf(message: MessageSummary): MessageKind {
    if (message.type !== 'AppendEntriesResult' || message.granted === false) return kindOf(message)
    const pair = `${message.from} ${message.to}`
    const index = message.index ?? 0
    const told = this.#told.get(pair) ?? index
    this.#told.set(pair, Math.max(told, index))
    return index > told ? 'append' : 'heartbeat'
  }

  #settle(message: MessageSummary, outcome: 'delivered' | 'dropped', wall: number): void {
    const flight = this.#flights.get(message.id)
    if (flight === undefined) {
      if (this.#early.size > 512) this.#early.clear()
      this.#early.set(message.id, outcome)
      return
    }
    flight.outcome = outcome
    const earliest = flight.departedAt + MIN_FLIGHT_MS
    // A lost message is shown to stop half-way, wherever along the link it really ended.
    flight.arrivesAt = outcome === 'dropped' ? earliest : Math.max(earliest, Math.min(flight.arrivesAt, wall))
  }

  /** Heartbeats go first, then the oldest. */
  #makeRoom(): void {
    let victim: string | undefined
    for (const [id, flight] of this.#flights) {
      victim ??= id
      if (flight.kind === 'heartbeat') {
        victim = id
        break
      }
    }
    if (victim !== undefined) this.#flights.delete(victim)
  }
}

/** How far along its way a flight is, from 0 to 1. A lost one stops half-way. */
export function flightProgress(flight: Flight, wall: number): number {
  const way = Math.min(1, Math.max(0, (wall - flight.departedAt) / (flight.arrivesAt - flight.departedAt)))
  if (flight.outcome === 'dropped') return way / 2
  return flight.outcome === 'flying' ? Math.min(way, 0.96) : way
}

export function kindOf(message: MessageSummary): MessageKind {
  switch (message.type) {
    case 'AppendEntries':
      return message.size === 0 ? 'heartbeat' : 'append'
    case 'AppendEntriesResult':
      return 'append'
    case 'RequestVote':
    case 'RequestVoteResult':
    case 'RequestPreVote':
    case 'RequestPreVoteResult':
      return 'vote'
    case 'InstallSnapshot':
    case 'InstallSnapshotResult':
      return 'snapshot'
    case 'TimeoutNow':
    case 'ReadIndex':
    case 'ReadIndexResult':
      return 'other'
    default:
      message.type satisfies never
      return 'other'
  }
}

/** What the label beside a mark says: short, because marks come close to each other. */
export function labelOf(message: MessageSummary): string {
  const words = picture().labels
  const label: Record<MessageType, string> = {
    RequestPreVote: words.preVoteAsked,
    RequestPreVoteResult: words.preVote(message.granted === true),
    RequestVote: words.voteAsked,
    RequestVoteResult: words.vote(message.granted === true),
    AppendEntries: message.size === 0 ? words.heartbeat : words.append(message.size ?? 0),
    AppendEntriesResult: message.granted === false ? words.rejected : words.match(`${message.index ?? ''}`),
    InstallSnapshot: words.snapshot,
    InstallSnapshotResult: words.chunk,
    TimeoutNow: 'TimeoutNow',
    ReadIndex: 'ReadIndex',
    ReadIndexResult: words.readIndex,
  }
  return label[message.type]
}
