/**
 * One loop for everything in the ring that moves: it writes the timers' arcs and the messages' transforms directly, and
 * React never hears of it. It stops when nothing moves and while the page is hidden, and `wake` starts it again.
 */
import type { NodeId } from '@flotilla/core'
import type { Movement } from '../stage/movement.ts'
import { type Flight, flightProgress, labelOf } from '../trace-view/messages-in-flight.ts'
import { type Box, boxAt, overlaps, type Point, touches } from './boxes.ts'
import { REACH, type RingLayout, wayBetween } from './layout.ts'
import { MANY_MESSAGES, MessagePaths } from './message-paths.ts'
import { MESSAGE_SHAPES } from './shapes.tsx'

const SVG = 'http://www.w3.org/2000/svg'
/** At full speed nobody can follow a single message: half the frames are enough, and leave the processor to Raft. */
const FULL_SPEED_FRAME_MS = 33
const BUSY_FRAME_MS = 90
const SCREEN_FRAME_MS = 16
/** Where motion is not wanted: a few steps instead. */
const STEPS = 4
const STEP_MS = 250

/** Labels on more messages than this cover each other. */
const MAX_LABELLED = 4

/** About as wide as a letter of a label is. Pixels, at a rem of 14. */
const LABEL_LETTER = 6.4

/** A finger is wider than a mark. Pixels. */
const REACH_OF_MARK = 16

const NO_ARC = '0 2'

interface Mark {
  readonly group: SVGGElement
  readonly trail: SVGLineElement
  readonly reach: SVGCircleElement
  readonly shape: SVGPathElement
  readonly label: SVGTextElement
}

export class RingAnimation {
  readonly #movement: Movement
  readonly #timers = new Map<NodeId, SVGCircleElement>()
  readonly #marks = new Map<string, Mark>()
  readonly #spare: Mark[] = []
  #layer: SVGGElement | undefined
  #paths: MessagePaths | undefined
  /** Where each message was drawn last: for whoever points at one. */
  readonly #seenAt = new Map<string, Point>()
  #layout: RingLayout | undefined
  #places: ReadonlyMap<NodeId, number> = new Map()
  #scale = 1
  /** How much larger the page's type is than at a rem of 14. */
  #type = 1
  #frame = 0
  #pause: ReturnType<typeof setTimeout> | undefined
  #lastDrawn = Number.NEGATIVE_INFINITY
  readonly #still = matchMedia('(prefers-reduced-motion: reduce)')

  readonly #onNextTimer: (id: NodeId | undefined) => void
  #nextTimer: NodeId | undefined

  /** @param onNextTimer told whose election timer runs out next, whenever that changes while it can be followed */
  constructor(movement: Movement, onNextTimer: (id: NodeId | undefined) => void) {
    this.#movement = movement
    this.#onNextTimer = onNextTimer
  }

  attach(layer: SVGGElement): () => void {
    this.#layer = layer
    this.#paths = new MessagePaths(layer)
    // The sentences tell what matters of this; every single message read aloud would drown them.
    layer.setAttribute('aria-hidden', 'true')
    const onVisible = () => this.wake()
    document.addEventListener('visibilitychange', onVisible)
    const unheard = this.#movement.onWake(() => this.wake())
    this.wake()
    return () => {
      unheard()
      document.removeEventListener('visibilitychange', onVisible)
      cancelAnimationFrame(this.#frame)
      clearTimeout(this.#pause)
      this.#frame = 0
      this.#pause = undefined
      this.#layer = undefined
      this.#paths?.clear()
      this.#paths = undefined
      for (const mark of this.#marks.values()) mark.group.remove()
      for (const mark of this.#spare) mark.group.remove()
      this.#marks.clear()
      this.#spare.length = 0
    }
  }

  place(layout: RingLayout, places: ReadonlyMap<NodeId, number>): void {
    this.#layout = layout
    this.#places = places
    this.#scale = Math.max(0.8, layout.radius / 34)
    this.#type = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 14
    this.#lastDrawn = Number.NEGATIVE_INFINITY
    this.wake()
  }

  timer(id: NodeId, circle: SVGCircleElement | null): void {
    // React does not know what was drawn into the circle that it takes away from here: a leader has no timer to show.
    this.#timers.get(id)?.setAttribute('stroke-dasharray', NO_ARC)
    if (circle === null) this.#timers.delete(id)
    else this.#timers.set(id, circle)
    this.#lastDrawn = Number.NEGATIVE_INFINITY
    this.wake()
  }

  wake(): void {
    if (this.#frame !== 0 || this.#pause !== undefined || this.#layer === undefined || document.hidden) return
    const wait = this.#lastDrawn + this.#frameMs() - this.#movement.now()
    // A frame asked for costs one even if nothing is drawn in it; so the time between two is waited for elsewhere.
    if (wait > SCREEN_FRAME_MS) {
      this.#pause = setTimeout(
        () => {
          this.#pause = undefined
          this.#ask()
        },
        wait - SCREEN_FRAME_MS / 2,
      )
    } else this.#ask()
  }

  #ask(): void {
    this.#frame = requestAnimationFrame(() => this.#onFrame())
  }

  #onFrame(): void {
    this.#frame = 0
    const wall = this.#movement.now()
    this.#lastDrawn = wall
    this.#draw(wall)
    if (this.#movement.isMoving(wall)) this.wake()
  }

  #frameMs(): number {
    if (this.#still.matches) return STEP_MS
    if (this.#movement.pace > 1) return 0
    return this.#movement.busy ? BUSY_FRAME_MS : FULL_SPEED_FRAME_MS
  }

  #draw(wall: number): void {
    for (const [id, circle] of this.#timers) {
      const left = this.#movement.timerLeft(id, wall)
      // pathLength is 1; the arc shrinks towards its start at the top.
      circle.setAttribute('stroke-dasharray', left === undefined ? NO_ARC : `${left.toFixed(3)} 2`)
    }
    this.#tellNextTimer(wall)
    const flights = this.#movement.flights(wall)
    const gone = new Set(this.#marks.keys())
    const labelled = this.#movement.pace >= 20 && flights.length <= MAX_LABELLED
    const paths = flights.length > MANY_MESSAGES ? this.#paths : undefined
    this.#paths?.begin(this.#scale)
    this.#seenAt.clear()
    for (const flight of flights) {
      if (paths === undefined) gone.delete(flight.message.id)
      this.#drawFlight(flight, wall, labelled, paths)
    }
    this.#paths?.end()
    for (const id of gone) {
      const mark = this.#marks.get(id)
      this.#marks.delete(id)
      if (mark) {
        mark.group.setAttribute('visibility', 'hidden')
        this.#spare.push(mark)
      }
    }
  }

  #tellNextTimer(wall: number): void {
    let next: NodeId | undefined
    let least = Number.POSITIVE_INFINITY
    if (this.#movement.pace > 1) {
      for (const id of this.#timers.keys()) {
        const left = this.#movement.timerMs(id, wall) ?? least
        if (left >= least) continue
        least = left
        next = id
      }
    }
    if (next === this.#nextTimer) return
    this.#timers.get(this.#nextTimer ?? '')?.classList.remove('soonest')
    this.#timers.get(next ?? '')?.classList.add('soonest')
    this.#nextTimer = next
    this.#onNextTimer(next)
  }

  /** The message whose mark is drawn nearest to there, if one is near enough to be meant. */
  messageAt(point: Point): string | undefined {
    let nearest: string | undefined
    let least = REACH_OF_MARK
    for (const [id, { x, y }] of this.#seenAt) {
      const distance = Math.hypot(x - point.x, y - point.y)
      if (distance > least) continue
      least = distance
      nearest = id
    }
    return nearest
  }

  #drawFlight(flight: Flight, wall: number, labelled: boolean, paths: MessagePaths | undefined): void {
    const from = this.#places.get(flight.message.from)
    const to = this.#places.get(flight.message.to)
    if (from === undefined || to === undefined || this.#layout === undefined) return
    const way = wayBetween(this.#layout, from, to, 4 * this.#scale)
    if (way === undefined) return
    const along = flightProgress(flight, wall)
    const t = this.#still.matches ? (Math.floor(along * STEPS) + 0.5) / (STEPS + 0.5) : along
    const x = way.from.x + (way.to.x - way.from.x) * t
    const y = way.from.y + (way.to.y - way.from.y) * t
    const lost = flight.outcome === 'dropped' && along >= 0.5
    const tail = flight.kind === 'heartbeat' ? t : Math.max(0, t - 0.16)
    const end = { x: way.from.x + (way.to.x - way.from.x) * tail, y: way.from.y + (way.to.y - way.from.y) * tail }
    this.#seenAt.set(flight.message.id, { x, y })
    if (paths !== undefined) return paths.add(flight, { x, y }, tail === t ? undefined : end, lost)
    const mark = this.#markFor(flight, labelled)
    mark.shape.setAttribute('transform', `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${this.#scale.toFixed(2)})`)
    mark.reach.setAttribute('transform', `translate(${x.toFixed(1)} ${y.toFixed(1)})`)
    // At full speed heartbeats go on all the time: they are there for who looks, and no more.
    const faint = this.#movement.pace > 1 ? '0.7' : '0.45'
    mark.group.setAttribute('opacity', lost ? '0.35' : flight.kind === 'heartbeat' ? faint : '1')
    mark.trail.setAttribute('x1', end.x.toFixed(1))
    mark.trail.setAttribute('y1', end.y.toFixed(1))
    mark.trail.setAttribute('x2', x.toFixed(1))
    mark.trail.setAttribute('y2', y.toFixed(1))
    if (labelled && flight.kind !== 'heartbeat') {
      // On the side of the node that is farther away, or the nearer one would cover it.
      const right = way.to.x >= way.from.x === t < 0.5
      this.#placeLabel(mark.label, x, y, right)
    }
  }

  /** On that side of the mark, or on the other, or nowhere: half a word helps nobody. */
  #placeLabel(label: SVGTextElement, x: number, y: number, right: boolean): void {
    const gap = 12 * this.#scale
    const width = (label.textContent ?? '').length * LABEL_LETTER * this.#type
    const boxOf = (right: boolean) =>
      boxAt(right ? x + gap : x - gap - width, y - 7 * this.#type, width, 14 * this.#type)
    const side = [right, !right].find(side => this.#isClear(boxOf(side)))
    label.setAttribute('visibility', side === undefined ? 'hidden' : 'inherit')
    if (side === undefined) return
    label.setAttribute('x', (x + (side ? gap : -gap)).toFixed(1))
    label.setAttribute('text-anchor', side ? 'start' : 'end')
    label.setAttribute('y', (y + 4 * this.#scale).toFixed(1))
  }

  #isClear(box: Box): boolean {
    const layout = this.#layout
    if (layout === undefined) return true
    return (
      box.left >= 0 &&
      box.right <= layout.width &&
      !layout.places.some(place => touches(box, place, layout.radius * REACH)) &&
      !layout.words.some(words => overlaps(words.box, box))
    )
  }

  #markFor(flight: Flight, labelled: boolean): Mark {
    const known = this.#marks.get(flight.message.id)
    if (known) return known
    const mark = this.#spare.pop() ?? this.#newMark()
    mark.shape.setAttribute('d', MESSAGE_SHAPES[flight.kind])
    mark.shape.setAttribute('class', flight.answer ? 'message-answer' : 'message-question')
    mark.label.textContent = labelled && flight.kind !== 'heartbeat' ? labelOf(flight.message) : ''
    mark.group.setAttribute('visibility', 'visible')
    mark.group.dataset.message = flight.message.id
    this.#marks.set(flight.message.id, mark)
    return mark
  }

  #newMark(): Mark {
    const group = document.createElementNS(SVG, 'g')
    const trail = document.createElementNS(SVG, 'line')
    trail.setAttribute('class', 'message-trail')
    const reach = document.createElementNS(SVG, 'circle')
    reach.setAttribute('class', 'message-reach')
    reach.setAttribute('r', `${REACH_OF_MARK}`)
    const shape = document.createElementNS(SVG, 'path')
    const label = document.createElementNS(SVG, 'text')
    label.setAttribute('class', 'message-label')
    group.append(trail, reach, shape, label)
    this.#layer?.append(group)
    return { group, trail, reach, shape, label }
  }
}
