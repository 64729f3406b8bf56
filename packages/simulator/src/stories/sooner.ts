/**
 * Fewer milliseconds between the happenings of a failing run. Timers run out when a replay says so; so where the failure is
 * none of time, all of it can happen at one moment, and what was only there to pass the time can go.
 */
import type { Attempts } from './attempts.ts'
import type { Happening } from './replay.ts'

/** In stretches of all, a quarter, … down to `least`. Says whether it got any sooner. */
export function happenSooner(attempts: Attempts, least: number): boolean {
  const before = attempts.happenings.at(-1)?.at ?? 0
  if (before === 0) return false
  let size = attempts.happenings.length
  while (size >= least && !attempts.isOver) {
    for (let from = 0; from < attempts.happenings.length && !attempts.isOver; from += size) {
      const sooner = withoutPauses(attempts.happenings, from, from + size)
      if (sooner !== undefined) attempts.succeeds(sooner)
    }
    if (size === least) break
    size = Math.max(least, Math.ceil(size / 4))
  }
  return (attempts.happenings.at(-1)?.at ?? 0) < before
}

/** Those from `from` to before `to` come at the time of the one before; `undefined` if they do already. */
function withoutPauses(happenings: readonly Happening[], from: number, to: number): readonly Happening[] | undefined {
  let earlier = 0
  let saved = 0
  const sooner = happenings.map((happening, place) => {
    const { at, clocks } = happening
    if (place >= from && place < to) saved += Math.max(0, at - earlier)
    earlier = Math.max(earlier, at)
    const passed = saved
    if (passed === 0) return happening
    return { ...happening, at: at - passed, clocks: clocks.map(reading => Math.max(0, reading - passed)) }
  })
  return saved === 0 ? undefined : sooner
}
