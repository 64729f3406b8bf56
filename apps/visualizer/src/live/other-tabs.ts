/**
 * What the tabs of a room tell each other beside Raft: where each one's node stands, who said goodbye, and the room's
 * controls. Whoever is new is told all of it. In a room of many, where not everybody has a link to everybody, those who vote tell
 * the others of each other, and pass on what is for all.
 */
import type { Clock } from '@flotilla/cluster'
import type { NodeId, TraceEvent } from '@flotilla/core'
import type { Picture } from '../store/picture.ts'
import { standingsOf, tellerOf, tellersOf } from '../trace-view/hearsay.ts'
import { presenceOf } from '../trace-view/roster.ts'
import { missedGoodbyes, saidGoodbye } from './farewells.ts'
import type { Observation, Setting } from './observation.ts'
import { Observatory } from './observatory.ts'
import type { RoomControls } from './room-controls.ts'

/** How often the other tabs are told; and how often when more happens than anybody can follow. */
const BATCH_MS = 50
const BATCH_WHEN_BUSY_MS = 250

/** In a room of many, how often those who vote tell where the others stand; and how often again though nothing has changed. */
const STANDINGS_EVERY_MS = 1_000
const STANDINGS_AGAIN_MS = 5_000

type Command = Extract<Observation, { readonly kind: 'command' }>['command']

interface OtherTabsHost {
  readonly self: NodeId
  /** As this tab knows them; what the others changed is merged in here. */
  readonly controls: RoomControls
  readonly picture: Picture
  /** The node's, by which traces tell when. */
  readonly clock: Pick<Clock, 'now'>
  /** Not slowed down with the room. */
  readonly base: Clock
  send(payload: Uint8Array, to?: NodeId): void
  /** Another tab changed the room's controls. */
  onControls(): void
  /** Another tab asks this one's node to do so. */
  onCommand(command: Command, by: NodeId): void
}

export class OtherTabs {
  readonly #host: OtherTabsHost
  readonly #observatory: Observatory
  #toldStandings: { readonly text: string; readonly at: number } | undefined
  #isTelling = false

  constructor(host: OtherTabsHost) {
    const { self, picture, clock, base } = host
    this.#host = host
    this.#observatory = new Observatory({
      self,
      now: () => clock.now(),
      send: (payload, to) => host.send(payload, to),
      busy: () => picture.samples,
      schedule: flush => {
        base.setTimer(base.now() + (picture.samples ? BATCH_WHEN_BUSY_MS : BATCH_MS), flush)
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
    // Whatever happens, for who votes is not known yet when this tab's own event tells it: the picture is behind.
    this.#tellStandingsLater()
    if (this.#isForOthers(event)) this.#observatory.tell(event)
  }

  /** Changes that were made to the controls here. */
  tellSettings(settings: readonly Setting[], to?: NodeId): void {
    if (settings.length > 0) this.#observatory.send({ kind: 'settings', settings }, to)
  }

  /** What this tab's node is called from now on; `undefined` for nothing any more. */
  tellName(name: string | undefined): void {
    const { self, picture } = this.#host
    if (picture.called(self, [[self, name]])) this.#observatory.send({ kind: 'called', names: [[self, name ?? null]] })
  }

  command(command: Command, to: NodeId): void {
    const { self, picture } = this.#host
    const linked = picture.view.nodes.get(self)?.linked ?? []
    if (linked.includes(to) || !picture.isCrowd) return this.#observatory.send({ kind: 'command', command }, to)
    const [by] = tellersOf(picture.view, self, to, picture.voters)
    if (by !== undefined) this.#observatory.send({ kind: 'command', command, about: to }, by)
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
    this.#tellNames()
  }

  welcome(peer: NodeId): void {
    const { self, picture, controls } = this.#host
    this.#observatory.introduce(peer)
    const nodes = saidGoodbye(picture.view, self)
    if (nodes.length > 0) this.#observatory.send({ kind: 'farewells', nodes }, peer)
    this.tellSettings(controls.all(), peer)
    this.#tellNames(peer)
  }

  #tellNames(to?: NodeId): void {
    const names = [...this.#host.picture.view.called]
    if (names.length > 0) this.#observatory.send({ kind: 'called', names }, to)
  }

  /** Tells everyone now what they would be told soon. */
  flush(): void {
    this.#observatory.flush()
  }

  /** One of them told its node's peers, not us: what a closing tab tells us itself may be lost with its channels. */
  saidGoodbye(peer: NodeId): void {
    const { self, picture } = this.#host
    if (presenceOf(picture.view, self, peer) === 'closed') return
    picture.see(peer, { events: [{ type: 'stopped', node: peer, at: 0 }], now: 0, catchUp: false, leftOut: 0 })
  }

  onPayload(from: NodeId, payload: Uint8Array): void {
    this.#observatory.onPayload(from, payload)
  }

  #onObservation(from: NodeId, observation: Exclude<Observation, { readonly kind: 'trace' }>): void {
    switch (observation.kind) {
      case 'farewells':
        this.#hearOfFarewells(from, observation.nodes)
        return
      case 'settings':
        if (!this.#host.controls.merge(observation.settings)) return
        this.#host.onControls()
        // Once: whoever has them already does not pass them on.
        if (this.#tellsOthers()) this.tellSettings(observation.settings)
        return
      case 'hello':
        this.welcome(from)
        return
      case 'command': {
        const { command, about = this.#host.self, by = from } = observation
        if (about === this.#host.self) this.#host.onCommand(command, by)
        else if (this.#tellsOthers()) this.#observatory.send({ kind: 'command', command, by: from }, about)
        return
      }
      case 'called': {
        const names = observation.names.map(([id, name]) => [id, name ?? undefined] as const)
        // As with settings: once.
        if (this.#host.picture.called(from, names) && this.#tellsOthers()) this.#observatory.send(observation)
        return
      }
      case 'standings':
        this.#host.picture.told(from, observation.standings)
        return
      default:
        observation satisfies never
    }
  }

  #hearOfFarewells(from: NodeId, nodes: readonly NodeId[]): void {
    const { self, picture } = this.#host
    for (const node of missedGoodbyes(picture.view, self, nodes)) picture.farewell(from, node)
  }

  /** Messages between those who vote can be followed; those of a crowd cannot, and each would be told to all. */
  #isForOthers(event: TraceEvent): boolean {
    const { isCrowd, voters } = this.#host.picture
    if (!isCrowd) return true
    switch (event.type) {
      case 'sent':
      case 'delivered':
      case 'dropped':
        return voters.includes(event.message.from) && voters.includes(event.message.to)
      case 'progress':
        return voters.includes(event.follower)
      case 'timer':
        return voters.includes(event.node)
      default:
        return true
    }
  }

  /** It votes, in a room of many. */
  #tellsOthers(): boolean {
    const { isCrowd, voters } = this.#host.picture
    return isCrowd && voters.includes(this.#host.self)
  }

  #tellStandingsLater(): void {
    if (this.#isTelling) return
    this.#isTelling = true
    const { base } = this.#host
    base.setTimer(base.now() + STANDINGS_EVERY_MS, () => {
      this.#isTelling = false
      if (!this.#tellsOthers()) return
      this.#tellStandings()
      this.#tellStandingsLater()
    })
  }

  /** To those who do not vote: each is told by one of those who do. */
  #tellStandings(): void {
    const { self, picture, base } = this.#host
    const { view } = picture
    const standings = standingsOf(view, self)
    const text = JSON.stringify([standings, [...view.called]])
    const now = base.now()
    if (this.#toldStandings?.text === text && now < this.#toldStandings.at + STANDINGS_AGAIN_MS) return
    this.#toldStandings = { text, at: now }
    const { voters } = picture
    for (const id of view.nodes.get(self)?.linked ?? []) {
      if (voters.includes(id) || tellerOf(id, tellersOf(view, self, id, voters)) !== self) continue
      this.#observatory.send({ kind: 'standings', standings }, id)
      this.#tellNames(id)
    }
  }
}
