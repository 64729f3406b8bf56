/**
 * Where traces become the picture. While Raft works, its events and the other tabs' payloads are only put aside; everything
 * else happens at once, a few times a second: they are read, reduced to the view, told in sentences, and handed to React.
 */
import type { NodeId, TraceEvent } from '@flotilla/core'
import type { Movement } from '../stage/movement.ts'
import { type Called, withCalled } from '../trace-view/called.ts'
import { condense } from '../trace-view/condense.ts'
import { isCrowd } from '../trace-view/crowd.ts'
import { type Standing, withFarewell, withStandings } from '../trace-view/hearsay.ts'
import type { Flight } from '../trace-view/messages-in-flight.ts'
import { Motion } from '../trace-view/motion.ts'
import { narrate, narrateReturn } from '../trace-view/narrate.ts'
import { emptyNarration, type Narration, retell, tell } from '../trace-view/narration.ts'
import { reduce } from '../trace-view/reduce.ts'
import { currentConfiguration } from '../trace-view/roster.ts'
import { type ClusterView, emptyView } from '../trace-view/view.ts'
import type { Recording } from './recording.ts'
import { Tempo } from './tempo.ts'

interface Sighting {
  readonly events: readonly TraceEvent[]
  /** What the node's clock showed when it told this. */
  readonly now: number
  /** Says where a node stands rather than what just happened: nothing to narrate. */
  readonly catchUp: boolean
  /** Events of messages that the teller left out. */
  readonly leftOut: number
}

/** What React is told. */
export interface Seen {
  readonly view: ClusterView
  readonly narration: Narration
  /** More happens than anybody can follow: of many messages only a few are drawn. */
  readonly busy: boolean
}

/** Rendering more often than this shows nobody anything more. */
const PUBLISH_EVERY_MS = 40
const PUBLISH_WHEN_BUSY_MS = 250
/** On a slow machine, or a loaded one, rendering is to take no more than one part in so many of the time. */
const COST_SHARE = 10
/** Where timers are late (in a hidden tab they ring once a minute) no more than this is put aside. */
const MAX_WAITING = 4_000

export class Picture implements Movement {
  readonly motion = new Motion()
  readonly tempo = new Tempo()
  /** The wall clock, in milliseconds, by which things move. */
  readonly now: () => number
  /** This tab's node, and its clock. What it says of its links is told in words. */
  self: { readonly id: NodeId; now(): number } | undefined
  /** Whoever writes down what is seen here. */
  recording: Recording | undefined
  readonly #wakes = new Set<() => void>()
  #view: ClusterView = emptyView
  #narration: Narration = emptyNarration
  #own: TraceEvent[] = []
  #heard: { readonly from: NodeId; readonly read: () => Sighting | undefined }[] = []
  #scheduled = false
  #poked = false
  #leftOut = 0
  #isCrowd = false
  #voters: readonly NodeId[] = []
  #told: Seen = { view: emptyView, narration: emptyNarration, busy: false }
  /** How long the last rendering took. */
  #cost = 0
  readonly #publish: (seen: Seen) => void

  constructor(publish: (seen: Seen) => void, now = () => performance.now()) {
    this.#publish = publish
    this.now = now
  }

  // ---- What moves, for the ring ---------------------------------------------------------------------------------------

  get pace(): number {
    return this.motion.pace
  }

  get busy(): boolean {
    return this.tempo.busy
  }

  timerLeft(id: NodeId, at: number): number | undefined {
    return this.motion.timerLeft(id, at)
  }

  timerMs(id: NodeId, at: number): number | undefined {
    return this.motion.timerMs(id, at)
  }

  flights(at: number): readonly Flight[] {
    const { flights, pace } = this.motion
    flights.sweep(at, pace > 1)
    return [...flights.values()]
  }

  isMoving(at: number): boolean {
    return this.motion.isMoving(at)
  }

  onWake(wake: () => void): () => void {
    this.#wakes.add(wake)
    return () => this.#wakes.delete(wake)
  }

  /** More nodes than can all be linked to each other, or be told apart. */
  get isCrowd(): boolean {
    return this.#isCrowd
  }

  /** Those who vote, also in the configuration that is being left. */
  get voters(): readonly NodeId[] {
    return this.#voters
  }

  /** Of messages only a few are told and drawn. In a crowd there are too many to tell them all to everybody, but in slow motion. */
  get samples(): boolean {
    return this.tempo.busy || (this.#isCrowd && this.motion.pace === 1)
  }

  // ---- What happens ---------------------------------------------------------------------------------------------------

  /** Messages of this and the other nodes that were left out of the picture. */
  get leftOut(): number {
    return this.#leftOut
  }

  /** As of now. Costs whatever waits. */
  get view(): ClusterView {
    this.#settle()
    return this.#view
  }

  /** An event of this tab's node. In the middle of Raft's work, so nothing is done with it yet. */
  own(event: TraceEvent): void {
    this.#own.push(event)
    if (this.#own.length > MAX_WAITING) this.#settle()
    this.#schedule()
  }

  /** What another node told, to be read later. */
  heard(from: NodeId, read: () => Sighting | undefined): void {
    this.#heard.push({ from, read })
    if (this.#heard.length > MAX_WAITING) this.#settle()
    this.#schedule()
  }

  /** What `by` tells of nodes that this tab has no link to. */
  told(by: NodeId, standings: readonly Standing[]): void {
    if (this.self === undefined) return
    this.#settle()
    this.#view = withStandings(this.#view, this.self.id, by, standings)
    this.#schedule()
  }

  /** That `node`, a tab's, said goodbye to `by`. */
  farewell(by: NodeId, node: NodeId): void {
    const stopped: TraceEvent = { type: 'stopped', node, at: 0 }
    this.see(node, { events: [stopped], now: 0, catchUp: true, leftOut: 0 })
    this.#view = withFarewell(this.#view, by, node)
  }

  /** What `from` says nodes are called. */
  called(from: NodeId, names: Called): boolean {
    if (this.self === undefined) return false
    const before = this.view
    this.#view = withCalled(before, this.self.id, from, names)
    if (this.#view === before) return false
    this.#schedule()
    return true
  }

  see(node: NodeId, sighting: Sighting): void {
    this.#settle()
    this.#take(node, sighting)
    this.#schedule()
    this.#wake()
  }

  /** Publishes soon, whether or not there is news: whoever is told has some of their own. */
  poke(): void {
    this.#poked = true
    this.#schedule()
  }

  /** The page speaks another language: what was told is told again in it. */
  retell(): void {
    this.#settle()
    this.#narration = retell(this.#narration)
    this.poke()
  }

  setPace(pace: number): void {
    this.motion.setPace(pace, this.now())
    this.#wake()
  }

  #wake(): void {
    for (const wake of this.#wakes) wake()
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setTimeout(
      () => {
        this.#scheduled = false
        this.#settle()
        this.#tell()
        if (this.tempo.busy) this.#schedule()
      },
      this.tempo.busy ? PUBLISH_WHEN_BUSY_MS : Math.max(PUBLISH_EVERY_MS, this.#cost * COST_SHARE),
    )
  }

  /** Heartbeats, nearly all of what happens, change nothing of this. */
  #tell(): void {
    const seen = { view: this.#view, narration: this.#narration, busy: this.tempo.busy }
    const { view, narration, busy } = this.#told
    if (!this.#poked && seen.view === view && seen.narration === narration && seen.busy === busy) return
    this.#told = seen
    this.#poked = false
    const begun = this.now()
    this.#publish(seen)
    // React renders in a microtask of its own, asked for just now: this one comes after it.
    queueMicrotask(() => {
      this.#cost = Math.min(this.now() - begun, PUBLISH_WHEN_BUSY_MS / COST_SHARE)
    })
  }

  #settle(): void {
    this.tempo.note(this.#own, this.now())
    if (this.#own.length === 0 && this.#heard.length === 0) return
    const own = this.#own
    const heard = this.#heard
    this.#own = []
    this.#heard = []
    if (this.self && own.length > 0) {
      const { events, leftOut } = this.samples ? condense(own) : { events: own, leftOut: 0 }
      this.#take(this.self.id, { events, now: this.self.now(), catchUp: false, leftOut })
    }
    for (const { from, read } of heard) {
      const sighting = read()
      if (sighting) this.#take(from, sighting)
    }
    this.#wake()
  }

  #take(node: NodeId, sighting: Sighting): void {
    const wall = this.now()
    this.motion.setClock(node, sighting.now, wall)
    this.#leftOut += sighting.leftOut
    this.recording?.take(node, sighting, wall, this.motion.pace)
    const slow = this.motion.pace > 1
    const first = this.#view
    for (const event of sighting.events) {
      const before = this.#view
      this.#view = reduce(before, event)
      if (event.type === 'configuration' || event.type === 'started') this.#lookWhoVotes()
      this.motion.see(event, wall)
      const sentence = sighting.catchUp ? undefined : narrate(before, this.#view, event, this.self?.id)
      if (sentence) this.#narration = tell(this.#narration, sentence, wall, slow)
    }
    const returned = sighting.catchUp ? narrateReturn(first, this.#view, node) : undefined
    if (returned) this.#narration = tell(this.#narration, returned, wall, slow)
  }

  #lookWhoVotes(): void {
    const { voters, oldVoters } = currentConfiguration(this.#view)
    this.#voters = [...new Set([...voters, ...oldVoters])]
    this.#isCrowd = isCrowd(this.#view)
  }
}
