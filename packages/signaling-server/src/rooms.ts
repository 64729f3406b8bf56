/** Who is in which room. A room is there as long as somebody is in it, and nothing of it is kept. */

export interface Guest {
  readonly id: string
  hear(frame: string): void
}

export class Rooms {
  readonly #rooms = new Map<string, Set<Guest>>()
  readonly #maxRooms: number
  readonly #maxGuests: number

  constructor(maxRooms: number, maxGuests: number) {
    this.#maxRooms = maxRooms
    this.#maxGuests = maxGuests
  }

  get size(): number {
    return this.#rooms.size
  }

  /** `undefined`, or why there is no place. */
  enter(name: string, guest: Guest): 'room is full' | 'too many rooms' | undefined {
    const room = this.#rooms.get(name)
    if (room !== undefined && room.size >= this.#maxGuests) return 'room is full'
    if (room === undefined && this.#rooms.size >= this.#maxRooms) return 'too many rooms'
    const guests = room ?? new Set()
    guests.add(guest)
    this.#rooms.set(name, guests)
    return undefined
  }

  leave(name: string, guest: Guest): void {
    const room = this.#rooms.get(name)
    room?.delete(guest)
    if (room?.size === 0) this.#rooms.delete(name)
  }

  /** What the others than `guest` call themselves, each once. */
  othersIn(name: string, guest: Guest): readonly string[] {
    const others = [...(this.#rooms.get(name) ?? [])].filter(other => other !== guest)
    return [...new Set(others.map(({ id }) => id))]
  }

  /** To everyone else, or to everyone else of that id: two tabs may think they are one. */
  say(name: string, from: Guest, to: string | null, frame: string): void {
    for (const guest of this.#rooms.get(name) ?? []) {
      if (guest !== from && (to === null || guest.id === to)) guest.hear(frame)
    }
  }
}
