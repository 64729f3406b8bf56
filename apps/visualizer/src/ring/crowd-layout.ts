/**
 * Where a crowd stands: in the middle of the ring, clear of the ways between neighbors on it, one dot for each, spread as the
 * seeds of a sunflower are, so that any number fills the same disc. Pure.
 */
import type { Point } from './boxes.ts'
import type { RingLayout } from './layout.ts'

export interface CrowdLayout {
  readonly center: Point
  readonly radius: number
  readonly dotRadius: number
  /** From the centre, the first in the middle. */
  readonly dots: readonly Point[]
}

/** Of the way from the middle to the nearest disc's edge. */
const SHARE = 0.52
const LEAST_RADIUS = 22
const MOST_RADIUS = 96
/** How much of the disc the dots cover. */
const DENSITY = 0.62
const MOST_DOT = 7
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5))

export function layoutCrowd(count: number, { places, radius: disc, width, height }: RingLayout): CrowdLayout {
  const center = middleOf(places) ?? { x: width / 2, y: height / 2 }
  const clear =
    Math.min(...places.map(({ x, y }) => Math.hypot(x - center.x, y - center.y)), width / 2, height / 2) - disc
  const radius = Math.max(LEAST_RADIUS, Math.min(MOST_RADIUS, clear * SHARE))
  const dotRadius = Math.min(MOST_DOT, radius * Math.sqrt(DENSITY / Math.max(1, count)) * 0.9)
  const reach = radius - 1.5 * dotRadius
  const dots = Array.from({ length: count }, (_, i) => {
    const from = reach * Math.sqrt((i + 0.5) / count)
    const angle = i * GOLDEN_ANGLE
    return { x: from * Math.cos(angle), y: from * Math.sin(angle) }
  })
  return { center, radius, dotRadius, dots }
}

function middleOf(places: readonly Point[]): Point | undefined {
  if (places.length < 2) return undefined
  const xs = places.map(({ x }) => x)
  const ys = places.map(({ y }) => y)
  return { x: (Math.min(...xs) + Math.max(...xs)) / 2, y: (Math.min(...ys) + Math.max(...ys)) / 2 }
}
