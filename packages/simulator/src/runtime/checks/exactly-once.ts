/**
 * 17. Exactly once: a command takes effect at one place of the log and at no other, on every node with the same answer, and
 * whoever is told its answer, for the first time or again, is told that one.
 */
import type { Report } from '../../invariants/invariant.ts'
import type { Effect } from '../register-machine.ts'

export class ExactlyOnce {
  /** By operation, as it was first seen to happen. */
  readonly effects = new Map<number, Effect>()
  readonly #report: Report

  constructor(report: Report) {
    this.#report = report
  }

  /** A node's machine was given the command; again and again, by other nodes and by those that restart. */
  applied(node: string, effect: Effect): void {
    const first = this.effects.get(effect.operation)
    if (first === undefined) {
      this.effects.set(effect.operation, effect)
    } else if (first.index !== effect.index || first.term !== effect.term || first.previous !== effect.previous) {
      this.#report(`${node} applies operation ${tell(effect)}, which was applied as ${tell(first)}`)
    }
  }

  /** A client is told that its command was applied there, and what it gave; `undefined` for that it was refused. */
  answered(client: string, told: Omit<Effect, 'key'>): void {
    const { operation } = told
    const first = this.effects.get(operation)
    if (first === undefined) {
      this.#report(`${client} is told that operation ${tell(told)} was applied, and nobody has applied it`)
    } else if (first.index !== told.index || first.term !== told.term || first.previous !== told.previous) {
      this.#report(`${client} is told of operation ${tell(told)}; it was applied as ${tell(first)}`)
    }
  }

  /** A client is told that the machine refused its command. */
  refused(client: string, operation: number): void {
    const first = this.effects.get(operation)
    if (first === undefined || first.previous !== undefined) {
      this.#report(`${client} is told that operation ${operation} was refused, and it was not`)
    }
  }
}

function tell({ operation, index, term, previous }: Omit<Effect, 'key'>): string {
  return `${operation} at ${index}/${term} (${previous === undefined ? 'refused' : `after ${previous}`})`
}
