/**
 * Where the nodes stand, and the words of each: on an ellipse that fills the card, the first at the top, clockwise. No words
 * stand on a disc or on other words. Pure.
 */
import { around, type Box, boxAt, freePlace, overlaps, type Point, touches } from './boxes.ts'

/** Beside which edge of its disc a node's words stand. */
type Side = 'above' | 'below' | 'left' | 'right'

export interface RingLayout {
  readonly width: number
  readonly height: number
  /** Of the disc; everything around it is in proportion. */
  readonly radius: number
  readonly places: readonly Point[]
  readonly words: readonly Words[]
}

export interface Words {
  readonly side: Side
  readonly anchor: 'start' | 'middle' | 'end'
  /** Of the first line's baseline, from the disc's centre. */
  readonly x: number
  readonly y: number
  /** From one baseline to the next. */
  readonly line: number
  /** What the longest words take up. */
  readonly box: Box
}

/** What a disc's badge needs beside it, in pixels. */
const BESIDE = 24
/** "unreachable": a place is chosen for the longest words, or it would change with a node's role. */
const LONGEST = 11
/** Of a letter, and from one line to the next, in rem. */
const LETTER = 0.54
const LINE = 1.15
/** How far the disc's timer, halo and votes reach, in radii. */
export const REACH = 1.32

/** @param linesOf how many lines the words of one of them take */
export function layoutRing(
  count: number,
  width: number,
  height: number,
  rem = 14,
  linesOf: (index: number) => number = () => 1,
): RingLayout {
  const radius = discRadius(count, width, height, rem)
  // Where there is more room beside the discs than between them, words stand there.
  const wide = count > 2 && width > 1.35 * height
  const places = placesOf(count, width, height, radius, rem, wide)
  const words: Words[] = []
  for (const index of places.keys())
    words.push(wordsFor(index, { width, height, radius, places, words }, rem, linesOf(index), wide))
  return { width, height, radius, places, words }
}

function discRadius(count: number, width: number, height: number, rem: number): number {
  const [ofWidth, ofHeight] =
    count <= 3 ? [0.09, 0.1] : count <= 5 ? [0.085, 0.088] : count <= 7 ? [0.064, 0.07] : [0.054, 0.06]
  return Math.max(18, Math.min((60 / 14) * rem, width * ofWidth, height * ofHeight))
}

function placesOf(
  count: number,
  width: number,
  height: number,
  radius: number,
  rem: number,
  wide: boolean,
): readonly Point[] {
  if (count === 0) return []
  if (count === 1) return [{ x: width / 2, y: height / 2 }]
  // Two lines of words over the highest, and, where they do not stand beside, under the lowest.
  const above = 0.3 * radius + 2 * rem
  const below = wide ? 0.6 * rem : 0.12 * radius + 2.6 * rem
  const beside = wide ? besideOf(radius, rem) + LONGEST * LETTER * rem : radius * 1.3 + BESIDE
  const rx = Math.max(radius, width / 2 - beside)
  const ry = Math.max(radius, (height - above - below) / 2 - radius * 1.3)
  const reach = Math.min(rx, ry * 1.7)
  const angle = (i: number) => (count === 2 ? Math.PI : -Math.PI / 2) + (i * 2 * Math.PI) / count
  const ys = Array.from({ length: count }, (_, i) => Math.sin(angle(i)))
  // The lowest node of an odd ring stands above the ellipse's bottom: stretch what is left over.
  const lowest = Math.max(...ys)
  const stretch = count === 2 ? 1 : 2 / (1 + lowest)
  const middle = above + radius * 1.3 + ry
  const top = count === 2 ? middle : middle - ry
  return ys.map((y, i) => ({
    x: width / 2 + reach * Math.cos(angle(i)),
    y: count === 2 ? top : top + (y + 1) * ry * stretch,
  }))
}

function wordsFor(
  index: number,
  { width, height, radius, places, words }: RingLayout,
  rem: number,
  lines: number,
  wide: boolean,
): Words {
  const place = places[index] ?? { x: 0, y: 0 }
  const outward: Side = place.x < width / 2 - 1 ? 'left' : 'right'
  const usual: readonly Side[] = wide ? [outward, 'below', 'above'] : ['below', outward, 'above']
  const sides: readonly Side[] = index === 0 && places.length > 2 ? ['above', outward, 'below'] : usual
  const candidates = sides.map(side => wordsAt(side, place, radius, rem, lines))
  const isFree = ({ box }: Words) =>
    box.left >= 0 &&
    box.right <= width &&
    box.top >= 0 &&
    box.bottom <= height &&
    !words.some(other => overlaps(other.box, box)) &&
    !places.some((other, i) => i !== index && touches(box, other, radius * REACH))
  return candidates.find(isFree) ?? candidates[0] ?? wordsAt('below', place, radius, rem, 1)
}

/** From a disc's centre to words beside it. */
const besideOf = (radius: number, rem: number): number => (52 / 34) * radius + 0.3 * rem

function wordsAt(side: Side, place: Point, radius: number, rem: number, lines: number): Words {
  const scale = radius / 34
  const line = LINE * rem
  const width = LONGEST * LETTER * rem
  const height = lines * line
  const at = (x: number, y: number, anchor: Words['anchor']): Words => {
    const left = place.x + x - (anchor === 'start' ? 0 : anchor === 'end' ? width : width / 2)
    return { side, anchor, x, y, line, box: boxAt(left, place.y + y - 0.85 * rem, width, height) }
  }
  const beside = besideOf(radius, rem)
  const middle = (1 - lines) * line * 0.5 + 0.3 * rem
  switch (side) {
    case 'above':
      return at(0, -54 * scale - (lines - 1) * line, 'middle')
    case 'below':
      return at(0, 48 * scale + line, 'middle')
    case 'left':
      return at(-beside, middle, 'end')
    case 'right':
      return at(beside, middle, 'start')
    default:
      return side satisfies never
  }
}

/** How far the mark of a cut link reaches. Pixels. */
export const CUT_MARK = 8

/** Where on the link between two places the mark stands that says it is cut. */
export function cutMarkPlace({ words, places, radius }: RingLayout, a: Point, b: Point): Point {
  const clearOf = (reach: number) => (place: Point) => {
    const mark = around(place, CUT_MARK)
    return !words.some(({ box }) => overlaps(box, mark)) && !places.some(other => touches(mark, other, reach))
  }
  // On a short link the mark may stand on a timer's arc, but not on a disc.
  return freePlace(a, b, clearOf(radius * REACH)) ?? freePlace(a, b, clearOf(radius)) ?? midpoint(a, b)
}

const midpoint = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })

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
