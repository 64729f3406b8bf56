/** A machine with more to do than it can, as ../driver/starvation.ts has it for cores: every page waits for its turns, all day long. */
import type { Random } from '../ground/random.ts'
import type { Page } from './page.ts'
import type { Timeline } from './timeline.ts'

/** `waitsMs`: the longest that a page waits for its turn. */
export function starve(timeline: Timeline, page: Page, random: Random, waitsMs: number, goesOn: () => boolean): void {
  if (!page.isAlive || !goesOn()) return
  const isWaiting = page.stall()
  timeline.after(random.between(0, waitsMs), () => {
    if (isWaiting) page.goOn(random.chance(0.5))
    timeline.after(random.between(0, waitsMs / 10), () => starve(timeline, page, random, waitsMs, goesOn))
  })
}
