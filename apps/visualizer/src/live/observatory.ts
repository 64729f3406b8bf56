/**
 * Lets every tab see every node: sends this node's trace to all peers in small batches, tells newcomers where it stands,
 * and gives what others tell (checked) to the picture. Rides beside Raft and is not subject to its faults, so that a cut-off
 * node stays visible.
 */
import type { NodeId, TraceEvent } from '@flotilla/core'
import { catchUp } from '../trace-view/catch-up.ts'
import type { NodeView } from '../trace-view/view.ts'
import { decodeObservation, encodeObservation, type Observation } from './observation.ts'

export interface ObservatoryHost {
  readonly self: NodeId
  /** This node's own clock. */
  now(): number
  send(payload: Uint8Array, to?: NodeId): void
  /** Runs `flush` once, soon: a batch's worth of time from now. */
  schedule(flush: () => void): void
  /** This node as its own trace has told so far. */
  own(): NodeView | undefined
  receive(from: NodeId, observation: Observation): void
}

/** Beyond this the oldest messages are not told; structure always is. */
const MAX_PENDING = 2_000
const MAX_BATCH = 500

export class Observatory {
  readonly #host: ObservatoryHost
  #pending: TraceEvent[] = []
  #scheduled = false
  #refused = 0

  constructor(host: ObservatoryHost) {
    this.#host = host
  }

  /** What peers sent that did not fit the schema. */
  get refused(): number {
    return this.#refused
  }

  /** An event of this node. */
  tell(event: TraceEvent): void {
    this.#pending.push(event)
    if (this.#pending.length > MAX_PENDING) this.#shed()
    if (this.#scheduled) return
    this.#scheduled = true
    this.#host.schedule(() => {
      this.#scheduled = false
      this.flush()
    })
  }

  flush(): void {
    while (this.#pending.length > 0) {
      const events = this.#pending.splice(0, MAX_BATCH)
      this.#send({ kind: 'trace', now: this.#host.now(), catchUp: false, events })
    }
  }

  /** Tells one peer, or everyone, where this node stands. */
  introduce(to?: NodeId): void {
    const own = this.#host.own()
    if (own === undefined) return
    // What is pending is already in the introduction; told after it, it would happen twice.
    this.flush()
    const now = this.#host.now()
    this.#send({ kind: 'trace', now, catchUp: true, events: catchUp(own, now) }, to)
  }

  ask(): void {
    this.#send({ kind: 'hello' })
  }

  send(observation: Observation, to?: NodeId): void {
    this.#send(observation, to)
  }

  onPayload(from: NodeId, payload: Uint8Array): void {
    if (from === this.#host.self) return
    const { observation, refused } = decodeObservation(payload, from)
    this.#refused += refused
    if (observation) this.#host.receive(from, observation)
  }

  #send(observation: Observation, to?: NodeId): void {
    this.#host.send(encodeObservation(observation), to)
  }

  /** Half of the messages, the oldest: later ones can still be followed from end to end. */
  #shed(): void {
    const isMessage = (event: TraceEvent) =>
      event.type === 'sent' || event.type === 'delivered' || event.type === 'dropped' || event.type === 'timer'
    let surplus = this.#pending.length - MAX_PENDING / 2
    this.#pending = this.#pending.filter(event => !(surplus > 0 && isMessage(event) && surplus--))
  }
}
