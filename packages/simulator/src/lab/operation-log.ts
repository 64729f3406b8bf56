/** What clients asked for in this run and what they were told, by events instead of by the world's own count. */

import type { SimulatedNode } from '../world/node.ts'
import type { Operation } from '../world/operations.ts'
import type { World } from '../world/world.ts'
import type { ClientOperation } from './step.ts'

export class OperationLog {
  private readonly world: World
  /** In the order of the calls, as those of the world. */
  private latest: readonly ClientOperation[] = []
  private readonly places = new Map<Operation, number>()
  /** Answered, or given up, since this was last told, … */
  private readonly changed = new Set<Operation>()
  /** … and since it was last judged: the registers that they are of. */
  private settledKeys = new Set<number>()

  constructor(world: World) {
    this.world = world
    this.listen()
  }

  listen(): void {
    this.world.operations.onSettled = operation => {
      this.changed.add(operation)
      this.settledKeys.add(operation.key)
    }
  }

  /** What one order must explain, register by register: without those that certainly had no effect. */
  historyOf(key: number): readonly Operation[] {
    return this.world.operations.all.filter(operation => operation.key === key && operation.outcome !== 'failed')
  }

  /** Of which registers anything was answered since this was last asked. */
  takeSettled(): ReadonlySet<number> {
    if (this.settledKeys.size === 0) return noKeys
    const keys = this.settledKeys
    this.settledKeys = new Set()
    return keys
  }

  answerAtOnce(node: SimulatedNode, key: number): void {
    const { operations, events, checker } = this.world
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
    const { all } = this.world.operations
    const known = this.latest.length
    if (this.changed.size === 0 && all.length === known) return this.latest
    const latest = [...this.latest]
    for (const operation of all.slice(known)) {
      this.places.set(operation, latest.length)
      latest.push(this.toldOf(operation, step, step))
    }
    for (const operation of this.changed) {
      const place = this.places.get(operation)
      const before = place === undefined ? undefined : latest[place]
      if (place !== undefined && before !== undefined) {
        latest[place] = this.toldOf(operation, before.invokedIn, before.returnedIn ?? step)
      }
    }
    this.changed.clear()
    this.latest = latest
    return latest
  }

  private toldOf(operation: Operation, invokedIn: number, answeredIn: number): ClientOperation {
    const { number, kind, key, value, invoked, returned, outcome } = operation
    const node = this.world.nodes[operation.node]?.id ?? ''
    return {
      number,
      node,
      kind,
      key,
      value,
      invokedIn,
      returnedIn: outcome === 'done' ? answeredIn : undefined,
      invoked,
      returned,
      outcome,
    }
  }
}

const noKeys: ReadonlySet<number> = new Set()
