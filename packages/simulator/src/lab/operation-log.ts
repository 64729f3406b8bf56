/** What clients asked for in this run and what they were told, by events instead of by the world's own count. */

import type { SimulatedNode } from '../world/node.ts'
import type { Operation } from '../world/operations.ts'
import type { World } from '../world/world.ts'
import type { ClientOperation } from './step.ts'

export class OperationLog {
  readonly #world: World
  readonly #answeredIn = new Map<Operation, number>()
  readonly #askedIn = new Map<Operation, number>()
  #told: readonly ClientOperation[] = []
  #changed = false
  #settled = false

  constructor(world: World) {
    this.#world = world
    world.operations.onSettled = () => {
      this.#changed = true
      this.#settled = true
    }
  }

  /** What one order must explain: without those that certainly had no effect. */
  get history(): readonly Operation[] {
    return this.#world.operations.all.filter(({ outcome }) => outcome !== 'failed')
  }

  /** Whether anything was answered since this was last asked. */
  takeSettled(): boolean {
    const settled = this.#settled
    this.#settled = false
    return settled
  }

  answerAtOnce(node: SimulatedNode, key: number): void {
    const { operations, events, checker } = this.#world
    const operation: Operation = {
      number: operations.nextNumber(),
      client: 0,
      kind: 'read',
      key,
      value: 0,
      invoked: events,
      returned: Number.POSITIVE_INFINITY,
      node: node.index,
      index: 0,
      term: 0,
      commitAtCall: checker.ghost.commit,
      messagesAtCall: checker.ghost.messagesSoFar(),
      outcome: 'pending',
    }
    operations.begin(operation)
    operations.answerRead(operation, node.machine.registers[key] ?? 0, events)
  }

  /** As of the end of event `step`. The same list while nothing has changed. */
  told(step: number): readonly ClientOperation[] {
    const { all } = this.#world.operations
    if (!this.#changed && all.length === this.#told.length) return this.#told
    this.#changed = false
    this.#told = all.map(operation => {
      if (!this.#askedIn.has(operation)) this.#askedIn.set(operation, step)
      if (operation.outcome === 'done' && !this.#answeredIn.has(operation)) this.#answeredIn.set(operation, step)
      const { number, kind, key, value, outcome } = operation
      return {
        number,
        node: this.#world.nodes[operation.node]?.id ?? '',
        kind,
        key,
        value,
        invokedIn: this.#askedIn.get(operation) ?? step,
        returnedIn: this.#answeredIn.get(operation),
        outcome,
      }
    })
    return this.#told
  }
}
