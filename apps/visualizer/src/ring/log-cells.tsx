/** A short log beside its node, for a projector: the terms of its entries, drawn as in the ledger. */
import { termStyle } from '../style/term-colour.ts'
import { entriesBetween } from '../trace-view/log-view.ts'
import type { NodeView } from '../trace-view/view.ts'
import type { Words } from './layout.ts'
import './log-cells.css'

/** A longer log has no room beside its node. */
export const MOST_CELLS = 5

/** In rem: a cell, at most, and what is between two. */
const CELL = 1.35
const GAP = 0.18

export const fitsBesideNode = ({ log }: NodeView): boolean => log.lastIndex <= MOST_CELLS && log.snapshotIndex === 0

/** Drawn at a baseline of words, in pixels of the page. */
export function LogCells({
  node,
  words,
  rem,
}: {
  readonly node: NodeView
  readonly words: Words
  readonly rem: number
}) {
  const entries = entriesBetween(node.log, 1, MOST_CELLS)
  const room = words.box.right - words.box.left
  const gap = GAP * rem
  const cell = Math.min(CELL * rem, (room - (entries.length - 1) * gap) / Math.max(1, entries.length))
  const width = entries.length * cell + (entries.length - 1) * gap
  const left = words.anchor === 'start' ? 0 : words.anchor === 'end' ? -width : -width / 2
  return (
    <g className="log-cells">
      {entries.map((entry, i) => {
        const volatile = entry.index > node.log.durableIndex
        const state = volatile ? 'volatile' : entry.index <= node.commitIndex ? 'committed' : ''
        return (
          <g
            key={entry.index}
            className={`log-cell ${state}`}
            style={termStyle(entry.term)}
            transform={`translate(${left + i * (cell + gap)} ${-0.95 * cell})`}
          >
            <rect width={cell} height={cell} rx={0.22 * cell} />
            <text x={cell / 2} y={0.71 * cell} fontSize={0.62 * cell}>
              {entry.term}
            </text>
          </g>
        )
      })}
    </g>
  )
}
