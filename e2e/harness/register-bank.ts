/**
 * What is replicated in a soak: registers, each holding the last write to it, and beside them which commands of which writer have
 * taken effect. So the state itself says what happened twice or in the wrong order, also where nobody was there to see it.
 */
import { type AppliedAt, jsonCodec, type StateMachine } from '@flotilla/cluster'

export interface RegisterWrite {
  readonly writer: number
  /** The writer's own count, from 1. */
  readonly number: number
  readonly key: number
}

/** Names a write among all of them. */
export const operationOf = ({ writer, number }: Pick<RegisterWrite, 'writer' | 'number'>): number =>
  writer * 1_000_000 + number

/** Writers with even numbers write through an outbox, which keeps their order. */
export const keepsOrder = (writer: number): boolean => writer % 2 === 0

export interface RegisterEffect {
  readonly operation: number
  readonly key: number
  readonly index: number
  readonly term: number
  readonly previous: number
}

/** From and to, both included. */
export type Range = readonly [number, number]

export interface BankState {
  /** Keys and values, in the order of the keys. */
  readonly registers: readonly (readonly [number, number])[]
  /** Registers up to this key are forgotten. */
  readonly forgottenUpTo: number
  readonly writers: readonly (readonly [number, readonly Range[]])[]
  readonly twice: readonly number[]
  readonly disordered: readonly number[]
}

/** Tests use a register for some seconds and then another. */
const MAX_REGISTERS = 64
/** One is one too many. */
const MAX_TOLD = 100

export class RegisterBank implements StateMachine<RegisterWrite, number> {
  readonly command = jsonCodec(decodeWrite)
  readonly result = jsonCodec(Number)
  readonly #watch: (effect: RegisterEffect) => void
  #registers = new Map<number, number>()
  #forgottenUpTo = -1
  #writers = new Map<number, Range[]>()
  #twice: number[] = []
  #disordered: number[] = []

  constructor(watch: (effect: RegisterEffect) => void = () => {}) {
    this.#watch = watch
  }

  /** Gives what the register held before. */
  apply(write: RegisterWrite, { index, term }: AppliedAt): number {
    const { writer, number, key } = write
    const operation = operationOf(write)
    const ranges = this.#writers.get(writer) ?? []
    const last = ranges.at(-1)?.[1] ?? 0
    if (has(ranges, number)) tell(this.#twice, operation)
    else if (keepsOrder(writer) && number < last) tell(this.#disordered, operation)
    this.#writers.set(writer, withNumber(ranges, number))
    const previous = this.#registers.get(key) ?? 0
    if (key > this.#forgottenUpTo) this.#registers.set(key, operation)
    this.#forget()
    this.#watch({ operation, key, index, term, previous })
    return previous
  }

  /** `undefined` for one that is forgotten. */
  get(key: number): number | undefined {
    return key <= this.#forgottenUpTo ? undefined : (this.#registers.get(key) ?? 0)
  }

  state(): BankState {
    return {
      registers: [...this.#registers].sort(([a], [b]) => a - b),
      forgottenUpTo: this.#forgottenUpTo,
      writers: [...this.#writers].sort(([a], [b]) => a - b),
      twice: this.#twice,
      disordered: this.#disordered,
    }
  }

  snapshot(): Uint8Array {
    return new TextEncoder().encode(JSON.stringify(this.state()))
  }

  restore(snapshot: Uint8Array): void {
    // Our own bytes, of this very version.
    const state = JSON.parse(new TextDecoder().decode(snapshot)) as BankState
    this.#registers = new Map(state.registers)
    this.#forgottenUpTo = state.forgottenUpTo
    this.#writers = new Map(state.writers.map(([writer, ranges]) => [writer, [...ranges]]))
    this.#twice = [...state.twice]
    this.#disordered = [...state.disordered]
  }

  #forget(): void {
    while (this.#registers.size > MAX_REGISTERS) {
      this.#forgottenUpTo = Math.min(...this.#registers.keys())
      this.#registers.delete(this.#forgottenUpTo)
    }
  }
}

export const has = (ranges: readonly Range[], number: number): boolean =>
  ranges.some(([from, to]) => number >= from && number <= to)

/** In order, and as few as there can be. */
export function withNumber(ranges: readonly Range[], number: number): Range[] {
  if (has(ranges, number)) return [...ranges]
  const sorted = [...ranges, [number, number] as const].sort(([a], [b]) => a - b)
  const joined: Range[] = []
  for (const [from, to] of sorted) {
    const before = joined.at(-1)
    if (before !== undefined && before[1] + 1 === from) joined[joined.length - 1] = [before[0], to]
    else joined.push([from, to])
  }
  return joined
}

function tell(list: number[], operation: number): void {
  if (list.length < MAX_TOLD) list.push(operation)
}

function decodeWrite(value: unknown): RegisterWrite {
  if (typeof value !== 'object' || value === null) throw new Error('no write')
  const { writer, number, key } = value as Record<string, unknown>
  if (typeof writer !== 'number' || typeof number !== 'number' || typeof key !== 'number') throw new Error('no write')
  return { writer, number, key }
}
