/**
 * Very many messages at once: all marks of one kind are one path, written anew in each frame. A group for each message, as
 * a few have them, costs more than a frame has time for. Whoever points at one is told which by its place.
 */
import type { Flight, MessageKind } from '../trace-view/messages-in-flight.ts'
import type { Point } from './boxes.ts'

/** Above this, messages share their paths. */
export const MANY_MESSAGES = 48

const SVG = 'http://www.w3.org/2000/svg'

/** Each mark around where the pen stands, at the scale 1: numbers and the letters between them. */
const OUTLINES: Readonly<Record<MessageKind, (scale: number) => string>> = {
  append: s => `m${6.2 * -s} ${6.2 * -s}h${12.4 * s}v${12.4 * s}h${-12.4 * s}z`,
  vote: s => `m0 ${-8 * s}l${8 * s} ${8 * s}l${-8 * s} ${8 * s}l${-8 * s} ${-8 * s}z`,
  heartbeat: s => `m${3.2 * s} 0a${3.2 * s} ${3.2 * s} 0 1 1 ${-6.4 * s} 0a${3.2 * s} ${3.2 * s} 0 1 1 ${6.4 * s} 0z`,
  snapshot: s => `m${-7 * s} ${-7.5 * s}h${14 * s}v${15 * s}h${-14 * s}z`,
  other: s => `m${-7 * s} ${6 * s}l${7 * s} ${-13 * s}l${7 * s} ${13 * s}z`,
}

export class MessagePaths {
  readonly #layer: SVGGElement
  readonly #paths = new Map<string, SVGPathElement>()
  readonly #outlines = new Map<string, string>()
  readonly #drawn = new Map<string, string>()
  #scale = 1

  constructor(layer: SVGGElement) {
    this.#layer = layer
  }

  begin(scale: number): void {
    if (scale !== this.#scale) this.#outlines.clear()
    this.#scale = scale
    this.#drawn.clear()
  }

  add(flight: Flight, at: Point, tail: Point | undefined, lost: boolean): void {
    const { kind, answer } = flight
    const faint = lost ? ' lost' : kind === 'heartbeat' ? ' faint' : ''
    const name = `${kind}${answer ? ' message-answer' : ' message-question'}${faint}`
    const pen = `M${at.x.toFixed(1)} ${at.y.toFixed(1)}`
    this.#drawn.set(name, (this.#drawn.get(name) ?? '') + pen + this.#outline(kind))
    if (tail === undefined) return
    const trails = this.#drawn.get('message-trail') ?? ''
    this.#drawn.set('message-trail', `${trails}${pen}L${tail.x.toFixed(1)} ${tail.y.toFixed(1)}`)
  }

  /** What was added since `begin` is what is seen. */
  end(): void {
    for (const name of this.#drawn.keys()) if (!this.#paths.has(name)) this.#paths.set(name, this.#newPath(name))
    for (const [name, path] of this.#paths) path.setAttribute('d', this.#drawn.get(name) ?? '')
  }

  clear(): void {
    for (const path of this.#paths.values()) path.remove()
    this.#paths.clear()
  }

  #outline(kind: MessageKind): string {
    const known = this.#outlines.get(kind)
    if (known !== undefined) return known
    const outline = OUTLINES[kind](this.#scale).replace(/-?\d+\.\d+/g, number => Number(number).toFixed(1))
    this.#outlines.set(kind, outline)
    return outline
  }

  #newPath(name: string): SVGPathElement {
    const path = document.createElementNS(SVG, 'path')
    path.classList.add('message-path', ...name.split(' '))
    this.#layer.append(path)
    return path
  }
}
