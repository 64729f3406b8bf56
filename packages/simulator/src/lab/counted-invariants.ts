/** The properties that are watched in the Lab, each with how often it has been checked. */
import { coreInvariants } from '../invariants/checker.ts'
import type { Ghost } from '../invariants/ghost.ts'
import { Ghost as EmptyGhost } from '../invariants/ghost.ts'
import type { Invariant, InvariantFactory } from '../invariants/invariant.ts'

/** In the order in which they are counted. The last three are judged by the run itself. */
export const propertyNames: readonly string[] = [
  ...coreInvariants.map(factory => factory(new EmptyGhost(), () => undefined).name),
  'Linearizability',
  'Core Assertion',
  'Persist Unit',
]

export class CountedInvariants {
  readonly counts: Uint32Array
  readonly factories: readonly InvariantFactory[] = coreInvariants.map(
    (factory, place): InvariantFactory =>
      (ghost: Ghost, report) =>
        this.#counting(factory(ghost, report), place),
  )

  /** @param counts so far */
  constructor(counts = new Uint32Array(propertyNames.length)) {
    this.counts = counts
  }

  /** For what is checked elsewhere. */
  count(property: string): void {
    const place = propertyNames.indexOf(property)
    if (place >= 0) this.counts[place] = (this.counts[place] ?? 0) + 1
  }

  #counting(invariant: Invariant, place: number): Invariant {
    const { counts } = this
    const counting = new Map<PropertyKey, (...observation: unknown[]) => unknown>()
    return new Proxy(invariant, {
      get(target, key) {
        const known = counting.get(key)
        if (known !== undefined) return known
        const hook: unknown = Reflect.get(target, key)
        if (typeof hook !== 'function') return hook
        const counted = (...observation: unknown[]): unknown => {
          counts[place] = (counts[place] ?? 0) + 1
          return Reflect.apply(hook, target, observation)
        }
        counting.set(key, counted)
        return counted
      },
    })
  }
}
