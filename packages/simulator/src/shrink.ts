/**
 * A failing run, made short: parts of what happened are left out for as long as the same property still fails (delta
 * debugging, Zeller and Hildebrandt). What fails only at the end of a whole run, liveness and stability, is left as it is.
 */

import { type Happening, type Recording, record, replay } from './replay.ts'
import type { SimulateOptions } from './run.ts'

export interface Shrunk {
  readonly recording: Recording
  readonly happenings: readonly Happening[]
  /** How many replays it took. */
  readonly replays: number
}

/** `undefined` if the seed does not fail, or does not fail when its happenings are replayed. */
export function shrink(seed: number, options: SimulateOptions = {}, mostReplays = 4000): Shrunk | undefined {
  const recording = record(seed, options)
  const property = recording.violation?.property
  if (property === undefined) return undefined
  let replays = 0
  const fails = (happenings: readonly Happening[]): boolean => {
    replays += 1
    return replay(recording, happenings, options)?.property === property
  }
  let current = recording.happenings
  if (!fails(current)) return undefined

  let size = Math.ceil(current.length / 2)
  while (size >= 1 && replays < mostReplays) {
    let removed = false
    // From the end: the causes of what failed last tend to be late, and early ones are often the ones to keep.
    for (let end = current.length; end > 0 && replays < mostReplays; end -= size) {
      const start = Math.max(0, end - size)
      const rest = [...current.slice(0, start), ...current.slice(end)]
      if (!fails(rest)) continue
      current = rest
      removed = true
    }
    if (size === 1 && !removed) break
    if (size > 1) size = Math.ceil(size / 2)
  }
  return { recording, happenings: current, replays }
}
