/**
 * States as 64-bit numbers, alike for states that differ only in which node bears which name: each is hashed once for every
 * way to rename the nodes, and the least of those stands for all.
 *
 * Left out is what the explorer makes no difference of: times (it lets any timer run out at any moment), and rounds unless
 * it is told that they matter.
 */
import type { NodeId } from '@flotilla/core'
import { mix, mixBytes, mixText } from '../ground/hash.ts'

/** Two independent hashes of 32 bits for each renaming: `[low, high, low, high, …]`. */
export type Prints = Int32Array

/** `renaming[i]` is the new place of node `i`. */
type Renaming = readonly number[]

export function renamings(count: number): Renaming[] {
  if (count === 0) return [[]]
  return renamings(count - 1).flatMap(rest =>
    Array.from({ length: count }, (_, at) => [...rest.slice(0, at), count - 1, ...rest.slice(at)]),
  )
}

const skipped = new Set([
  'id',
  'options',
  'random',
  'describe',
  'raft',
  'now',
  'electionDeadline',
  'leaderHeardAt',
  'nextHeartbeatAt',
  'startedAt',
  'inflightSince',
  'lastHeardAt',
  'askedAt',
  'movedAt',
  'stepMs',
  'tryAgainAt',
  'lengths',
  'deadline',
  'lease',
  'patience',
  'awaitedSince',
  'leaderHeardTerm',
  'listensOnceMore',
  'tryAgainAt',
  'lengths',
  'stepMs',
  'askedAt',
  'movedAt',
  'lastRun',
  'name',
  'replicas',
])
const rounds = new Set(['round', 'ackedRound', 'firstRound', 'stalledInRound'])
/** Tokens count from the start of the node: only how far apart they are matters. */
const tokens = new Set(['lastToken', 'durableToken', 'hardStateToken', 'token'])
/** Counts that only set times: what matters is whether there is any. */
const counts = new Set(['stalls'])
/** Of these the order means nothing. */
const unordered = new Set(['followers', 'members', 'voters', 'oldVoters'])

export class Printer {
  readonly renamings: readonly Renaming[]
  readonly #places: readonly Map<NodeId, number>[]
  readonly #isSkipped: (key: string) => boolean

  constructor(ids: readonly NodeId[], keepsRounds: boolean) {
    this.#isSkipped = keepsRounds ? key => skipped.has(key) : key => skipped.has(key) || rounds.has(key)
    this.renamings = renamings(ids.length)
    this.#places = this.renamings.map(renaming => new Map(ids.map((id, i) => [id, renaming[i] ?? 0])))
  }

  print(value: unknown, tokenBase = 0): Prints {
    const prints = new Int32Array(2 * this.renamings.length)
    this.#places.forEach((places, i) => {
      prints[2 * i] = hashOf(value, 0x5eed, places, tokenBase, this.#isSkipped)
      prints[2 * i + 1] = hashOf(value, 0x0dd5, places, tokenBase, this.#isSkipped)
    })
    return prints
  }
}

function hashOf(
  value: unknown,
  seed: number,
  places: ReadonlyMap<NodeId, number>,
  tokenBase: number,
  isSkipped: (key: string) => boolean,
): number {
  const visit = (seen: unknown, hash: number, key: string): number => {
    switch (typeof seen) {
      case 'number':
        if (counts.has(key)) return mix(hash, Math.min(seen, 1))
        return mix(hash, tokens.has(key) ? Math.max(0, seen - tokenBase) : Number.isFinite(seen) ? seen : -7)
      case 'boolean':
        return mix(hash, seen ? 11 : 13)
      case 'undefined':
        return mix(hash, 17)
      case 'string': {
        const place = places.get(seen)
        return place === undefined ? mixText(hash, seen) : mix(hash, 1000 + place)
      }
      case 'object':
        return visitObject(seen, hash, key)
      default:
        return hash
    }
  }
  const visitObject = (seen: object | null, hash: number, key: string): number => {
    if (seen === null) return mix(hash, 19)
    if (seen instanceof Uint8Array) return mixBytes(hash, seen)
    if (seen instanceof Float64Array) return seen.reduce((sum, number) => mix(sum, number), hash)
    if (seen instanceof Map) {
      let sum = 0
      for (const [name, item] of seen) sum = (sum + visit(item, visit(name, seed, ''), '')) | 0
      return mix(hash, sum)
    }
    if (Array.isArray(seen)) {
      if (!unordered.has(key)) return seen.reduce<number>((sum, item) => visit(item, sum, ''), mix(hash, seen.length))
      return mix(
        hash,
        seen.reduce<number>((sum, item) => (sum + visit(item, seed, '')) | 0, seen.length),
      )
    }
    // What is in a list without order is told apart by whom it is about.
    let sum = unordered.has(key) || !('id' in seen) ? hash : visit(seen.id, hash, '')
    for (const [name, field] of Object.entries(seen)) if (!isSkipped(name)) sum = visit(field, sum, name)
    return 'outgoing' in seen ? mix(sum, chunkPhase(seen)) : sum
  }
  return visit(value, seed, '')
}

/** Of the times of a follower's chunks only this matters: whether one is out, and whether the follower was heard since. */
function chunkPhase({ outgoing, lastHeardAt }: { outgoing: unknown; lastHeardAt?: unknown }): number {
  if (typeof outgoing !== 'object' || outgoing === null || !('askedAt' in outgoing)) return 23
  const { askedAt } = outgoing
  return typeof askedAt === 'number' && typeof lastHeardAt === 'number' && lastHeardAt > askedAt ? 29 : 31
}

/** A set of 64-bit numbers, in two typed arrays. */
export class PrintSet {
  size = 0
  #low = new Int32Array(1 << 16)
  #high = new Int32Array(1 << 16)

  /** False if it was there. The number 0 stands for an empty place; one state in 2⁶⁴ may lose by it. */
  add(low: number, high: number): boolean {
    if (2 * this.size >= this.#low.length) this.#grow()
    if (!insert(this.#low, this.#high, low, high)) return false
    this.size += 1
    return true
  }

  #grow(): void {
    const [low, high] = [this.#low, this.#high]
    this.#low = new Int32Array(2 * low.length)
    this.#high = new Int32Array(2 * high.length)
    for (let i = 0; i < low.length; i++) {
      const [a = 0, b = 0] = [low[i], high[i]]
      if (a !== 0 || b !== 0) insert(this.#low, this.#high, a, b)
    }
  }
}

function insert(lows: Int32Array, highs: Int32Array, low: number, high: number): boolean {
  const mask = lows.length - 1
  for (let at = (low ^ (high >>> 7)) & mask; ; at = (at + 1) & mask) {
    const a = lows[at] ?? 0
    const b = highs[at] ?? 0
    if (a === 0 && b === 0) {
      lows[at] = low
      highs[at] = high
      return true
    }
    if (a === low && b === high) return false
  }
}
