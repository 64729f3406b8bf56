/** The links between the nodes, and what was cut of them: all of a link, or one direction, which then has a lane of its own. */
import type { NodeId } from '@flotilla/core'
import { useCluster, useStage } from '../stage/stage.ts'
import { isCut, isCutOneWay, isRelayed, type Seat } from '../trace-view/roster.ts'
import { picture } from '../words/picture.ts'
import type { Point } from './boxes.ts'
import { cutMarkPlace, type RingLayout, wayBetween } from './layout.ts'
import { AHEAD, CUT, RELAYED } from './shapes.tsx'

/** How far the two directions of a link that is cut in one lie apart. Pixels, at a radius of 34. */
const ASIDE = 5

type Heal = ((links: readonly (readonly [NodeId, NodeId])[]) => void) | undefined

interface LinkProps {
  readonly layout: RingLayout
  readonly from: number
  readonly to: number
  readonly sender: Seat
  readonly receiver: Seat
  readonly onHeal: Heal
}

export function Links(props: { readonly layout: RingLayout; readonly seats: readonly Seat[]; readonly onHeal: Heal }) {
  const { layout, seats, onHeal } = props
  const { oneWay } = useStage()
  const view = useCluster(state => state.view)
  const links = []
  for (const [i, a] of seats.entries()) {
    for (const [beyond, b] of seats.slice(i + 1).entries()) {
      const k = i + 1 + beyond
      const from = layout.places[i]
      const to = layout.places[k]
      if (from === undefined || to === undefined) continue
      const key = `${a.node.id} ${b.node.id}`
      const there = oneWay ? isCutOneWay(view, a.node.id, b.node.id) : isCut(view, a.node.id, b.node.id)
      const back = oneWay ? isCutOneWay(view, b.node.id, a.node.id) : there
      const ends = { layout, from: i, to: k, sender: a, receiver: b, onHeal }
      const reversed = { layout, from: k, to: i, sender: b, receiver: a, onHeal }
      if (there && back) links.push(<CutLink key={key} {...ends} />)
      else if (there) links.push(<OneWayCut key={key} {...ends} />)
      else if (back) links.push(<OneWayCut key={key} {...reversed} />)
      else {
        const dead = a.presence !== 'here' || b.presence !== 'here'
        if (!dead && isRelayed(view, a.node.id, b.node.id)) {
          links.push(<RelayedLink key={key} layout={layout} names={[a.name, b.name]} ends={[from, to]} />)
          continue
        }
        links.push(
          <line key={key} className={dead ? 'link dead' : 'link'} x1={from.x} y1={from.y} x2={to.x} y2={to.y} />,
        )
      }
    }
  }
  return <g className="links">{links}</g>
}

function CutLink({ layout, from, to, sender, receiver, onHeal }: LinkProps) {
  const a = layout.places[from]
  const b = layout.places[to]
  if (a === undefined || b === undefined) return null
  const mark = cutMarkPlace(layout, a, b)
  const both = [
    [sender.node.id, receiver.node.id],
    [receiver.node.id, sender.node.id],
  ] as const
  // A panel offers the same by keyboard, so the mark need not be a stop of its own.
  return (
    <g className="link-cut" onPointerDown={() => onHeal?.(both)}>
      <line className="link cut" x1={a.x} y1={a.y} x2={b.x} y2={b.y} />
      <g transform={`translate(${mark.x} ${mark.y}) rotate(${angleOf(a, b)})`}>
        <title>{`${picture().linkIsCut(sender.name, receiver.name)}${onHeal ? ` ${picture().clickToHeal}` : ''}`}</title>
        <rect x={-16} y={-16} width={32} height={32} className="cut-area" />
        <rect x={-5} y={-4} width={10} height={8} className="cut-gap" />
        <path d={CUT} />
      </g>
    </g>
  )
}

/** What the sender sends is lost; what comes back is not. Arrows say which is which, and each keeps to the lane of its messages. */
function OneWayCut({ layout, from, to, sender, receiver, onHeal }: LinkProps) {
  const aside = ASIDE * Math.max(0.8, layout.radius / 34)
  const lost = wayBetween(layout, from, to, aside)
  const open = wayBetween(layout, to, from, aside)
  if (lost === undefined || open === undefined) return null
  const mark = cutMarkPlace(layout, lost.from, lost.to)
  const angle = angleOf(lost.from, lost.to)
  // Not in the middle, where links cross.
  const arrow = { x: open.from.x + (open.to.x - open.from.x) * 0.3, y: open.from.y + (open.to.y - open.from.y) * 0.3 }
  return (
    <g className="link-cut one-way" onPointerDown={() => onHeal?.([[sender.node.id, receiver.node.id]])}>
      <line className="link" x1={open.from.x} y1={open.from.y} x2={open.to.x} y2={open.to.y} />
      <path className="ahead" d={AHEAD} transform={`translate(${arrow.x} ${arrow.y}) rotate(${angle + 180})`} />
      <line className="link cut" x1={lost.from.x} y1={lost.from.y} x2={lost.to.x} y2={lost.to.y} />
      <g transform={`translate(${mark.x} ${mark.y}) rotate(${angle}) scale(${Math.max(1, layout.radius / 60)})`}>
        <title>
          {`${picture().oneWayIsCut(sender.name, receiver.name)}${onHeal ? ` ${picture().clickToHeal}` : ''}`}
        </title>
        <rect x={-18} y={-16} width={36} height={32} className="cut-area" />
        <rect x={-13} y={-4} width={18} height={8} className="cut-gap" />
        <path className="stopped" d={AHEAD} transform="translate(-8 0)" />
        <path d={CUT} />
      </g>
    </g>
  )
}

function RelayedLink(props: {
  readonly layout: RingLayout
  readonly names: readonly [string, string]
  readonly ends: readonly [Point, Point]
}) {
  const [a, b] = props.names
  const [from, to] = props.ends
  const mark = cutMarkPlace(props.layout, from, to)
  const angle = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI
  return (
    <g className="link-relayed">
      <title>{picture().linkIsRelayed(a, b)}</title>
      <line className="link relayed" x1={from.x} y1={from.y} x2={to.x} y2={to.y} />
      <path d={RELAYED} transform={`translate(${mark.x} ${mark.y}) rotate(${angle})`} />
    </g>
  )
}

const angleOf = (a: Point, b: Point): number => (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI
