/**
 * Every node's log, one row each, aligned by index. The names stay, the indexes scroll, and the end is followed until the
 * reader scrolls back. Only what is in sight has elements: a log of thousands costs what a log of ten does.
 */
import { type CSSProperties, type ReactNode, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { CrownMark } from '../ring/shapes.tsx'
import { useCluster, useFocus, useSeats } from '../stage/stage.ts'
import { useRem } from '../stage/use-rem.ts'
import { useSize } from '../stage/use-size.ts'
import type { Seat } from '../trace-view/roster.ts'
import { LedgerRow, type LedgerRowProps } from './row.tsx'
import { columnsInSight, isAtTail } from './window.ts'
import './ledger.css'

/** In rem. */
const CELL = 4.7
/** Empty columns after the end, so that what comes next has a place already; fewer where there is little room. */
const ROOM = 2
const NARROW = 26
/** Rows grow into the height there is, between these. In rem. */
const LEAST_ROW = 4.1
const LARGEST_ROW = 6
/** In entries: as many as may be written in a second or two. */
const KEEPS_UP = 400
const AXIS = 2

export function Ledger() {
  const seats = useSeats()
  const busy = useCluster(state => state.busy)
  const rem = useRem()
  const [body, bodySize] = useSize<HTMLDivElement>({ width: 640, height: 340 })
  const { row, grown } = rowSize(bodySize.height / rem, seats.length)
  const cell = rem * CELL * grown
  const [measure, size] = useSize<HTMLElement>({ width: 560, height: 300 })
  const scroller = useRef<HTMLElement | null>(null)
  const [scrolled, setScrolled] = useState(0)
  const [following, setFollowing] = useState(true)
  const extent = useMemo(() => extentOf(seats), [seats])
  const span = Math.max(
    extent.last - extent.base + (size.width < NARROW * rem ? 1 : ROOM),
    Math.floor(size.width / cell),
  )
  const width = span * cell
  // Computed rather than read back: reading would lay out the whole page, in the middle of every rendering. In a flood the
  // others' news is a quarter of a second old: what all are known to hold is shown, rather than empty rows.
  const ahead = busy ? extent.last - extent.shared : 0
  const end = Math.max(0, width - ahead * cell - size.width)
  const left = following ? end : scrolled
  const window = columnsInSight(left, size.width, cell, extent.base, extent.base + span)

  const attach = useCallback(
    (element: HTMLElement | null) => {
      scroller.current = element
      return measure(element)
    },
    [measure],
  )

  useLayoutEffect(() => {
    if (following && scroller.current) scroller.current.scrollLeft = end
  }, [following, end])

  const onScroll = () => {
    const element = scroller.current
    if (element === null) return
    const atTail = isAtTail(element.scrollLeft, size.width, end + size.width, cell)
    setFollowing(atTail)
    if (!atTail) setScrolled(element.scrollLeft)
  }

  const leader = leaderOf(seats)
  const indexes = Array.from({ length: Math.max(0, window.to - window.from + 1) }, (_, i) => window.from + i)

  return (
    <section className={busy ? 'card ledger busy' : 'card ledger'} aria-label="Logs">
      <div className="card-head">
        <h2>Logs</h2>
        <span className="hint">solid = committed · tinted = not yet · dashed = not on disk yet</span>
        <button type="button" className="button small follow" hidden={following} onClick={() => setFollowing(true)}>
          To the end →
        </button>
      </div>
      {seats.length === 0 ? (
        <p className="empty">Every node’s log will stand here, entry under entry.</p>
      ) : (
        <div className="ledger-body" ref={body} style={{ '--row': `${row}rem`, '--grown': grown } as CSSProperties}>
          <div className="ledger-names">
            <div className="ledger-corner" />
            {seats.map(seat => (
              <RowName key={seat.node.id} seat={seat} />
            ))}
          </div>
          <section
            className="ledger-scroller"
            ref={attach}
            onScroll={onScroll}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
            tabIndex={0}
            aria-label="Log entries by index; scroll sideways"
          >
            <div className="ledger-sheet" style={{ width }}>
              <div className="ledger-axis" aria-hidden="true">
                {indexes.map(index => (
                  <span
                    key={busy ? index % indexes.length : index}
                    style={{ left: (index - extent.base - 1) * cell, width: cell }}
                  >
                    {index}
                  </span>
                ))}
              </div>
              {seats.map(seat => (
                <Row
                  key={seat.node.id}
                  seat={seat}
                  base={extent.base}
                  from={window.from}
                  to={window.to}
                  cell={cell}
                  busy={busy}
                  progress={leader === seat ? undefined : leader?.node.progress.get(seat.node.id)}
                />
              ))}
            </div>
          </section>
        </div>
      )}
      <Legend />
    </section>
  )
}

/** Rows fill the height there is, within bounds; what is in them grows along. */
function rowSize(heightInRem: number, rows: number): { readonly row: number; readonly grown: number } {
  // The scroll bar's height and a little air are taken off.
  const row = Math.min(LARGEST_ROW, Math.max(LEAST_ROW, (heightInRem - AXIS - 1) / Math.max(1, rows)))
  return { row, grown: 1 + ((row - LEAST_ROW) / (LARGEST_ROW - LEAST_ROW)) * 0.2 }
}

function Row(props: LedgerRowProps) {
  const id = props.seat.node.id
  const lit = useFocus(state => state.lit === id)
  const light = useFocus(state => state.light)
  return (
    // Pointing at it lights the same node elsewhere; nothing depends on it.
    <div
      className={lit ? 'ledger-row lit' : 'ledger-row'}
      onPointerEnter={() => light(id)}
      onPointerLeave={() => light(undefined)}
    >
      <LedgerRow {...props} />
    </div>
  )
}

function RowName({ seat }: { readonly seat: Seat }) {
  const id = seat.node.id
  const lit = useFocus(state => state.lit === id)
  const selected = useFocus(state => state.selected === id)
  const select = useFocus(state => state.select)
  const light = useFocus(state => state.light)
  const here = seat.presence === 'here'
  return (
    <button
      type="button"
      className={['ledger-name', lit ? 'lit' : '', here ? '' : 'away'].join(' ')}
      aria-pressed={selected}
      onClick={() => select(id)}
      onPointerEnter={() => light(id)}
      onPointerLeave={() => light(undefined)}
    >
      <strong>{seat.name}</strong>
      {here && seat.standing === 'leader' && <CrownMark />}
      {!here && (
        <span className="away-cross" aria-hidden="true">
          ×
        </span>
      )}
      {seat.self && <span className="self-dot">this tab</span>}
    </button>
  )
}

function Legend() {
  return (
    <p className="ledger-legend">
      <Sample of="matchIndex">
        <circle r="5" className="match-mark" />
      </Sample>
      <Sample of="nextIndex">
        <path d="M 0 -6 L 7 6 H -7 Z" className="next-mark" />
      </Sample>
      <Sample of="commitIndex">
        <path d="M 0 -8 V 8" className="commit-sample" />
      </Sample>
    </p>
  )
}

function Sample({ of, children }: { readonly of: string; readonly children: ReactNode }) {
  return (
    <span>
      <svg className="mark" viewBox="-9 -9 18 18" aria-hidden="true">
        {children}
      </svg>
      {of}
    </span>
  )
}

/** In a partition two may believe they lead: the one of the higher term does. */
function leaderOf(seats: readonly Seat[]): Seat | undefined {
  let best: Seat | undefined
  for (const seat of seats) {
    if (seat.standing !== 'leader' || seat.presence !== 'here') continue
    if (best === undefined || seat.node.term > best.node.term) best = seat
  }
  return best
}

/** The indexes between which anything is known of anyone, and the last that all are known to have who keep up. */
function extentOf(seats: readonly Seat[]): { readonly base: number; readonly last: number; readonly shared: number } {
  let base = Number.POSITIVE_INFINITY
  const lasts: number[] = []
  for (const { node } of seats) {
    if (!node.heard) continue
    if (node.log.lastIndex > 0) base = Math.min(base, node.log.firstIndex - 1)
    lasts.push(node.log.lastIndex)
  }
  const last = Math.max(0, ...lasts)
  const shared = Math.min(last, ...lasts.filter(index => index > last - KEEPS_UP))
  return { base: Number.isFinite(base) ? base : 0, last, shared }
}
