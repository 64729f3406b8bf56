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
  const { steps, now } = history.run
  const first = history.stepAt(from)
  const last = history.stepAt(to)
  const spans: Span[] = []
  for (const id of nodes) {
    let open: Span | undefined
    for (let i = first; i <= last; i++) {
      const node = history.view(i).nodes.get(id)
      const at = Math.max(from, steps[i]?.at ?? 0)
      const up = node !== undefined && node.life === 'running' && node.heard
      const leads = up && node.role === 'leader'
      if (open !== undefined && up && open.term === node.term && open.leads === leads) continue
      if (open !== undefined) spans.push({ ...open, to: at })
      open = up ? { node: id, from: at, to, term: node.term, leads } : undefined
    }
    if (open !== undefined) spans.push({ ...open, to: Math.min(to, Math.max(now, open.from)) })
  }
  return spans
}

/** More lines than this are a carpet. */
const MOST_LINES = 600
/** A message that takes longer than this was held back. */
const LONGEST_FLIGHT_MS = 1_000

export function linesBetween(history: RunHistory, from: number, to: number): Line[] {
  const { steps } = history.run
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
    const name = (id: string) => nameOf(history.view(i), id)
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
