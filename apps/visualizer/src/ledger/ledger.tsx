/**
 * Every node's log, one row each, aligned by index. The names stay, the indexes scroll, and the end is followed until the
 * reader scrolls back. Only what is in sight has elements: a log of thousands costs what a log of ten does.
 */
import { type CSSProperties, type ReactNode, useCallback, useMemo } from 'react'
import { CrownMark, PresenceMark } from '../ring/shapes.tsx'
import { useCluster, useCounterpart, useFocus, useOwnWord, usePartName, useSeats, useStage } from '../stage/stage.ts'
import { useRem } from '../stage/use-rem.ts'
import { useSize } from '../stage/use-size.ts'
import { placed } from '../trace-view/crowd.ts'
import type { Seat } from '../trace-view/roster.ts'
import { picture } from '../words/picture.ts'
import { useLanguage } from '../words/use-language.ts'
import { columnWidth, rowSize } from './columns.ts'
import { LedgerRow, type LedgerRowProps } from './row.tsx'
import { useFollowedEnd } from './use-followed-end.ts'
import { usePrinting } from './use-printing.ts'
import { columnsInSight } from './window.ts'
import './ledger.css'

/** Empty columns after the end, so that what comes next has a place already; fewer where there is little room. */
const ROOM = 2
const NARROW = 40
/** In entries: as many as may be written in a second or two. */
const KEEPS_UP = 400
/** On paper all columns stand side by side: at most so many, in so many pixels. */
const MOST_ON_PAPER = 40
const PAPER_WIDTH = 600

export function Ledger() {
  const spoken = useLanguage()
  const words = picture()
  const logs = usePartName(words.logs)
  const scrollerName = usePartName(words.scroller)
  const everybody = useSeats()
  const { front: seats } = useMemo(() => placed(everybody), [everybody])
  const busy = useCluster(state => state.busy)
  const rem = useRem()
  const [body, bodySize] = useSize<HTMLDivElement>({ width: 640, height: 340 })
  const [measure, size] = useSize<HTMLElement>({ width: 560, height: 300 })
  const rows = useMemo(() => rowSize(bodySize.height / rem, seats.length), [bodySize.height, rem, seats.length])
  const known = useMemo(() => extentOf(seats), [seats])
  const { termsAlone, inCell } = useStage()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a word is as wide as its language makes it
  const [usual, narrow] = useMemo(() => {
    const logs = seats.map(({ node }) => node.log)
    const width = size.width / rem
    const usual = columnWidth(logs, rows, width, inCell)
    return [usual, termsAlone?.(logs, known.last - known.base + 1, width, usual)]
  }, [seats, rows, rem, size.width, known, termsAlone, inCell, spoken])
  const cellOnScreen = rem * (narrow ?? usual)
  const printing = usePrinting()
  const extent = printing ? { ...known, base: Math.max(known.base, known.last - MOST_ON_PAPER) } : known
  const span = Math.max(
    extent.last - extent.base + (narrow || size.width < NARROW * rem ? 1 : ROOM),
    printing ? 0 : Math.floor(size.width / cellOnScreen),
  )
  const cell = printing ? Math.min(cellOnScreen, PAPER_WIDTH / span) : cellOnScreen
  const width = span * cell
  // Computed rather than read back: reading would lay out the whole page, in the middle of every rendering. In a flood the
  // others' news is a quarter of a second old: what all are known to hold is shown, rather than empty rows.
  const ahead = busy ? extent.last - extent.shared : 0
  const { scroller, left, following, follow, onScroll } = useFollowedEnd({
    end: printing ? 0 : Math.max(0, width - ahead * cell - size.width),
    cell,
    base: extent.base,
  })
  const window = columnsInSight(left, printing ? width : size.width, cell, extent.base, extent.base + span)

  const attach = useCallback(
    (element: HTMLElement | null) => {
      scroller.current = element
      return measure(element)
    },
    [measure, scroller],
  )

  const leader = leaderOf(seats)
  const indexes = Array.from({ length: Math.max(0, window.to - window.from + 1) }, (_, i) => window.from + i)

  return (
    <section className={busy ? 'card ledger busy' : 'card ledger'} aria-label={logs}>
      <div className="card-head">
        <h2>{words.logs}</h2>
        <span className="hint">{words.ledgerKey}</span>
        <button type="button" className="button small follow" hidden={following} onClick={follow}>
          {words.toTheEnd}
        </button>
      </div>
      {seats.length === 0 ? (
        <p className="empty">{words.noLogs}</p>
      ) : (
        <div
          className="ledger-body"
          ref={body}
          data-lines={rows.lines}
          data-terms-alone={narrow}
          style={{ '--row': `${rows.row}rem`, '--grown': rows.grown } as CSSProperties}
        >
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
            aria-label={scrollerName}
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
                  inCell={inCell}
                  lines={rows.lines}
                  busy={busy}
                  last={extent.last}
                  end={width}
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

function Row(props: Omit<LedgerRowProps, 'counterpart'>) {
  const id = props.seat.node.id
  const counterpart = useCounterpart(id)
  const lit = useFocus(state => state.lit === id)
  const light = useFocus(state => state.light)
  return (
    // Pointing at it lights the same node elsewhere; nothing depends on it.
    <div
      className={lit ? 'ledger-row lit' : 'ledger-row'}
      onPointerEnter={() => light(id)}
      onPointerLeave={() => light(undefined)}
    >
      <LedgerRow {...props} counterpart={counterpart} />
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
  const ownWord = useOwnWord()
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
      <PresenceMark presence={seat.presence} />
      {seat.called !== undefined && <bdi className="called-dot">{seat.called}</bdi>}
      {seat.self && <span className="self-dot">{ownWord}</span>}
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
