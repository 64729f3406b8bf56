/**
 * What all tabs did and were told, and whether one truth explains it: reads and writes are linearizable, each write takes effect once,
 * at one place of the log, those of an outbox in their order, and what was acknowledged or saved is not lost.
 *
 * A tab's times are by its own clock; how far that is from ours is known only within bounds, so every operation is taken to have
 * begun as early and ended as late as they allow. A tab that dies may have begun more than it was able to tell: what others have read of
 * that has been written at some moment.
 */
import type { HistoryOperation } from '../../packages/simulator/src/histories/format.ts'
import { checkLinearizable } from '../../packages/simulator/src/invariants/linearizability.ts'
import { ExactlyOnce } from '../../packages/simulator/src/runtime/checks/exactly-once.ts'
import { type BankState, has, operationOf, type RegisterEffect } from '../harness/register-bank.ts'
import type { TabEvent } from '../harness/soak.ts'

/** Told by one tab, from when it was opened to when it was closed or loaded anew. */
export interface Witness {
  readonly name: string
  /** Writes through the outbox; the one after it does not. */
  readonly writer: number
  /** Ours less the tab's, at least and at most; milliseconds. */
  least: number
  most: number
}

interface Operation {
  readonly witness: Witness
  readonly write: boolean
  readonly key: number
  readonly value: number
  readonly begun: number
  ended: number
}

/** What browsers round off from their clocks. */
const ROUNDED_MS = 0.2

export class History {
  readonly wrong: string[] = []
  writes = 0
  /** Of them, those whose tab was told that they are in the log. */
  written = 0
  reads = 0
  /** Writes that nobody knows the end of, by why. */
  readonly unsure = new Map<string, number>()
  readonly refused = new Map<string, number>()
  readonly #exactlyOnce = new ExactlyOnce(wrong => this.#report(wrong))
  readonly #byIndex = new Map<number, number>()
  readonly #operations = new Map<number, Operation[]>()
  readonly #open = new Map<number, Operation>()
  /** By writer, what must be there in the end: saved, or answered. */
  readonly #kept = new Map<number, Set<number>>()
  readonly #refusedFor = new Set<number>()
  #judgedBelow = 0
  readonly #onJudged: (history: readonly HistoryOperation[]) => void

  /** @param onJudged hears of all operations on a register, once nothing more is begun on it */
  constructor(onJudged: (history: readonly HistoryOperation[]) => void = () => {}) {
    this.#onJudged = onJudged
  }

  tell(witness: Witness, events: readonly TabEvent[], effects: readonly RegisterEffect[]): void {
    for (const effect of effects) this.#took(witness, effect)
    for (const event of events) this.#hear(witness, event)
  }

  /** Nothing more is begun on registers below this key. Says what is wrong with the history of those. */
  judgeBelow(key: number): void {
    for (const [each, operations] of this.#operations) {
      if (each >= key) continue
      this.#operations.delete(each)
      const history = withUntold(operations).map(toHistoryOperation)
      this.#onJudged(history)
      const verdict = checkLinearizable(history)
      if (verdict.kind !== 'linearizable') this.#report(`register ${each}: ${verdict.kind}: ${verdict.detail}`)
    }
    this.#judgedBelow = Math.max(this.#judgedBelow, key)
  }

  /** All is quiet: what every tab has in the end. `lost`: commands that outboxes tell of, of which nobody can say. */
  judgeEnd(states: readonly { readonly name: string; readonly state: BankState }[], lost: readonly number[]): void {
    this.judgeBelow(Number.POSITIVE_INFINITY)
    const [first] = states
    if (first === undefined) return this.#report('there was no tab in the end')
    for (const { name, state } of states)
      if (JSON.stringify(state) !== JSON.stringify(first.state))
        this.#report(`${name} has another state than ${first.name}`)
    const { twice, disordered, writers } = first.state
    if (twice.length > 0) this.#report(`took effect twice: ${twice.join(', ')}`)
    if (disordered.length > 0) this.#report(`took effect after later ones of the same outbox: ${disordered.join(', ')}`)
    const ranges = new Map(writers)
    const mayBeLost = new Set(lost)
    for (const [writer, numbers] of this.#kept)
      for (const number of numbers)
        if (!has(ranges.get(writer) ?? [], number) && !mayBeLost.has(operationOf({ writer, number })))
          this.#report(`${operationOf({ writer, number })} was saved or acknowledged, and is lost`)
    for (const operation of this.#refusedFor)
      if (has(ranges.get(Math.floor(operation / 1_000_000)) ?? [], operation % 1_000_000))
        this.#report(`${operation} was refused, and took effect`)
  }

  #hear(witness: Witness, event: TabEvent): void {
    switch (event.kind) {
      case 'write':
        this.writes += 1
        return this.#begin({ ...event, witness, write: true, value: event.operation, begun: event.at })
      case 'saved':
        return this.#keep(event.operation)
      case 'written': {
        this.written += 1
        this.#keep(event.operation)
        this.#end(event.operation, event.at)
        // Where everybody had it from a snapshot, nobody has seen it.
        if (this.#exactlyOnce.effects.has(event.operation)) this.#exactlyOnce.answered(witness.name, event)
        return
      }
      case 'refused':
        this.#refusedFor.add(event.operation)
        return count(this.refused, event.why)
      case 'unsure':
        return count(this.unsure, event.why)
      case 'read': {
        this.reads += 1
        const { key, value, asked, at } = event
        return this.#add({ witness, write: false, key, value, begun: asked, ended: at })
      }
      case 'trouble':
        return
      default:
        event satisfies never
    }
  }

  #took({ name }: Witness, effect: RegisterEffect): void {
    this.#exactlyOnce.applied(name, effect)
    const before = this.#byIndex.get(effect.index)
    if (before === undefined) this.#byIndex.set(effect.index, effect.operation)
    else if (before !== effect.operation)
      this.#report(`${name} has operation ${effect.operation} at ${effect.index}, where others have ${before}`)
  }

  #begin(begun: Omit<Operation, 'ended'>): void {
    const operation = { ...begun, ended: Number.POSITIVE_INFINITY }
    this.#open.set(begun.value, operation)
    this.#add(operation)
  }

  #add(operation: Operation): void {
    if (operation.key < this.#judgedBelow) return
    const operations = this.#operations.get(operation.key)
    if (operations === undefined) this.#operations.set(operation.key, [operation])
    else operations.push(operation)
  }

  #end(value: number, at: number): void {
    const operation = this.#open.get(value)
    if (operation !== undefined) operation.ended = at
    this.#open.delete(value)
  }

  #keep(operation: number): void {
    const writer = Math.floor(operation / 1_000_000)
    const kept = this.#kept.get(writer)
    if (kept === undefined) this.#kept.set(writer, new Set([operation % 1_000_000]))
    else kept.add(operation % 1_000_000)
  }

  #report(wrong: string): void {
    if (this.wrong.length < 50) this.wrong.push(wrong)
  }
}

/** What a tab did not live to tell, and others have read. */
function withUntold(operations: readonly Operation[]): Operation[] {
  const told = new Set([0])
  for (const { write, value } of operations) if (write) told.add(value)
  const untold: Operation[] = []
  for (const { write, value, key, witness } of operations) {
    if (write || told.has(value)) continue
    told.add(value)
    untold.push({ witness, write: true, key, value, begun: Number.NEGATIVE_INFINITY, ended: Number.POSITIVE_INFINITY })
  }
  return [...operations, ...untold]
}

function toHistoryOperation({ witness, write, key, value, begun, ended }: Operation): HistoryOperation {
  const { least, most, writer } = witness
  const kind = write ? 'write' : 'read'
  return { client: writer, kind, key, value, invoked: begun + least - ROUNDED_MS, returned: ended + most + ROUNDED_MS }
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1)
}
