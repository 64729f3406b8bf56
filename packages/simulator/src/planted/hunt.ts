/** Seed after seed with a planted bug, until something catches it. */
import { type SimulateOptions, simulate } from '../driver/run.ts'
import type { PlantedBug } from './bug.ts'
import { coreWith } from './patched-core.ts'

export interface Catch {
  readonly seed: number
  /** How many seeds it took. */
  readonly seeds: number
  readonly property: string
  readonly detail: string
}

export async function optionsFor(bug: PlantedBug): Promise<SimulateOptions> {
  const makeRaft = await coreWith(bug)
  return {
    makeRaft,
    ...(bug.mix === undefined ? {} : { mix: bug.mix }),
    ...(bug.sabotage === undefined ? {} : { observe: bug.sabotage }),
  }
}

/** `undefined` if `most` seeds from `from` on show nothing. */
export function hunt(options: SimulateOptions, from: number, most: number): Catch | undefined {
  for (let seed = from; seed < from + most; seed++) {
    const [violation] = simulate(seed, options).violations
    if (violation !== undefined) return { seed, seeds: seed - from + 1, ...violation }
  }
  return undefined
}
