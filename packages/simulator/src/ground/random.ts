/**
 * Where all chance in a simulation comes from: named streams, all decided by one seed.
 *
 * Each component draws from a stream of its own, so that one more draw in one of them leaves the others' alone.
 * The generator is xoshiro128** (Blackman and Vigna), seeded by hashing seed and name.
 */
import { mix, mixText } from './hash.ts'

export class Random {
  private readonly seed: number
  private readonly name: string
  private a: number
  private b: number
  private c: number
  private d: number

  constructor(seed: number, name: string) {
    this.seed = seed
    this.name = name
    const base = mixText(mix(mix(0x5eed, seed | 0), Math.floor(seed / 0x1_0000_0000)), name)
    this.a = mix(base, 1)
    this.b = mix(base, 2)
    this.c = mix(base, 3)
    this.d = mix(base, 4) | 1
  }

  /** A stream that depends on nothing but the seed and both names. */
  fork(name: string): Random {
    return new Random(this.seed, `${this.name}/${name}`)
  }

  /** 32 random bits. */
  bits(): number {
    const product = Math.imul(this.b, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9)
    const shifted = this.b << 9
    this.c ^= this.a
    this.d ^= this.b
    this.b ^= this.c
    this.a ^= this.d
    this.c ^= shifted
    this.d = (this.d << 11) | (this.d >>> 21)
    return result >>> 0
  }

  /** In [0, 1). */
  next(): number {
    return this.bits() / 0x1_0000_0000
  }

  /** A whole number in [0, bound). */
  int(bound: number): number {
    return Math.floor(this.next() * bound)
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low)
  }

  chance(probability: number): boolean {
    return probability > 0 && this.next() < probability
  }

  /** `undefined` only for an empty list. */
  pick<T>(list: readonly T[]): T | undefined {
    return list[this.int(list.length)]
  }

  /**
   * A wait with a long tail: at least `low`, half of them below `low + typical`, one in a hundred a hundred times that.
   * By division alone: logarithms are not the same in every engine, and a seed must mean the same everywhere.
   */
  tail(low: number, typical: number): number {
    const rest = 1 - this.next() * 0.99
    return low + typical * (1 / rest - 1)
  }
}
