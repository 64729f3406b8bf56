/**
 * By what nodes learn of each other. It may lie about who is there, to each node otherwise, and now and then anew: it keeps silent of some, tells of
 * others who have gone or never were, and swallows what two say to each other to be linked. More it cannot do: whatever is linked has proven who it
 * is, and what is said over a link does not go by it.
 */
import type { NodeId } from '@flotilla/core'
import type { Random } from '../ground/random.ts'
import type { Timeline } from './timeline.ts'

export type Lie = 'who is there' | 'who is not there' | 'what two say'

/** Its lies are others after this long. Milliseconds. */
const lieForMs = [300, 6_000] as const
/** More than it takes for a room to look like one of many (`wantedLinks`). */
const mostNobodies = 12

export class Signaling {
  readonly #timeline: Timeline
  readonly #random: Random
  readonly #times: Random
  readonly #lied: (about: Lie) => void
  /** Of whatever it could lie about. */
  #share: number
  /** Everybody who was ever there. */
  readonly #known = new Set<NodeId>()
  #era = 0
  #changed: () => void = () => {}

  /** @param share of whatever it could lie about; 0 for never */
  constructor(timeline: Timeline, random: Random, share: number, lied: (about: Lie) => void) {
    this.#timeline = timeline
    this.#random = random.fork('signaling')
    this.#times = random.fork('lies')
    this.#share = share
    this.#lied = lied
  }

  /** Says whenever it may tell something else than before. */
  onChanged(changed: () => void): void {
    this.#changed = changed
    if (this.#share > 0) this.#lieAnewLater()
  }

  becomeHonest(): void {
    if (this.#share === 0) return
    this.#share = 0
    this.#changed()
  }

  /** Who is there, as it tells `self`: in some order, beside those to whom `self` has a link anyway. */
  tellPresent(self: NodeId, present: readonly NodeId[], isLinked: (id: NodeId) => boolean): readonly NodeId[] {
    if (this.#share === 0) return present
    for (const id of present) this.#known.add(id)
    const told = present.filter(id => isLinked(id) || !this.#lies(`keeps ${id} from ${self}`))
    const nobodies = this.#nobodiesFor(self, present)
    if (told.length < present.length) this.#lied('who is there')
    if (nobodies.length > 0) this.#lied('who is not there')
    return this.#lies(`says nobodies first to ${self}`) ? [...nobodies, ...told] : [...told, ...nobodies]
  }

  /** Whether what two say to each other does not arrive. */
  swallows(a: NodeId, b: NodeId): boolean {
    const swallows = this.#lies(`swallows between ${a < b ? `${a} and ${b}` : `${b} and ${a}`}`)
    if (swallows) this.#lied('what two say')
    return swallows
  }

  #lieAnewLater(): void {
    this.#timeline.after(this.#times.between(...lieForMs), () => {
      if (this.#share === 0) return
      this.#era += 1
      this.#changed()
      this.#lieAnewLater()
    })
  }

  #nobodiesFor(self: NodeId, present: readonly NodeId[]): readonly NodeId[] {
    if (!this.#lies(`makes up nobodies for ${self}`)) return []
    const random = this.#random.fork(`${this.#era} nobodies for ${self}`)
    const gone = [...this.#known].filter(id => !present.includes(id) && random.chance(0.5))
    return [...gone, ...Array.from({ length: random.int(mostNobodies + 1) }, (_, i) => `nobody${i}`)]
  }

  /** The same all the time, until it lies anew. */
  #lies(about: string): boolean {
    return this.#share > 0 && this.#random.fork(`${this.#era} ${about}`).chance(this.#share)
  }
}
