/** The cluster as a ring of nodes: who they are, what they are up to, and what travels between them. */
import type { NodeId } from '@flotilla/core'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useCluster, useCounterpart, useFocus, usePartName, useSeats, useStage } from '../stage/stage.ts'
import { useRem } from '../stage/use-rem.ts'
import { useSize } from '../stage/use-size.ts'
import { placed } from '../trace-view/crowd.ts'
import { isCut, isCutOneWay, type Seat } from '../trace-view/roster.ts'
import { picture } from '../words/picture.ts'
import { RingAnimation } from './animate.ts'
import { layoutCrowd } from './crowd-layout.ts'
import { CrowdMark } from './crowd-mark.tsx'
import { useDragToCut } from './drag-to-cut.ts'
import { layoutRing, type RingLayout } from './layout.ts'
import { Links } from './links.tsx'
import { NodeMark } from './node-mark.tsx'
import { MessageMark, RelayedMark } from './shapes.tsx'
import './ring.css'
import './messages.css'

interface RingProps {
  /** What stands in its place while there is no node. */
  readonly empty: string
  /** Where a room may have many: opens the list of them. */
  onList?(): void
  /** Each node's log stands beside it, if all are short. */
  readonly withLogs?: boolean
}

const noList = (): void => undefined

export function Ring({ empty, onList = noList, withLogs = false }: RingProps) {
  const { movement, actions, oneWay } = useStage()
  const everybody = useSeats()
  const { front: seats, crowd } = useMemo(() => placed(everybody), [everybody])
  const busy = useCluster(state => state.busy)
  const view = useCluster(state => state.view)
  const [box, size] = useSize<HTMLDivElement>({ width: 520, height: 420 })
  const rem = useRem()
  const lines = seats.map(({ self, called }) => 1 + (self ? 1 : 0) + (called === undefined ? 0 : 1)).join('')
  const layout = useMemo(
    () => layoutRing(lines.length, size.width, size.height, rem, index => Number(lines[index])),
    [lines, size, rem],
  )
  const relayed = seats.some(({ node }) => node.relayed.length > 0)
  const [next, setNext] = useState<NodeId>()
  const animation = useMemo(() => new RingAnimation(movement, setNext), [movement])
  // The drawing comes and goes with the first node; the animation must follow it.
  const layer = useCallback(
    (element: SVGGElement | null) => (element === null ? undefined : animation.attach(element)),
    [animation],
  )

  const order = seats.map(seat => seat.node.id).join(' ')
  useEffect(() => {
    animation.place(layout, new Map(order.split(' ').map((id, i) => [id, i])))
  }, [animation, layout, order])

  const crowdLayout = useMemo(() => layoutCrowd(crowd.length, layout), [crowd.length, layout])
  const select = useFocus(state => state.select)
  const selected = useFocus(state => state.selected)
  // Where each direction is a link of its own, a drag is along one.
  const toggle = useCallback(
    (a: NodeId, b: NodeId) => actions?.setCut([[a, b]], !(oneWay ? isCutOneWay : isCut)(view, a, b)),
    [actions, view, oneWay],
  )
  const heal = useCallback((links: readonly (readonly [NodeId, NodeId])[]) => actions?.setCut(links, false), [actions])
  const drag = useDragToCut({
    onSelect: select,
    onMessage: actions?.pickMessage,
    messageAt: point => animation.messageAt(point),
    onJoin: actions && toggle,
  })
  const ids = seats.map(seat => seat.node.id)
  const words = picture()
  const cluster = usePartName(words.cluster)

  return (
    <section className="card ring" aria-label={cluster}>
      <div className="card-head">
        <h2>{words.cluster}</h2>
        <Hint
          next={seats.find(seat => seat.node.id === next)?.name}
          busy={busy}
          drag={
            actions === undefined || seats.length < 2 ? undefined : oneWay ? picture().dragOneWay : picture().dragToCut
          }
        />
      </div>
      <div className="ring-box" ref={box}>
        {seats.length === 0 ? (
          <p className="empty">{empty}</p>
        ) : (
          // biome-ignore lint/a11y/useSemanticElements: a group of SVG has no element of HTML
          <svg role="group" aria-label={words.ring} viewBox={`0 0 ${layout.width} ${layout.height}`} {...drag.handlers}>
            <Links layout={layout} seats={seats} onHeal={actions && heal} />
            {crowd.length > 0 && (
              <CrowdMark
                seats={crowd}
                layout={crowdLayout}
                rem={rem}
                selected={crowd.some(({ node }) => node.id === selected)}
                onOpen={onList}
              />
            )}
            <g ref={layer} className={actions?.pickMessage ? 'messages pickable' : 'messages'} />
            {drag.from !== undefined && drag.pointer && (
              <DragLine layout={layout} from={ids.indexOf(drag.from)} pointer={drag.pointer} />
            )}
            {seats.map((seat, i) => (
              <Place
                key={seat.node.id}
                seat={seat}
                index={i}
                layout={layout}
                withLog={withLogs}
                animation={animation}
                target={drag.over === seat.node.id}
              />
            ))}
          </svg>
        )}
      </div>
      <p className="ring-legend">
        <span>
          <MessageMark kind="append" /> {words.legend.append}
        </span>
        <span>
          <MessageMark kind="vote" /> {words.legend.vote}
        </span>
        <span>
          <MessageMark kind="heartbeat" /> {words.legend.heartbeat}
        </span>
        <span>
          <MessageMark kind="append" answer /> {words.legend.answer}
        </span>
        {relayed && (
          <span>
            <RelayedMark /> {words.legend.relayed}
          </span>
        )}
        <span className="legend-timer">
          <i aria-hidden="true" /> {words.legend.timer}
        </span>
      </p>
    </section>
  )
}

function Hint(props: { readonly next: string | undefined; readonly busy: boolean; readonly drag: string | undefined }) {
  if (props.busy) return <span className="hint">{picture().tooFast}</span>
  if (props.next !== undefined) return <span className="hint soonest">{picture().timerNext(props.next)}</span>
  return <span className="hint idle">{props.drag}</span>
}

function Place(props: {
  readonly seat: Seat
  readonly index: number
  readonly layout: RingLayout
  readonly target: boolean
  readonly withLog: boolean
  readonly animation: RingAnimation
}) {
  const { seat, index, layout } = props
  const id = seat.node.id
  const counterpart = useCounterpart(id)
  const { compared } = useStage()
  const selected = useFocus(state => state.selected === id)
  const lit = useFocus(state => state.lit === id)
  const select = useFocus(state => state.select)
  const light = useFocus(state => state.light)
  const rem = useRem()
  const onSelect = useCallback(() => select(id), [select, id])
  const onLight = useCallback((on: boolean) => light(on ? id : undefined), [light, id])
  const place = layout.places[index]
  const words = layout.words[index]
  if (place === undefined || words === undefined) return null
  return (
    <NodeMark
      seat={seat}
      place={place}
      radius={layout.radius}
      rem={rem}
      words={words}
      electorate={seat.node.configuration.voters.length}
      selected={selected}
      lit={lit}
      target={props.target}
      withLog={props.withLog}
      animation={props.animation}
      onSelect={onSelect}
      differs={counterpart !== 'alone' && compared?.isSame(seat.node, counterpart) === false}
      onLight={onLight}
    />
  )
}

function DragLine(props: {
  readonly layout: RingLayout
  readonly from: number
  readonly pointer: { readonly x: number; readonly y: number }
}) {
  const from = props.layout.places[props.from]
  if (from === undefined) return null
  return <line className="drag-line" x1={from.x} y1={from.y} x2={props.pointer.x} y2={props.pointer.y} />
}
