/**
 * Lets every tab see every node: sends this node's trace to all peers in small batches, tells newcomers where it stands,
 * and gives what others tell (checked) to the picture. Rides beside Raft and is not subject to its faults, so that a cut-off
 * node stays visible.
 */
import type { NodeId, TraceEvent } from '@flotilla/core'
import { catchUp } from '../trace-view/catch-up.ts'
import { condense } from '../trace-view/condense.ts'
import type { NodeView } from '../trace-view/view.ts'
import { canWait, decodeObservation, encodeObservation, type Observation } from './observation.ts'

interface ObservatoryHost {
  readonly self: NodeId
  /** This node's own clock. */
  now(): number
  send(payload: Uint8Array, to?: NodeId): void
  /** Runs `flush` once, soon: a batch's worth of time from now. */
  schedule(flush: () => void): void
  /** This node as its own trace has told so far. */
  own(): NodeView | undefined
  /** Whether more happens than anybody can follow. */
  busy(): boolean
  /** A trace, to be read when somebody looks. */
  receiveTrace(from: NodeId, read: () => Trace | undefined): void
  receive(from: NodeId, observation: Exclude<Observation, Trace>): void
}

type Trace = Extract<Observation, { readonly kind: 'trace' }>

/** Where timers are late, no more than this waits for one. */
const MAX_PENDING = 2_000
/** Events and entries in one payload: far from what a frame may hold. */
const MAX_BATCH = 500

export class Observatory {
  readonly #host: ObservatoryHost
  #pending: TraceEvent[] = []
  #leftOut = 0
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
    if (this.#pending.length > MAX_PENDING) this.#condense()
    if (this.#scheduled) return
    this.#scheduled = true
    this.#host.schedule(() => {
      this.#scheduled = false
      this.flush()
    })
  }

  flush(): void {
    if (this.#host.busy() || this.#pending.length > MAX_BATCH) this.#condense()
    const now = this.#host.now()
    for (const events of batches(this.#pending)) {
      this.#send({ kind: 'trace', now, catchUp: false, leftOut: this.#leftOut, events })
      this.#leftOut = 0
    }
    this.#pending = []
  }

  /** Tells one peer, or everyone, where this node stands. */
  introduce(to?: NodeId): void {
    const own = this.#host.own()
    if (own === undefined) return
    // What is pending is already in the introduction; told after it, it would happen twice.
    this.flush()
    const now = this.#host.now()
    this.#send({ kind: 'trace', now, catchUp: true, leftOut: 0, events: catchUp(own, now) }, to)
  }

  ask(): void {
    this.#send({ kind: 'hello' })
  }

  send(observation: Observation, to?: NodeId): void {
    this.#send(observation, to)
  }

  onPayload(from: NodeId, payload: Uint8Array): void {
    if (from === this.#host.self) return
    if (canWait(payload)) {
      this.#host.receiveTrace(from, () => {
        const observation = this.#read(from, payload)
        return observation?.kind === 'trace' ? observation : undefined
      })
      return
    }
    const observation = this.#read(from, payload)
    if (observation === undefined) return
    if (observation.kind === 'trace') this.#host.receiveTrace(from, () => observation)
    else this.#host.receive(from, observation)
  }

  #read(from: NodeId, payload: Uint8Array): Observation | undefined {
    const { observation, refused } = decodeObservation(payload, from)
    this.#refused += refused
    return observation
  }

  #send(observation: Observation, to?: NodeId): void {
    this.#host.send(encodeObservation(observation), to)
  }

  #condense(): void {
    const { events, leftOut } = condense(this.#pending)
    this.#pending = [...events]
    this.#leftOut += leftOut
  }
}

function batches(events: readonly TraceEvent[]): readonly (readonly TraceEvent[])[] {
  const all: TraceEvent[][] = []
  let room = 0
  for (const event of events) {
    const weight = 1 + ('entries' in event ? event.entries.length : 0)
    const last = all.at(-1)
    if (last === undefined || weight > room) {
      all.push([event])
      room = MAX_BATCH - weight
    } else {
      last.push(event)
      room -= weight
    }
  }
  return all
}
