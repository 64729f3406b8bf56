/**
 * A server that lies about who is there, to each node otherwise, and now and then anew: it keeps silent of some, tells of others who have gone or
 * never were, and swallows what two say to each other to be linked. More it cannot do: whatever is linked has proven who it is, and what
 * is said over a link does not go by the server.
 */
import type { NodeId } from '@flotilla/core'
import type { Random } from '../ground/random.ts'

/** More than it takes for a room to look like one of many (`wantedLinks`). */
const mostNobodies = 12

export class LyingSignaling {
  readonly #random: Random
  readonly #share: number
  /** Everybody who was ever there. */
  readonly #known = new Set<NodeId>()
  #era = 0

  /** @param share of whatever it could lie about */
  constructor(random: Random, share: number) {
    this.#random = random
    this.#share = share
  }

  /** From now on its lies are others. */
  lieAnew(): void {
    this.#era += 1
  }

  /** Who is there, as it tells `self`: in some order, beside those to whom `self` has a link anyway. */
  tellPresent(self: NodeId, present: readonly NodeId[], isLinked: (id: NodeId) => boolean): readonly NodeId[] {
    for (const id of present) this.#known.add(id)
    const told = present.filter(id => isLinked(id) || !this.#lies(`keeps ${id} from ${self}`))
    const nobodies = this.#nobodiesFor(self, present)
    return this.#lies(`says nobodies first to ${self}`) ? [...nobodies, ...told] : [...told, ...nobodies]
  }

  /** Whether what two say to each other does not arrive. */
  swallows(a: NodeId, b: NodeId): boolean {
    return this.#lies(`swallows between ${a < b ? `${a} and ${b}` : `${b} and ${a}`}`)
  }

  #nobodiesFor(self: NodeId, present: readonly NodeId[]): readonly NodeId[] {
    if (!this.#lies(`makes up nobodies for ${self}`)) return []
    const random = this.#random.fork(`${this.#era} nobodies for ${self}`)
    const gone = [...this.#known].filter(id => !present.includes(id) && random.chance(0.5))
    return [...gone, ...Array.from({ length: random.int(mostNobodies + 1) }, (_, i) => `nobody${i}`)]
  }

  /** The same all the time, until it lies anew. */
  #lies(about: string): boolean {
    return this.#random.fork(`${this.#era} ${about}`).chance(this.#share)
  }
}
