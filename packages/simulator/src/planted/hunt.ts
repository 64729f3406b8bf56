/** Seed after seed with a planted bug, until something catches it. */
import { type SimulateOptions, simulate } from '../driver/run.ts'
import type { Mix } from '../driver/swarm.ts'
import { record } from '../stories/replay.ts'
import { type Shrunk, shrink } from '../stories/shrink.ts'
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

/** So many failing seeds are looked at for one that can be told in few words, of the days as drawn and of plain ones each, … */
const candidates = 4
/** … among so many of those that follow the first. */
const further = 1_000
/** Events to spend on the replays of one that may be told. */
const tryout = 150_000

export interface Told {
  readonly shrunk: Shrunk
  /** With which it was found. */
  readonly options: SimulateOptions
}

/**
 * Of the seeds that violate the same property as the first one does, the one that the shrinker tells in the fewest words. What a mistake needs is
 * often there on a plain day too, and on that there is less to leave out.
 *
 * @param budget events to spend on the replays of each of the two that promise most
 */
export function shortestStory(options: SimulateOptions, first: Catch, budget: number): Told | undefined {
  const days = [options, onPlainDays(options)]
  const tried = days.flatMap(day => failing(day, first).flatMap(seed => toldWithin(seed, day, tryout)))
  const finalists = tried.sort(shortestFirst).slice(0, 2)
  return finalists
    .flatMap(({ shrunk, options }) => toldWithin(shrunk.recording.seed, options, budget))
    .sort(shortestFirst)[0]
}

function toldWithin(seed: number, options: SimulateOptions, budget: number): readonly Told[] {
  const shrunk = shrink(seed, options, budget)
  return shrunk === undefined ? [] : [{ shrunk, options }]
}

const shortestFirst = (a: Told, b: Told): number => a.shrunk.happenings.length - b.shrunk.happenings.length

/** The first seeds that violate that property. */
function failing(options: SimulateOptions, { seed, property }: Catch): readonly number[] {
  const found: number[] = []
  for (let next = seed; next < seed + further && found.length < candidates; next++) {
    if (record(next, options).violation?.property === property) found.push(next)
  }
  return found
}

/** Few voters, elections without a question before, and clients that ask for little. */
function onPlainDays(options: SimulateOptions): SimulateOptions {
  const plain = (mix: Mix): Mix => ({
    ...mix,
    voters: Math.min(3, mix.voters),
    raftOptions: { ...mix.raftOptions, preVote: false },
    clients: 1,
    burst: 0,
    padding: 0,
    batching: 0,
  })
  return { ...options, mix: drawn => plain(options.mix?.(drawn) ?? drawn) }
}
