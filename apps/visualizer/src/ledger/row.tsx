/** One node's log in the ledger: its entries, how far they are committed, and what the leader believes of them. */

import type { EntrySummary } from '@flotilla/core'
import { memo } from 'react'
import type { Stage } from '../stage/stage.ts'
import { termStyle } from '../style/term-colour.ts'
import { entryWords } from '../trace-view/entry-words.ts'
import { entriesBetween } from '../trace-view/log-view.ts'
import { isSilent, type Seat } from '../trace-view/roster.ts'
import type { FollowerProgress, NodeView } from '../trace-view/view.ts'
import { picture } from '../words/picture.ts'
import { useLanguage } from '../words/use-language.ts'
import './row.css'

export interface LedgerRowProps {
  readonly seat: Seat
  /** The index before the first column. */
  readonly base: number
  readonly from: number
  readonly to: number
  /** A column's width in pixels. */
  readonly cell: number
  readonly inCell: Stage['inCell']
  /** What there is room for in a cell beside its term. */
  readonly lines: number
  /** The last index of any log. */
  readonly last: number
  /** Where the sheet ends, in pixels. */
  readonly end: number
  readonly progress: FollowerProgress | undefined
  /** In a flood no entry is watched from its arrival on: the elements stay, and what they say changes. */
  readonly busy: boolean
  /** The same node in a run beside this one; `alone` where there is none. */
  readonly counterpart: NodeView | undefined | 'alone'
}

export const LedgerRow = memo(function LedgerRow(props: LedgerRowProps) {
  useLanguage()
  const { seat, base, from, to, cell, progress, busy, counterpart } = props
  const { node } = seat
  const x = (index: number) => (index - base - 1) * cell
  const entries = entriesBetween(node.log, from, to)
  const away = seat.presence !== 'here'
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: cells are placed by index, not laid out as a list */}
      <div role="list" aria-label={summary(seat)} className={away ? 'cells away' : 'cells'}>
        {entries.map(entry => (
          <Cell
            key={busy ? entry.index % (to - from + 1) : `${entry.index} ${entry.term}`}
            entry={entry}
            differs={counterpart !== 'alone' && !hasEntry(counterpart, entry)}
            node={node}
            left={x(entry.index)}
            width={cell}
            inCell={props.inCell?.(entry, props.lines)}
          />
        ))}
      </div>
      <Before node={node} left={x(base + 1)} right={x(node.log.firstIndex)} />
      <End {...props} left={x(Math.max(base, node.log.lastIndex) + 1)} />
      {node.commitIndex > base && <i className="commit-bar" style={{ left: x(node.commitIndex + 1) }} />}
      {progress && !away && <Knowledge progress={progress} x={x} cell={cell} base={base} />}
    </>
  )
})

function Cell(props: {
  readonly entry: EntrySummary
  readonly differs: boolean
  readonly node: NodeView
  readonly left: number
  readonly width: number
  readonly inCell: string | undefined
}) {
  const { entry, node } = props
  const durable = entry.index <= node.log.durableIndex
  const committed = entry.index <= node.commitIndex
  const words = entryWords(entry)
  const { states, entryTitle, entryLabel } = picture()
  const stored = !durable ? states.volatile : committed ? states.committed : states.uncommitted
  const state = props.differs ? `${stored}, ${picture().differs}` : stored
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the list around it
    <div
      role="listitem"
      className={[
        'cell',
        committed ? 'committed' : '',
        durable ? '' : 'volatile',
        props.differs ? 'differs' : '',
        entry.kind,
      ].join(' ')}
      style={{ ...termStyle(entry.term), left: props.left, width: props.width }}
      title={entryTitle(entry.index, entry.term, words.long, state)}
      aria-label={entryLabel(entry.index, entry.term, words.long, state)}
    >
      <b>{entry.term}</b>
      <span>{props.inCell ?? words.short}</span>
    </div>
  )
}

function hasEntry(counterpart: NodeView | undefined, entry: EntrySummary): boolean {
  if (counterpart === undefined) return false
  if (entry.index < counterpart.log.firstIndex) return true
  const [theirs] = entriesBetween(counterpart.log, entry.index, entry.index)
  return theirs?.term === entry.term && theirs.text === entry.text
}

/** What stands before the first entry that is known: a snapshot, or what this tab came too late to see. */
function Before({ node, left, right }: { readonly node: NodeView; readonly left: number; readonly right: number }) {
  if (!node.heard || right <= left || node.log.lastIndex === 0) return null
  const seen = node.log.snapshotIndex + 1 >= node.log.firstIndex
  return (
    <div className="before" style={{ left, width: right - left }}>
      <span>{seen ? picture().snapshotUpTo(node.log.snapshotIndex) : picture().notSeen}</span>
    </div>
  )
}

/** An entry on its way is one behind, and soon there. */
const BEHIND = 2

/** Where a log ends that is shorter than others; at the edge, where its end is out of sight. It would be a blank row else. */
function End(props: LedgerRowProps & { readonly left: number }) {
  const { node, presence } = props.seat
  const { lastIndex } = node.log
  const behind = props.last - lastIndex
  if (behind <= 0 || (presence === 'here' && (behind < BEHIND || (props.busy && lastIndex >= props.from)))) return null
  const words = node.heard ? (lastIndex === 0 ? picture().empty : picture().endsAt(lastIndex)) : unheard(props.seat)
  return (
    <div className="log-end" style={{ left: props.left, width: props.end - props.left }}>
      <span>{words}</span>
    </div>
  )
}

/** A dot under the last entry that the leader knows to be stored here, a triangle under the one it sends next. */
function Knowledge(props: {
  readonly progress: FollowerProgress
  readonly x: (index: number) => number
  readonly cell: number
  readonly base: number
}) {
  const { matchIndex, nextIndex } = props.progress
  const center = (index: number) => props.x(index) + props.cell / 2
  return (
    <>
      {matchIndex > props.base && <i className="match" style={{ left: center(matchIndex) }} />}
      {nextIndex > props.base && <i className="next" style={{ left: center(nextIndex) }} />}
    </>
  )
}

const unheard = (seat: Seat): string => (isSilent(seat) ? picture().tellsNoLog : picture().notHeard)

function summary(seat: Seat): string {
  const { name, node } = seat
  const { logOf } = picture()
  if (!node.heard) return (isSilent(seat) ? logOf.tellsNone : logOf.notHeard)(name)
  if (node.log.lastIndex === 0) return logOf.empty(name)
  return logOf.upTo(name, node.log.lastIndex, node.commitIndex)
}
