/** What clients asked for and what they were told: the history that the checks judge. Time is the number of the event. */
import type { ProposalFate } from '@flotilla/cluster'
import type { RegisterOperation } from '../invariants/linearizability.ts'

export interface ClientOperation extends RegisterOperation {
  /** Names it; of a write, also the value written. */
  readonly number: number
  /** Whose it is. A client's session: whoever had an answer and then asks again must see what it has written. */
  readonly client: string
  /** What it wrote, or what it read. */
  value: number
  returned: number
  /**
   * `refused`: the machine would not have it. `failed`: certainly without effect. `unknown`: perhaps without effect, or with
   * one that is yet to come.
   */
  outcome: 'pending' | 'done' | 'refused' | 'failed' | 'unknown'
  readonly fates: ProposalFate[]
  /** Where it was applied, as the client was told, and what the machine answered. */
  index: number
  term: number
  answer: number
  /** Of a read: the last of the client's own writes to this register that had been answered when it was asked. */
  readonly ownWrite: ClientOperation | undefined
}

export class History {
  readonly all: ClientOperation[] = []
  readonly #lastWrite = new Map<string, ClientOperation>()

  begin(kind: 'write' | 'read', client: string, key: number, event: number): ClientOperation {
    const number = this.all.length + 1
    const operation: ClientOperation = {
      kind,
      client,
      key,
      number,
      value: kind === 'write' ? number : 0,
      invoked: event,
      returned: Number.POSITIVE_INFINITY,
      outcome: 'pending',
      fates: [],
      index: 0,
      term: 0,
      answer: 0,
      ownWrite: kind === 'read' ? this.#lastWrite.get(`${client} ${key}`) : undefined,
    }
    this.all.push(operation)
    return operation
  }

  /** The write was applied at (index, term), and the machine answered. */
  written(operation: ClientOperation, index: number, term: number, answer: number, event: number): void {
    operation.outcome = 'done'
    operation.returned = event
    operation.index = index
    operation.term = term
    operation.answer = answer
    const slot = `${operation.client} ${operation.key}`
    const before = this.#lastWrite.get(slot)
    if (before === undefined || before.index < index) this.#lastWrite.set(slot, operation)
  }

  read(operation: ClientOperation, value: number, event: number): void {
    operation.outcome = 'done'
    operation.value = value
    operation.returned = event
  }

  ended(operation: ClientOperation, outcome: 'refused' | 'failed' | 'unknown'): void {
    operation.outcome = outcome
  }

  get(number: number): ClientOperation | undefined {
    return this.all[number - 1]
  }
}
