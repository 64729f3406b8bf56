/**
 * What becomes of a message: when it arrives, how often, or that it does not. One link for each direction between two
 * nodes, each with its own cuts and clogs.
 */
import type { MessageType } from '@flotilla/core'
import type { Random } from '../ground/random.ts'
import type { Envelope } from './action.ts'

/** What the weather on all links is. */
export interface NetworkConditions {
  readonly leastMs: number
  readonly typicalMs: number
  readonly loss: number
  readonly duplication: number
  /** That a message is also delivered once more, within this time. */
  readonly replay: number
  readonly replayWithinMs: number
  /** As data channels deliver; otherwise messages overtake one another. */
  readonly ordered: boolean
}

interface Link {
  cut: boolean
  /** Nothing arrives before this. */
  cloggedUntil: number
  /** When the latest message on it arrives: nothing overtakes on an ordered link. */
  latest: number
}

export class Network {
  #random: Random
  readonly #conditions: NetworkConditions
  readonly #arrive: (envelope: Envelope, at: number) => void
  readonly #links: Link[][] = []
  /** After the faults: nothing is lost, repeated or slow any more. Cuts are lifted one by one. */
  #calm = false
  /** Messages of this type do not arrive. */
  lost: MessageType | undefined = undefined
  onReplay: () => void = () => {}

  constructor(random: Random, conditions: NetworkConditions, arrive: (envelope: Envelope, at: number) => void) {
    this.#random = random
    this.#conditions = conditions
    this.#arrive = arrive
  }

  carry(envelope: Envelope, now: number): void {
    const link = this.#link(envelope.from, envelope.to)
    if (link.cut || envelope.message.type === this.lost) return
    const { loss, duplication, replay, replayWithinMs } = this.#conditions
    const random = this.#random
    if (this.#calm) return this.#send(envelope, link, now)
    if (random.chance(loss)) return
    this.#send(envelope, link, now)
    if (random.chance(duplication)) this.#send(envelope, link, now)
    if (random.chance(replay)) {
      this.onReplay()
      this.#arrive(envelope, now + random.next() * replayWithinMs)
    }
  }

  isCut(from: number, to: number): boolean {
    return this.#link(from, to).cut
  }

  cut(from: number, to: number): void {
    this.#link(from, to).cut = true
  }

  clog(from: number, to: number, until: number): void {
    this.#link(from, to).cloggedUntil = until
  }

  heal(): void {
    for (const row of this.#links) for (const link of row) link.cut = false
  }

  /** From now on chance comes from `random`. */
  becomeCalm(random: Random): void {
    this.#calm = true
    this.#random = random
    this.lost = undefined
    this.heal()
    for (const row of this.#links) {
      for (const link of row) {
        link.cloggedUntil = 0
        link.latest = 0
      }
    }
  }

  #send(envelope: Envelope, link: Link, now: number): void {
    const { leastMs, typicalMs, ordered } = this.#conditions
    let at =
      now + (this.#calm ? leastMs + 0.2 * this.#random.next() * typicalMs : this.#random.tail(leastMs, typicalMs))
    if (at < link.cloggedUntil) at = link.cloggedUntil + this.#random.next()
    if (ordered && at < link.latest) at = link.latest
    link.latest = at
    this.#arrive(envelope, at)
  }

  #link(from: number, to: number): Link {
    for (let i = this.#links.length; i <= from; i++) this.#links.push([])
    const row = this.#links[from] ?? []
    for (let i = row.length; i <= to; i++) row.push({ cut: false, cloggedUntil: 0, latest: 0 })
    return row[to] ?? { cut: false, cloggedUntil: 0, latest: 0 }
  }
}
