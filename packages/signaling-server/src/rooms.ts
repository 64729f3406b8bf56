/** Who is in which room. A room is there as long as somebody is in it, and nothing of it is kept but who was cut off a moment ago. */
import type { Limits } from './limits.ts'
import { Missed } from './missed.ts'
import { TokenBucket } from './token-bucket.ts'

export interface Guest {
  readonly id: string
  hear(frame: string): void
  /** Bytes that another had carried here. */
  hearRelayed(message: Buffer): void
}

interface Room {
  readonly guests: Set<Guest>
  /** What may still be carried between them. */
  readonly relayed: TokenBucket
}

/** What a message costs those who carry it, besides its bytes. */
const OVERHEAD_BYTES = 64

export class Rooms {
  readonly #rooms = new Map<string, Room>()
  readonly #limits: Limits
  readonly #missed: Missed

  constructor(limits: Limits) {
    this.#limits = limits
    this.#missed = new Missed(limits)
  }

  get size(): number {
    return this.#rooms.size
  }

  /** `undefined`, or why there is no place. */
  enter(name: string, guest: Guest, nowMs: number): 'room is full' | 'too many rooms' | undefined {
    const { maxRooms, maxVisitorsPerRoom, relayedByteBurstPerRoom, relayedBytesPerSecondPerRoom } = this.#limits
    const known = this.#rooms.get(name)
    if (known !== undefined && known.guests.size >= maxVisitorsPerRoom) return 'room is full'
    if (known === undefined && this.#rooms.size >= maxRooms) return 'too many rooms'
    const room = known ?? {
      guests: new Set(),
      relayed: new TokenBucket(relayedByteBurstPerRoom, relayedBytesPerSecondPerRoom, nowMs),
    }
    room.guests.add(guest)
    this.#missed.isBack(name, guest.id)
    this.#rooms.set(name, room)
    return undefined
  }

  /** @param cutOffAtMs where it said no goodbye */
  leave(name: string, guest: Guest, cutOffAtMs?: number): void {
    const guests = this.#rooms.get(name)?.guests
    guests?.delete(guest)
    if (cutOffAtMs !== undefined) this.#missed.add(name, guest.id, cutOffAtMs)
    if (guests?.size === 0) this.#rooms.delete(name)
  }

  /** What the others than `guest` call themselves, each once, and those who were cut off: they may know what nobody here does. */
  othersIn(name: string, guest: Guest, nowMs: number): readonly string[] {
    const others = [...(this.#rooms.get(name)?.guests ?? [])].filter(other => other !== guest)
    return [...new Set([...others.map(({ id }) => id), ...this.#missed.in(name, nowMs)])]
  }

  /** To everyone else, or to everyone else of that id: two tabs may think they are one. */
  say(name: string, from: Guest, to: string | null, frame: string): void {
    for (const guest of this.#rooms.get(name)?.guests ?? []) {
      if (guest !== from && (to === null || guest.id === to)) guest.hear(frame)
    }
  }

  /** To whoever else is there under that id. Says for how many milliseconds the room should have nothing more carried. */
  relay(name: string, from: Guest, to: string, message: Buffer, nowMs: number): number {
    const room = this.#rooms.get(name)
    if (room === undefined) return 0
    for (const guest of room.guests) if (guest !== from && guest.id === to) guest.hearRelayed(message)
    return room.relayed.spend(message.byteLength + OVERHEAD_BYTES, nowMs)
  }
}
