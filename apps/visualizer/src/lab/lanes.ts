/** What the space-time diagram draws between two moments of a run: spans of terms, and messages as lines. */
import type { NodeId } from '@flotilla/core'
import { nameOf } from '../trace-view/view.ts'
import { lab } from '../words/lab.ts'
import type { RunHistory } from './history.ts'
import { kindOfLetter } from './movement.ts'

/** A node was up and in this term. */
export interface Span {
  readonly node: NodeId
  readonly from: number
  readonly to: number
  readonly term: number
  readonly leads: boolean
}

export interface Line {
  readonly key: string
  readonly kind: string
  readonly sender: NodeId
  readonly receiver: NodeId
  readonly from: number
  readonly to: number
  readonly lost: boolean
  /** The event of its arrival; `undefined` while it is on its way. */
  readonly step: number | undefined
  readonly title: string
}

export function spansOf(history: RunHistory, nodes: readonly NodeId[], from: number, to: number): Span[] {
  const { now, latest } = history.run
  history.view(latest.index)
  const end = Math.min(to, now)
  const spans: Span[] = []
  for (const id of nodes) {
    const tenures = history.tenures.get(id) ?? []
    const first = Math.max(
      0,
      tenures.findLastIndex(tenure => tenure.from <= from),
    )
    for (let i = first; i < tenures.length; i++) {
      const tenure = tenures[i]
      if (tenure === undefined || tenure.from > to) break
      const until = Math.min(tenures[i + 1]?.from ?? end, to)
      if (!tenure.up || until <= Math.max(from, tenure.from)) continue
      spans.push({ node: id, from: Math.max(from, tenure.from), to: until, term: tenure.term, leads: tenure.leads })
    }
  }
  return spans
}

/** More lines than this are a carpet. */
const MOST_LINES = 600
/** A message that takes longer than this was held back. */
const LONGEST_FLIGHT_MS = 1_000

export function linesBetween(history: RunHistory, from: number, to: number): Line[] {
  const { steps, latest } = history.run
  const view = history.view(latest.index)
  const name = (id: string) => nameOf(view, id)
  const lines: Line[] = []
  // What was sent before the window may arrive in it.
  for (let i = Math.max(1, history.stepAt(from)); i < steps.length && lines.length < MOST_LINES; i++) {
    const step = steps[i]
    if (step === undefined || step.at > to + LONGEST_FLIGHT_MS) break
    const { occurrence, cause } = step
    const letter =
      occurrence.type === 'delivered' || occurrence.type === 'lost'
        ? occurrence.letter
        : occurrence.type === 'moved' &&
            cause.type === 'message' &&
            (occurrence.move.type === 'deliver' || occurrence.move.type === 'drop')
          ? cause.letter
          : undefined
    if (letter === undefined) continue
    if (letter.sentAt > to) continue
    const lost = occurrence.type === 'lost' || (occurrence.type === 'moved' && occurrence.move.type === 'drop')
    lines.push({
      key: `${letter.name} ${i}`,
      kind: kindOfLetter(letter, steps),
      sender: letter.from,
      receiver: letter.to,
      from: letter.sentAt,
      to: step.at,
      lost,
      step: i,
      title: lab().lanes.line(letter.summary.type, name(letter.from), name(letter.to), lost),
    })
  }
  for (const letter of history.run.latest.letters) {
    if (letter.sentAt > to || lines.length >= MOST_LINES) continue
    lines.push({
      key: letter.name,
      kind: kindOfLetter(letter, steps),
      sender: letter.from,
      receiver: letter.to,
      from: letter.sentAt,
      to: Math.max(letter.sentAt, letter.held ? history.run.now : letter.arrivesAt),
      lost: false,
      step: undefined,
      title: lab().lanes.onItsWay(letter.summary.type),
    })
  }
  return lines
}

/** A line nearer than this to the pointer is meant. Pixels. */
const REACH = 6

interface Point {
  readonly x: number
  readonly y: number
}

export function nearestLine(
  lines: readonly Line[],
  point: Point,
  x: (at: number) => number,
  y: (id: NodeId) => number,
): Line | undefined {
  let nearest: Line | undefined
  let least = REACH
  for (const line of lines) {
    const distance = distanceTo(point, { x: x(line.from), y: y(line.sender) }, { x: x(line.to), y: y(line.receiver) })
    if (distance >= least) continue
    least = distance
    nearest = line
  }
  return nearest
}

function distanceTo(point: Point, a: Point, b: Point): number {
  const dx = b.x - a.x
  const dy = b.y - a.y
  const share = ((point.x - a.x) * dx + (point.y - a.y) * dy) / (dx * dx + dy * dy || 1)
  const along = Math.min(1, Math.max(0, share))
  return Math.hypot(point.x - a.x - along * dx, point.y - a.y - along * dy)
}
