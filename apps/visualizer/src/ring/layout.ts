/** Where the nodes stand: on an ellipse that fills the card, the first at the top, clockwise. Pure. */

export interface Point {
  readonly x: number
  readonly y: number
}

export interface RingLayout {
  readonly width: number
  readonly height: number
  /** Of the disc; everything around it is in proportion. */
  readonly radius: number
  readonly places: readonly Point[]
}

/** Beside a disc: its timer and badge. Above and below: those, and two lines of words. In pixels, at a rem of 14. */
const BESIDE = 24
const WORDS = 34

export function layoutRing(count: number, width: number, height: number, rem = 14): RingLayout {
  const radius = discRadius(count, width, height)
  const center = { x: width / 2, y: height / 2 }
  if (count <= 1) return { width, height, radius, places: count === 1 ? [center] : [] }
  const rx = Math.max(radius, width / 2 - radius * 1.3 - BESIDE)
  const ry = Math.max(radius, height / 2 - radius * 1.3 - (WORDS * rem) / 14)
  const reach = Math.min(rx, ry * 1.45)
  const angle = (i: number) => (count === 2 ? Math.PI : -Math.PI / 2) + (i * 2 * Math.PI) / count
  // The lowest node of an odd ring stands above the ellipse's bottom: move the ring down by half of what is left over.
  const ys = Array.from({ length: count }, (_, i) => Math.sin(angle(i)))
  const shift = (ry * (1 - Math.max(...ys))) / 2
  const places = ys.map((y, i) => ({ x: center.x + reach * Math.cos(angle(i)), y: center.y + ry * y + shift }))
  return { width, height, radius, places }
}

function discRadius(count: number, width: number, height: number): number {
  const [ofWidth, ofHeight] =
    count <= 3 ? [0.09, 0.1] : count <= 5 ? [0.085, 0.088] : count <= 7 ? [0.075, 0.08] : [0.06, 0.066]
  return Math.max(18, Math.min(60, width * ofWidth, height * ofHeight))
}

/** A node's words stand under it; at the top of the ring, and where the next node is close below, over it. */
export function hasWordsAbove(layout: RingLayout, index: number, rem: number): boolean {
  const { places, radius, height } = layout
  const place = places[index]
  if (place === undefined || places.length < 3) return false
  if (index === 0) return true
  const isClose = (other: Point) =>
    other.y > place.y && Math.abs(other.x - place.x) < 2.4 * radius && other.y - place.y < 2.6 * radius + 2.6 * rem
  return place.y < height / 2 && places.some(isClose)
}

export interface Way {
  readonly from: Point
  readonly to: Point
}

/** From edge to edge; each direction keeps to its own side, so that a question and its answer do not collide. */
export function wayBetween(layout: RingLayout, from: number, to: number, aside = 0): Way | undefined {
  const a = layout.places[from]
  const b = layout.places[to]
  if (a === undefined || b === undefined) return undefined
  const dx = b.x - a.x
  const dy = b.y - a.y
  const length = Math.hypot(dx, dy) || 1
  const ux = dx / length
  const uy = dy / length
  const gap = Math.min(layout.radius * 1.42, length / 2)
  const side = { x: -uy * aside, y: ux * aside }
  return {
    from: { x: a.x + ux * gap + side.x, y: a.y + uy * gap + side.y },
    to: { x: b.x - ux * gap + side.x, y: b.y - uy * gap + side.y },
  }
}
