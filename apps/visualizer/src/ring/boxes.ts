/** Boxes on a drawing, and places that are clear of them. Pure. */

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

export function around({ x, y }: Point, reach: number): Box {
  return boxAt(x - reach, y - reach, 2 * reach, 2 * reach)
}

export function boxAt(left: number, top: number, width: number, height: number): Box {
  return { left, top, right: left + width, bottom: top + height }
}

export function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

/** Whether the box reaches into the circle. */
export function touches(box: Box, center: Point, radius: number): boolean {
  const x = Math.max(box.left, Math.min(center.x, box.right))
  const y = Math.max(box.top, Math.min(center.y, box.bottom))
  return Math.hypot(x - center.x, y - center.y) < radius
}

/** How far from the middle a mark on a line may be moved, in steps of its length. */
const FARTHEST = 0.3
const STEP = 0.03

/** The place nearest to the middle of the line from `a` to `b` that is free, if there is one. */
export function freePlace(a: Point, b: Point, isFree: (place: Point) => boolean): Point | undefined {
  const at = (t: number) => ({ x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t })
  for (let off = 0; off <= FARTHEST; off += STEP) {
    for (const t of [0.5 + off, 0.5 - off]) if (isFree(at(t))) return at(t)
  }
  return undefined
}
