/**
 * What moves: election timers and messages on their way. Mutable on purpose: an animation frame reads it and writes
 * transforms, and React never hears of it.
 *
 * Nodes have clocks of their own, slowed down in slow motion. Each observation says what its node's clock showed when it
 * was sent, so a node's time can be told at any frame.
 */
import type { NodeId, TraceEvent } from '@flotilla/core'
import { Flights } from './messages-in-flight.ts'

interface ElectionTimer {
  /** On the node's clock. */
  readonly startedAt: number
  readonly deadline: number
}

export class Motion {
  readonly flights = new Flights()
  readonly timers = new Map<NodeId, ElectionTimer>()
  readonly #clocks = new Map<NodeId, { readonly node: number; readonly wall: number }>()
  #pace = 1

  /** How many wall milliseconds a millisecond of the nodes' clocks takes. */
  get pace(): number {
    return this.#pace
  }

  setPace(pace: number, wall: number): void {
    for (const id of this.#clocks.keys()) this.#clocks.set(id, { node: this.nodeTime(id, wall), wall })
    this.#pace = pace
  }

  /** Node `id`'s clock showed `nodeTime` at `wall`. */
  setClock(id: NodeId, nodeTime: number, wall: number): void {
    this.#clocks.set(id, { node: nodeTime, wall })
  }

  nodeTime(id: NodeId, wall: number): number {
    const clock = this.#clocks.get(id)
    return clock ? clock.node + (wall - clock.wall) / this.#pace : 0
  }

  /** What is left of `id`'s election timer, from 1 down to 0; `undefined` where none runs. */
  timerLeft(id: NodeId, wall: number): number | undefined {
    const timer = this.timers.get(id)
    if (timer === undefined || !this.#clocks.has(id)) return undefined
    const span = timer.deadline - timer.startedAt
    if (!(span > 0) || !Number.isFinite(span)) return undefined
    return Math.min(1, Math.max(0, (timer.deadline - this.nodeTime(id, wall)) / span))
  }

  /** How long until `id`'s election timer runs out, on its own clock; `undefined` where none runs. */
  timerMs(id: NodeId, wall: number): number | undefined {
    const timer = this.timers.get(id)
    if (timer === undefined || !this.#clocks.has(id) || !Number.isFinite(timer.deadline)) return undefined
    return Math.max(0, timer.deadline - this.nodeTime(id, wall))
  }

  see(event: TraceEvent, wall: number): void {
    switch (event.type) {
      case 'timer':
        this.timers.set(event.node, { startedAt: event.startedAt, deadline: event.deadline })
        return
      case 'role':
        if (event.role === 'leader') this.timers.delete(event.node)
        return
      case 'crashed':
      case 'stopped':
      case 'started':
        this.timers.delete(event.node)
        this.flights.lose(event.node, wall)
        return
      case 'link':
        if (!event.up) this.timers.delete(event.peer)
        return
      case 'sent':
        this.flights.sent(event.message, event.delayMs * this.#pace, wall)
        return
      case 'delivered':
        this.flights.delivered(event.message, wall)
        return
      case 'dropped':
        this.flights.dropped(event.message, wall)
        return
      default:
        return
    }
  }

  /** Whether any frame from now on would differ from this one. */
  isMoving(wall: number): boolean {
    if (this.flights.size > 0) return true
    for (const id of this.timers.keys()) if ((this.timerLeft(id, wall) ?? 0) > 0) return true
    return false
  }
}
