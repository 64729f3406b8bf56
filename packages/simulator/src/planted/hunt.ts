/** Seed after seed with a planted bug, until something catches it. */
import { type SimulateOptions, simulate } from '../driver/run.ts'
import { record } from '../stories/replay.ts'
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

/** So many failing seeds are looked at for one that can be told in few words, … */
const candidates = 6
/** … among so many of those that follow the first. */
const further = 150

/** Of the seeds that violate the same property as the first one does, the one in which the least happens until then. */
export function easiestToTell(options: SimulateOptions, first: Catch): number {
  let best = first.seed
  let fewest = Number.POSITIVE_INFINITY
  let seen = 0
  for (let seed = first.seed; seed < first.seed + further && seen < candidates; seed++) {
    const { violation, happenings, failsInCalm } = record(seed, options)
    if (violation?.property !== first.property) continue
    seen += 1
    // What only fails in the calm is told by what led to it, and often nothing did.
    const length = failsInCalm ? 0 : happenings.length
    if (length >= fewest) continue
    fewest = length
    best = seed
  }
  return best
}
