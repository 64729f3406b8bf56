/**
 * A failing run, made short: parts of what happened are left out for as long as the same property still fails (delta
 * debugging, Zeller and Hildebrandt). Where something fails to happen after the faults, it is the faults that are left out,
 * and every attempt is given the whole time to converge.
 */

import type { SimulateOptions } from '../driver/run.ts'
import { type Happening, type Recording, record, replay } from './replay.ts'

export interface Shrunk {
  readonly recording: Recording
  readonly happenings: readonly Happening[]
  /** How many replays it took. */
  readonly replays: number
}

/** Events to spend on all replays of one failure: about half a minute. */
const defaultBudget = 6_000_000

/**
 * `undefined` if the seed does not fail.
 *
 * @throws Error if it does, but not when its happenings are replayed: then the replay is not the run, which is a mistake here.
 */
export function shrink(seed: number, options: SimulateOptions = {}, budget = defaultBudget): Shrunk | undefined {
  const recording = record(seed, options)
  const property = recording.violation?.property
  if (property === undefined) return undefined
  let replays = 0
  let spent = 0
  // Where nobody is, nothing happens either: that would be no short story but no story.
  const isKept = ({ action }: Happening): boolean => recording.failsInCalm && action.type === 'appear'
  const fails = (happenings: readonly Happening[]): boolean => {
    replays += 1
    let events = (): number => 0
    const violation = replay(recording, happenings, options, world => {
      events = () => world.events
    })
    spent += events()
    return violation?.property === property
  }
  let current = recording.happenings
  if (!fails(current)) throw new Error(`seed ${seed} fails (${property}), and a replay of all its happenings does not`)

  let size = Math.ceil(current.length / 2)
  while (size >= 1 && spent < budget) {
    let removed = false
    // From the end: the causes of what failed last tend to be late, and early ones are often the ones to keep.
    for (let end = current.length; end > 0 && spent < budget; end -= size) {
      const start = Math.max(0, end - size)
      const rest = [...current.slice(0, start), ...current.slice(start, end).filter(isKept), ...current.slice(end)]
      if (rest.length === current.length) continue
      if (!fails(rest)) continue
      current = rest
      removed = true
    }
    if (size === 1 && !removed) break
    if (size > 1) size = Math.ceil(size / 2)
  }
  return { recording, happenings: current, replays }
}
