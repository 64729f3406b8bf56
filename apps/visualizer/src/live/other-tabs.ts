/**
 * What the tabs of a room tell each other beside Raft: where each one's node stands, who said goodbye, and the room's
 * controls. Whoever is new is told all of it.
 */
import type { Clock } from '@flotilla/cluster'
import type { NodeId, TraceEvent } from '@flotilla/core'
import type { Picture } from '../store/picture.ts'
import { missedGoodbyes, saidGoodbye } from './farewells.ts'
import type { Observation, Setting } from './observation.ts'
import { Observatory } from './observatory.ts'
import type { RoomControls } from './room-controls.ts'

/** How often the other tabs are told; and how often when more happens than anybody can follow. */
const BATCH_MS = 50
const BATCH_WHEN_BUSY_MS = 250

type Command = Extract<Observation, { readonly kind: 'command' }>['command']

interface OtherTabsHost {
  readonly self: NodeId
  /** As this tab knows them; what the others changed is merged in here. */
  readonly controls: RoomControls
  readonly picture: Picture
  /** The node's, by which traces tell when. */
  readonly clock: Clock
  /** Not slowed down with the room. */
  readonly base: Clock
  send(payload: Uint8Array, to?: NodeId): void
  /** Another tab changed the room's controls. */
  onControls(): void
  /** Another tab asks this one's node to do so. */
  onCommand(command: Command): void
}

export class OtherTabs {
  readonly #host: OtherTabsHost
  readonly #observatory: Observatory

  constructor(host: OtherTabsHost) {
    const { self, picture, clock, base } = host
    this.#host = host
    this.#observatory = new Observatory({
      self,
      now: () => clock.now(),
      send: (payload, to) => host.send(payload, to),
      busy: () => picture.tempo.busy,
      schedule: flush => {
        base.setTimer(base.now() + (picture.tempo.busy ? BATCH_WHEN_BUSY_MS : BATCH_MS), flush)
      },
      own: () => picture.view.nodes.get(self),
      receiveTrace: (from, read) => picture.heard(from, read),
      receive: (from, observation) => this.#onObservation(from, observation),
    })
  }

  /** What they sent that did not fit the schema. */
  get refused(): number {
    return this.#observatory.refused
  }

  /** An event of this tab's node. */
  tell(event: TraceEvent): void {
    this.#observatory.tell(event)
  }

  /** Changes that were made to the controls here. */
  tellSettings(settings: readonly Setting[], to?: NodeId): void {
    if (settings.length > 0) this.#observatory.send({ kind: 'settings', settings }, to)
  }

  command(command: Command, to: NodeId): void {
    this.#observatory.send({ kind: 'command', command }, to)
  }

  /** Tells everyone where this node stands. */
  introduce(): void {
    this.#observatory.introduce()
  }

  /** Tells everyone everything, and asks the same of them. */
  meet(): void {
    this.#observatory.introduce()
    this.#observatory.ask()
    this.tellSettings(this.#host.controls.all())
  }

  welcome(peer: NodeId): void {
    const { self, picture, controls } = this.#host
    this.#observatory.introduce(peer)
    const nodes = saidGoodbye(picture.view, self)
    if (nodes.length > 0) this.#observatory.send({ kind: 'farewells', nodes }, peer)
    this.tellSettings(controls.all(), peer)
  }

  /** So that they can tell a closed tab from a lost one. */
  sayGoodbye(): void {
    const { self, clock } = this.#host
    const now = clock.now()
    this.#observatory.flush()
    const stopped: TraceEvent = { type: 'stopped', node: self, at: now }
    this.#observatory.send({ kind: 'trace', now, catchUp: false, leftOut: 0, events: [stopped] })
  }

  onPayload(from: NodeId, payload: Uint8Array): void {
    this.#observatory.onPayload(from, payload)
  }

  #onObservation(from: NodeId, observation: Exclude<Observation, { readonly kind: 'trace' }>): void {
    switch (observation.kind) {
      case 'farewells':
        this.#hearOfFarewells(observation.nodes)
        return
      case 'settings':
        if (this.#host.controls.merge(observation.settings)) this.#host.onControls()
        return
      case 'hello':
        this.welcome(from)
        return
      case 'command':
        this.#host.onCommand(observation.command)
        return
      default:
        observation satisfies never
    }
  }

  #hearOfFarewells(nodes: readonly NodeId[]): void {
    const { self, picture } = this.#host
    for (const node of missedGoodbyes(picture.view, self, nodes)) {
      const stopped: TraceEvent = { type: 'stopped', node, at: 0 }
      picture.see(node, { events: [stopped], now: 0, catchUp: true, leftOut: 0 })
    }
  }
}
