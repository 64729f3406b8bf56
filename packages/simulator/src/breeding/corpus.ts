/**
 * What is known so far: which pairs were come across, how often, and by which day first. A day stays in the corpus while it
 * holds pairs that no other brought; parents are those that hold rare ones.
 */
import type { Random } from '../ground/random.ts'
import { type Genome, genes, genomeFrom, genomeOf, textOf } from './genome.ts'

/** More days than this are not kept: those that hold the least go. */
const mostDays = 256
/** Among so many pairs the rarest chooses the parent. */
const drawnForRarity = 8

interface Pair {
  /** In so many runs. */
  hits: number
  /** The day that holds it; `undefined` once that was let go. */
  holder: string | undefined
}

/** As it is kept in a file. */
export interface SavedCorpus {
  readonly runs: number
  readonly events: number
  readonly fresh: number
  readonly failures: readonly { readonly genome: string; readonly property: string; readonly detail: string }[]
  readonly days: readonly string[]
  /** Pair, hits, and the place of its day in `days`, or -1. */
  readonly pairs: readonly (readonly [number, number, number])[]
}

export class Corpus {
  runs = 0
  events = 0
  /** The next seed that was never tried. */
  fresh = 1
  readonly failures: { genome: string; property: string; detail: string }[] = []
  private readonly pairs = new Map<number, Pair>()
  /** How many pairs each day holds. */
  private readonly held = new Map<string, number>()

  static restore(saved: SavedCorpus): Corpus {
    const corpus = new Corpus()
    corpus.runs = saved.runs
    corpus.events = saved.events
    corpus.fresh = saved.fresh
    corpus.failures.push(...saved.failures)
    for (const [pair, hits, place] of saved.pairs) {
      const holder = saved.days[place]
      corpus.pairs.set(pair, { hits, holder })
      if (holder !== undefined) corpus.held.set(holder, (corpus.held.get(holder) ?? 0) + 1)
    }
    return corpus
  }

  save(): SavedCorpus {
    const { runs, events, fresh, failures } = this
    const days = [...this.held.keys()]
    const places = new Map(days.map((day, place) => [day, place]))
    const pairs = [...this.pairs].map(
      ([pair, { hits, holder }]) => [pair, hits, holder === undefined ? -1 : (places.get(holder) ?? -1)] as const,
    )
    return { runs, events, fresh, failures, days, pairs }
  }

  get size(): number {
    return this.pairs.size
  }

  get days(): number {
    return this.held.size
  }

  /** A run of it came across these. Says how many of them nobody had come across before. */
  learn(genome: Genome, pairs: ReadonlySet<number>, events: number): number {
    const day = textOf(genome)
    let news = 0
    for (const number of pairs) {
      const pair = this.pairs.get(number)
      if (pair === undefined) {
        this.pairs.set(number, { hits: 1, holder: day })
        news += 1
      } else pair.hits += 1
    }
    this.runs += 1
    this.events += events
    if (news > 0) this.held.set(day, news)
    if (this.held.size > mostDays) this.letGo()
    return news
  }

  /** One that holds something rare; `undefined` while nothing is known. */
  parent(random: Random): Genome | undefined {
    const known = [...this.pairs.values()].filter(({ holder }) => holder !== undefined)
    let rarest: Pair | undefined
    for (let i = 0; i < drawnForRarity; i++) {
      const pair = random.pick(known)
      if (rarest === undefined || (pair !== undefined && pair.hits < rarest.hits)) rarest = pair
    }
    return rarest?.holder === undefined ? undefined : genomeFrom(rarest.holder)
  }

  /** One in five is new; others have some of their parts from a second parent, or new ones. */
  breed(random: Random): Genome {
    const mother = random.chance(0.2) ? undefined : this.parent(random)
    if (mother === undefined) {
      const seed = this.fresh++
      return genomeOf(() => seed)
    }
    const father = random.chance(0.5) ? this.parent(random) : undefined
    const changed = new Set(Array.from({ length: 1 + random.int(3) }, () => random.pick(genes)))
    return genomeOf(gene => {
      if (!changed.has(gene)) return mother[gene]
      return father === undefined ? this.fresh++ : father[gene]
    })
  }

  private letGo(): void {
    const [least] = [...this.held].sort(([, a], [, b]) => a - b)
    if (least === undefined) return
    const [day] = least
    this.held.delete(day)
    for (const pair of this.pairs.values()) if (pair.holder === day) pair.holder = undefined
  }
}
