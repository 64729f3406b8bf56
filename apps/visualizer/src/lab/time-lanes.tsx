/**
 * Space and time: a lane for each node, painted with its term, and messages as lines between them. The cursor is the
 * transport's; a click goes there, and a click on a message asks why.
 */
import { lazy, type PointerEvent, Suspense, useDeferredValue, useMemo, useState, type WheelEvent } from 'react'
import { CROSS, CROWN } from '../ring/shapes.tsx'
import { useFocus, useSeats } from '../stage/stage.ts'
import { useRem } from '../stage/use-rem.ts'
import { useSize } from '../stage/use-size.ts'
import { termStyle } from '../style/term-colour.ts'
import { lab } from '../words/lab.ts'
import { useLanguage } from '../words/use-language.ts'
import type { RunHistory } from './history.ts'
import { Jumps, Pace } from './jumps.tsx'
import { useLab, useLabSession } from './lab-context.ts'
import { type Line, linesBetween, nearestLine, type Span, spansOf } from './lanes.ts'
import './time.css'

/** Fetched when somebody wants to read instead of look. */
const TimeTable = lazy(() => import('./time-table.tsx'))

/** Virtual milliseconds in sight: the least and the most. */
const ZOOM = [40, 20_000] as const

export function TimeLanes() {
  const session = useLabSession()
  const seats = useSeats()
  const rem = useRem()
  const [box, size] = useSize<HTMLDivElement>({ width: 900, height: 150 })
  const [sight, setSight] = useState(() => (innerWidth < 760 ? 110 : 320))
  /** Where the reader has panned to; undefined while the cursor is followed. */
  const [pinned, setPinned] = useState<number | undefined>(undefined)
  // A window that moves in steps is painted again in steps.
  // The ring and the logs first: these lanes are the most to draw, and may come a frame later.
  const followed = useDeferredValue(
    useLab(state => Math.max(0, Math.ceil((state.at - sight * 0.82) / (sight / 10)) * (sight / 10))),
  )
  const count = useDeferredValue(useLab(state => state.count))
  useLab(state => state.current)
  const from = pinned ?? followed
  const to = from + sight
  const names = 3.4 * rem
  const width = Math.max(60, size.width - names - 0.6 * rem)
  const ids = seats.map(seat => seat.node.id)
  const top = 1.1 * rem
  const gap = ids.length < 2 ? 0 : (size.height - top - 0.9 * rem) / (ids.length - 1)
  const x = (at: number) => names + ((at - from) / sight) * width
  const y = (id: string) => top + Math.max(0, ids.indexOf(id)) * gap

  const zoom = (factor: number) => setSight(now => Math.min(ZOOM[1], Math.max(ZOOM[0], now * factor)))
  const pan = (share: number) => setPinned(Math.max(0, from + share * sight))
  const onWheel = (event: WheelEvent) => {
    if (event.ctrlKey || event.metaKey) zoom(event.deltaY > 0 ? 1.25 : 0.8)
    else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) pan(event.deltaX / width)
  }
  const [asTable, setAsTable] = useState(false)
  const [pointed, setPointed] = useState<Line | undefined>(undefined)
  const placeOf = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
  const lineAt = (event: PointerEvent<SVGSVGElement>) =>
    nearestLine(linesBetween(session.history, from, to), placeOf(event), x, y)
  const onPointer = (event: PointerEvent<SVGSVGElement>) => {
    if (event.button !== 0) return
    const line = lineAt(event)
    if (line?.step !== undefined) {
      session.goTo(line.step)
      session.ask(line.step)
      return
    }
    const at = from + ((placeOf(event).x - names) / width) * sight
    if (at >= from) session.seek(at)
  }
  const onMove = (event: PointerEvent<SVGSVGElement>) => {
    const line = session.store.getState().playing ? undefined : lineAt(event)
    setPointed(now => (now?.key === line?.key ? now : line))
  }

  const words = lab().lanes
  return (
    <section className="card time" aria-label={lab().time}>
      <div className="card-head">
        <h2>{lab().time}</h2>
        <span className="time-phone">
          <Jumps />
          <Pace />
        </span>
        <span className="time-controls">
          <button
            type="button"
            className="button quiet small"
            aria-pressed={asTable}
            onClick={() => setAsTable(!asTable)}
          >
            {lab().lanes.table}
          </button>
          {pinned !== undefined && (
            <button type="button" className="button small" onClick={() => setPinned(undefined)}>
              {words.toCursor}
            </button>
          )}
          <button type="button" className="button quiet small" aria-label={words.earlier} onClick={() => pan(-0.4)}>
            ←
          </button>
          <button type="button" className="button quiet small" aria-label={words.later} onClick={() => pan(0.4)}>
            →
          </button>
          <button type="button" className="button quiet small" aria-label={words.zoomOut} onClick={() => zoom(1.6)}>
            −
          </button>
          <button type="button" className="button quiet small" aria-label={words.zoomIn} onClick={() => zoom(1 / 1.6)}>
            +
          </button>
        </span>
      </div>
      {asTable ? (
        <Suspense fallback={null}>
          <TimeTable from={from} to={to} />
        </Suspense>
      ) : (
        <div className="time-box" ref={box} onWheel={onWheel}>
          <svg
            role="img"
            aria-label={words.picture(Math.round(from), Math.round(to))}
            width={size.width}
            height={size.height}
            onPointerDown={onPointer}
            onPointerMove={onMove}
            onPointerLeave={() => setPointed(undefined)}
            style={pointed?.step === undefined ? undefined : { cursor: 'pointer' }}
          >
            <title>{pointed?.title}</title>
            <clipPath id="lanes-in-sight">
              <rect x={names} y={0} width={width + rem} height={size.height} />
            </clipPath>
            <Lanes history={session.history} ids={ids} from={from} to={to} count={count} x={x} y={y} left={names} />
            {seats.map(seat => (
              <LaneName key={seat.node.id} id={seat.node.id} name={seat.name} y={y(seat.node.id)} rem={rem} />
            ))}
            {pointed && <Pointed line={pointed} x={x} y={y} />}
            <Cursor x={x} top={0.2 * rem} bottom={size.height} left={names} right={names + width} />
          </svg>
        </div>
      )}
    </section>
  )
}

function LaneName(props: { readonly id: string; readonly name: string; readonly y: number; readonly rem: number }) {
  const lit = useFocus(state => state.lit === props.id || state.selected === props.id)
  return (
    <text className={lit ? 'lane-name lit' : 'lane-name'} x={1.1 * props.rem} y={props.y + 0.3 * props.rem}>
      {props.name}
    </text>
  )
}

function Cursor(props: {
  x(at: number): number
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}) {
  const at = useLab(state => state.at)
  const x = props.x(at)
  if (x < props.left - 1 || x > props.right + 1) return null
  return (
    <g className="time-cursor">
      <rect className="time-ahead" x={x} y={props.top} width={Math.max(0, props.right - x)} height={props.bottom} />
      <path d={`M ${x} ${props.top + 6} V ${props.bottom}`} />
      <path className="time-handle" d={`M ${x - 6} ${props.top} h 12 l -6 8 z`} />
    </g>
  )
}

function Lanes(props: {
  readonly history: RunHistory
  readonly ids: readonly string[]
  readonly from: number
  readonly to: number
  readonly count: number
  readonly left: number
  x(at: number): number
  y(id: string): number
}) {
  const { history, ids, from, to, count, x, y, left } = props
  const spoken = useLanguage()
  const order = ids.join(' ')
  // biome-ignore lint/correctness/useExhaustiveDependencies: a run grows in place, and its lines have titles
  const [spans, lines] = useMemo(() => {
    const nodes = order.split(' ').filter(Boolean)
    return [spansOf(history, nodes, from, to), linesBetween(history, from, to)] as const
  }, [history, order, from, to, count, spoken])
  const clip = (at: number) => Math.max(left, x(at))
  return (
    <g>
      {ids.map(id => (
        <path key={id} className="lane" d={`M ${left} ${y(id)} H ${x(to)}`} />
      ))}
      {spans.map((span: Span) => (
        <rect
          key={`${span.node} ${span.from} ${span.term} ${span.leads}`}
          className={span.leads ? 'lane-term leads' : 'lane-term'}
          style={termStyle(span.term)}
          x={clip(span.from)}
          y={y(span.node) - (span.leads ? 5 : 3.5)}
          width={Math.max(0, x(span.to) - clip(span.from))}
          height={span.leads ? 10 : 7}
          rx={3.5}
        />
      ))}
      <g clipPath="url(#lanes-in-sight)">
        <Lines lines={lines} x={x} y={y} />
      </g>
      {history.landmarks
        .filter(mark => mark.at >= from && mark.at <= to && mark.node !== undefined)
        .map(mark => (
          <g
            key={`${mark.kind} ${mark.step} ${mark.node}`}
            className={`lane-mark ${mark.kind}`}
            transform={`translate(${x(mark.at)} ${y(mark.node ?? '')})`}
          >
            {mark.kind === 'election' && <path d={CROWN} transform="translate(0 -1)" />}
            {mark.kind === 'crash' && <path d={CROSS} />}
            {mark.kind === 'violation' && <path d="M 0 -9 L 8 6 H -8 Z" />}
          </g>
        ))}
    </g>
  )
}

/** All lines of one kind are one path: hundreds of elements, each with its own title, would be redrawn at every step. */
function Lines(props: { readonly lines: readonly Line[]; x(at: number): number; y(id: string): number }) {
  const { lines, x, y } = props
  const drawn = new Map<string, string>()
  const add = (name: string, path: string) => drawn.set(name, (drawn.get(name) ?? '') + path)
  for (const { kind, lost, from, to, sender, receiver } of lines) {
    const name = lost ? [kind, 'lost'].join(' ') : kind
    const x2 = x(to).toFixed(1)
    const y2 = y(receiver).toFixed(1)
    add(name, `M${x(from).toFixed(1)} ${y(sender).toFixed(1)}L${x2} ${y2}`)
    if (lost) add('lost-end', `M${x2} ${y2}m-3 -3l6 6m0 -6l-6 6`)
  }
  return [...drawn].map(([name, path]) => <path key={name} className={`lane-line ${name}`} d={path} />)
}

/** The line under the pointer, a little heavier, with its words. */
function Pointed({ line, x, y }: { readonly line: Line; x(at: number): number; y(id: string): number }) {
  return (
    <path className="lane-line pointed" d={`M${x(line.from)} ${y(line.sender)}L${x(line.to)} ${y(line.receiver)}`} />
  )
}
