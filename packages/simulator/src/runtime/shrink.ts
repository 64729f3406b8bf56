/**
 * A failing seed of rooms, told shortly: of the faults and requests of its bad day those are left out without which
 * the same property still fails (as ../stories/shrink.ts does with every single happening of the core's runs).
 */
import type { Violation } from '../invariants/invariant.ts'
import type { Replay } from './replayable.ts'

export interface ShrunkRoom {
  readonly violation: Violation
  /** All faults and requests of the seed, by number (from 1). */
  readonly happenings: readonly string[]
  /** Those that are not needed. */
  readonly leftOut: ReadonlySet<number>
}

/** Runs to spend on one failure. */
const mostRuns = 300

/** `undefined` if the seed does not fail. */
export async function shrinkRoom(seed: number, replay: Replay): Promise<ShrunkRoom | undefined> {
  const whole = await replay(seed)
  let [violation] = whole.violations
  if (violation === undefined) return undefined
  const { property } = violation
  let needed = whole.happenings.map((_, i) => i + 1)
  let leftOut: ReadonlySet<number> = new Set()
  let runs = 0
  let size = Math.ceil(needed.length / 2)
  while (size >= 1 && runs < mostRuns) {
    let removed = false
    // From the end: the causes of what failed last tend to be late, and early ones are often the ones to keep.
    for (let end = needed.length; end > 0 && runs < mostRuns; end -= size) {
      const rest = [...needed.slice(0, Math.max(0, end - size)), ...needed.slice(end)]
      const without = new Set(whole.happenings.map((_, i) => i + 1).filter(number => !rest.includes(number)))
      runs++
      const [found] = (await replay(seed, { leftOut: without })).violations
      if (found?.property !== property) continue
      violation = found
      needed = rest
      leftOut = without
      removed = true
    }
    if (size === 1 && !removed) break
    if (size > 1) size = Math.ceil(size / 2)
  }
  return { violation, happenings: whole.happenings, leftOut }
}
