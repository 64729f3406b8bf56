/** Writes of a failing run in one call: so they are one unit for the disk, and one message for each follower. */
import type { Attempts } from './attempts.ts'
import type { Happening } from './replay.ts'

/** Each write with the one before at the same node, whatever came between. Says whether any went together. */
export function writeTogether(attempts: Attempts): boolean {
  const before = attempts.happenings.length
  for (let place = before - 1; place > 0 && !attempts.isOver; place--) {
    const together = withTheOneBefore(attempts.happenings, place)
    if (together !== undefined) attempts.succeeds(together)
    place = Math.min(place, attempts.happenings.length)
  }
  return attempts.happenings.length < before
}

function withTheOneBefore(happenings: readonly Happening[], place: number): readonly Happening[] | undefined {
  const later = happenings[place]?.action
  if (later?.type !== 'propose') return undefined
  const earlierPlace = happenings.findLastIndex(({ action }, i) => i < place && isWriteAt(action, later.node))
  const earlier = happenings[earlierPlace]
  if (earlier?.action.type !== 'propose') return undefined
  const times = (earlier.action.times ?? 1) + (later.times ?? 1)
  const both = { ...earlier, action: { ...earlier.action, times, drain: earlier.action.drain || later.drain } }
  return happenings.flatMap((happening, i) => (i === place ? [] : [i === earlierPlace ? both : happening]))
}

function isWriteAt(action: Happening['action'], node: number): boolean {
  return action.type === 'propose' && action.node === node
}
