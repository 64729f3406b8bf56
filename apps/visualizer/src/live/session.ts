/**
 * What the page does with this tab's node, wherever that runs: feeds the picture with its trace, beside what the other tabs tell of
 * theirs, and gives the controls their effect.
 */
import { type Admission, type ClusterStatus, workerClock } from '@flotilla/cluster'
import type { NodeId, TraceEvent } from '@flotilla/core'
import { KeyValueMachine } from '../machine/key-value.ts'
import { type RoomName, roomAddress } from '../room/room-address.ts'
import type { Live } from '../store/live-context.ts'
import { type Consistency, createLiveStore, type LiveActions, type Problem } from '../store/live-store.ts'
import { Picture, type Seen } from '../store/picture.ts'
import { cleanName } from '../trace-view/called-name.ts'
import { AppliedWrites } from './applied-writes.ts'
import { isGuestIn, thisBrowser } from './browser.ts'
import { type Applied, type Flotilla, type FlotillaStatus, NO_NODE } from './console-api.ts'
import { LostMajority } from './lost-majority.ts'
import { rememberMove } from './moved-room.ts'
import type { Change, LiveNode, Told } from './node/live-node.ts'
import { liveRoom } from './node/live-room.ts'
import { NodeClock } from './node/node-clock.ts'
import { placeNode } from './node/place-node.ts'
import type { Setting } from './observation.ts'
import { OtherTabs } from './other-tabs.ts'
import { lastingProblem, problemOf, unanswered } from './problems.ts'
import { rememberControls, rememberedControls } from './remembered-controls.ts'
import { rememberedName, rememberName } from './remembered-name.ts'
import { rememberNode } from './remembered-node.ts'
import { Requests } from './requests.ts'
import { PACES, type Pace, RoomControls } from './room-controls.ts'

/** Whoever is there lets somebody in long before. Milliseconds. */
const UNANSWERED_MS = 5_000

export class Session implements LiveActions, Flotilla {
  readonly live: Live
  readonly #room: string
  /** What closes the room now. */
  #key: string | undefined
  readonly #store = createLiveStore('')
  readonly #picture: Picture
  /** A copy of the node's. */
  readonly #machine = new KeyValueMachine()
  readonly #applied: AppliedWrites
  readonly #requests: Requests
  readonly #base = workerClock()
  /** The node's. */
  readonly #clock = new NodeClock(this.#base)
  readonly #lost = new LostMajority({
    base: this.#base,
    clock: this.#clock,
    changed: lost => this.#store.setState({ lost }),
  })
  readonly #opening: Promise<LiveNode>
  #node: LiveNode | undefined
  /** As the node told it last; `undefined` until it is open. */
  #status: ClusterStatus | undefined
  #self: NodeId | undefined
  #controls = new RoomControls('')
  /** Spoken to from the moment on at which it is known which node this tab is. */
  #others: OtherTabs | undefined
  #introducedAs: string | undefined
  #lasting: Problem | undefined
  /** Nobody of the room has answered for so long that it has to be said, and how far the user is with making it anew. */
  #unanswered: 'told' | 'warned' | undefined
  #isWaiting = false
  /** The address says that the room is there. */
  #isSaid = false
  /** The user has seen that a database cannot be read, and wants it to stay. */
  #keepsDamaged = false

  constructor(name: RoomName) {
    const { room, key } = name
    this.#room = room
    this.#key = key
    this.#store.setState({ room })
    this.#picture = new Picture(seen => this.#show(seen))
    this.live = { store: this.#store, actions: this, picture: this.#picture }
    this.#applied = new AppliedWrites(this.#machine, () => this.#picture.poke())
    this.#requests = new Requests({
      store: this.#store,
      opened: () => this.#opening,
      pace: () => this.#controls.pace,
    })
    addEventListener('pageshow', event => {
      if (event.persisted) this.#others?.introduce()
    })
    this.#opening = this.#open(name)
    this.#opening.catch((cause: unknown) => {
      this.#store.setState({ phase: 'broken', problem: problemOf(cause, thisBrowser()).problem })
    })
  }

  // ---- The console's --------------------------------------------------------------------------------------------------

  status(): FlotillaStatus {
    const { phase } = this.#store.getState()
    const here = {
      room: this.#room,
      pace: this.#controls.pace,
      refusedObservations: this.#others?.refused ?? 0,
      unshownMessages: this.#picture.leftOut,
    }
    if (this.#status === undefined)
      return { ...NO_NODE, ...here, state: phase === 'broken' ? 'broken' : 'opening', cut: [] }
    return { ...this.#status, ...here, cut: this.#controls.cutFrom(this.#status.id) }
  }

  set(key: string, value: string) {
    return this.#requests.set(key, value)
  }

  get(key: string, options?: { readonly consistency?: Consistency }) {
    return this.#requests.get(key, options)
  }

  history(): readonly Applied[] {
    return this.#applied.history()
  }

  cut(ids: readonly NodeId[]): void {
    const self = this.#self
    if (self !== undefined)
      this.setCut(
        ids.map(id => [self, id] as const),
        true,
      )
  }

  heal(): void {
    this.healAll()
  }

  // ---- The controls' --------------------------------------------------------------------------------------------------

  write(key: string, value: string): void {
    this.#requests.write(key, value)
  }

  read(key: string, consistency: Consistency): void {
    this.#requests.read(key, consistency)
  }

  setPace(pace: number): void {
    const known = PACES.find(option => option === pace)
    if (known === undefined) throw new RangeError(`a pace is one of ${PACES.join(', ')}, not ${pace}`)
    this.#changed(this.#controls.setPace(known))
  }

  setCut(links: readonly (readonly [NodeId, NodeId])[], cut: boolean): void {
    this.#changed(this.#controls.setCut(links, cut))
  }

  healAll(): void {
    this.setCut(this.#controls.cuts(), false)
  }

  /** Tells everybody what this tab's node is called; nothing any more for a name of nothing. */
  call(name: string): void {
    const called = cleanName(name)
    rememberName(this.#room, called)
    this.#others?.tellName(called)
  }

  keepControls(): void {
    this.#changed(this.#controls.keep())
  }

  handOutControls(): void {
    this.#changed(this.#controls.handOut())
  }

  swapVoter(): Promise<Problem | undefined> {
    return this.#orProblem({ kind: 'swapVoter' })
  }

  crash(id: NodeId | undefined = this.#self): void {
    if (id === undefined || !this.#controls.mayChange()) return
    if (id === this.#self) this.#node?.crash()
    else this.#others?.command('crash', id)
  }

  async restart(id: NodeId | undefined = this.#self): Promise<void> {
    if (id === undefined || id === this.#self) return this.#startAgain()
    if (this.#controls.mayChange()) this.#others?.command('restart', id)
  }

  async #startAgain(): Promise<void> {
    this.#store.setState({ problem: await this.#orProblem({ kind: 'restart' }) })
  }

  setAdmission(admission: Admission): Promise<Problem | undefined> {
    return this.#orProblem({ kind: 'setAdmission', admission })
  }

  admit(id: NodeId, letIn: boolean): Promise<Problem | undefined> {
    return this.#orProblem({ kind: 'admit', id, letIn })
  }

  remove(id: NodeId): Promise<Problem | undefined> {
    return this.#orProblem({ kind: 'remove', id })
  }

  async #orProblem(change: Change): Promise<Problem | undefined> {
    try {
      const node = await this.#opening
      await node.change(change)
      return undefined
    } catch (cause) {
      return problemOf(cause, thisBrowser()).problem
    }
  }

  retry(): void {
    location.reload()
  }

  async deleteDamaged(): Promise<void> {
    const problem = await this.#orProblem({ kind: 'deleteDamaged' })
    if (problem) this.#store.setState({ problem })
  }

  keepDamaged(): void {
    this.#keepsDamaged = true
    if (this.#status) this.#onStatus(this.#status)
  }

  warnOfFounding(isWarned: boolean): void {
    if (this.#unanswered !== undefined) this.#unanswered = isWarned ? 'warned' : 'told'
    if (this.#status) this.#onStatus(this.#status)
  }

  /** By the link without `&join`: who is there after all is joined even then. */
  foundAnew(): void {
    history.replaceState(history.state, '', roomAddress(this.#room, this.#key, false))
    location.reload()
  }

  goOnWithout(missing: readonly NodeId[]): Promise<Problem | undefined> {
    return this.#orProblem({ kind: 'goOnWithout', missing })
  }

  async joinAgain(): Promise<void> {
    const problem = await this.#orProblem({ kind: 'forget' })
    if (problem === undefined) location.reload()
    else this.#store.setState({ problem })
  }

  // ---- The node's -----------------------------------------------------------------------------------------------------

  async #open(name: RoomName): Promise<LiveNode> {
    // A page that came over plain http keeps nothing, and does not vote.
    if (isGuestIn(name)) this.#store.setState({ isGuest: true })
    const node = await placeNode(await liveRoom(name), {
      clock: this.#base,
      tell: told => this.#hear(told),
      closes: () => this.#others?.flush(),
    })
    this.#node = node
    // Somebody may have changed them meanwhile.
    if (this.#controls.all().length > 0) this.#applySettings()
    await node.opened
    return node
  }

  #hear(told: Told): void {
    switch (told.kind) {
      case 'trace':
        return this.#onTrace(told.event)
      case 'leftOut':
        return this.#onLeftOut(told.count)
      case 'status':
        return this.#onStatus(told.status)
      case 'clock':
        return this.#clock.set(told.reading)
      case 'applied': {
        const { key, value, index, term } = told.write
        this.#machine.apply({ type: 'set', key, value }, { index, term })
        return this.#applied.touch()
      }
      case 'restored':
        return this.#machine.restore(told.snapshot)
      case 'identity':
        this.#identify(told.id)
        return rememberNode(this.#room, told.id)
      case 'observed':
        return this.#others?.onPayload(told.from, told.payload)
      case 'linked':
        return this.#others?.welcome(told.peer)
      case 'goodbye':
        return this.#others?.saidGoodbye(told.peer)
      default:
        told satisfies never
    }
  }

  #onStatus(status: ClusterStatus): void {
    this.#status = status
    const { state, clusterId, transportFailure, admission, waiting, key } = status
    if (key !== undefined && key !== this.#key) void this.#moveTo(key)
    const isolated = transportFailure !== undefined
    this.#awaitAnswer(state)
    this.#lost.see(status)
    const problem =
      lastingProblem(this.#keepsDamaged ? { ...status, damaged: [] } : status, thisBrowser()) ??
      (this.#unanswered && unanswered(this.#unanswered))
    // Told after every write, and nearly never new. What a vain attempt to start again told stays until something is.
    const { phase, isolated: wasIsolated } = this.#store.getState()
    if (phase !== state || isolated !== wasIsolated || problem?.title !== this.#lasting?.title)
      this.#store.setState({ phase: state, problem, isolated })
    this.#lasting = problem
    const shown = this.#store.getState()
    if (admission !== shown.admission || waiting.join() !== shown.waiting.join())
      this.#store.setState({ admission, waiting })
    if (clusterId === this.#introducedAs) return
    // Before a node belongs to a cluster, little of what it says and hears gets through.
    this.#introducedAs = clusterId
    this.#others?.meet()
  }

  /** Only who keeps something, and can find others, is told to make the room anew. */
  #awaitAnswer(state: ClusterStatus['state']): void {
    if (state !== 'joining') {
      this.#isWaiting = false
      this.#unanswered = undefined
      return state === 'running' ? this.#sayThatItIsThere() : undefined
    }
    if (this.#isWaiting || this.#key === undefined || this.#store.getState().isGuest) return
    this.#isWaiting = true
    this.#base.setTimer(this.#base.now() + UNANSWERED_MS, () => {
      if (!this.#isWaiting || this.#status === undefined) return
      this.#unanswered = 'told'
      this.#onStatus(this.#status)
    })
  }

  /** From now on this page's links are for those who join. */
  #sayThatItIsThere(): void {
    if (this.#isSaid || this.#key === undefined) return
    this.#isSaid = true
    history.replaceState(history.state, '', roomAddress(this.#room, this.#key, true))
  }

  /** Somebody was removed, and the room has another key: the address of this page is the new link. */
  async #moveTo(key: string): Promise<void> {
    const before = this.#key
    this.#key = key
    if (before === undefined) return
    await rememberMove(this.#room, before, key)
    if (this.#key !== key) return
    history.replaceState(history.state, '', roomAddress(this.#room, key))
    this.#store.setState({ link: key })
  }

  // ---- The picture's --------------------------------------------------------------------------------------------------

  #onTrace(event: TraceEvent): void {
    this.#identify(event.node)
    // The room's controls are the authority on cuts; the runtime learns of them one frame after the other.
    if (event.type !== 'cut') this.#own(event)
  }

  #onLeftOut(leftOut: number): void {
    if (this.#self === undefined) return
    this.#picture.see(this.#self, { events: [], now: this.#clock.now(), catchUp: false, leftOut })
  }

  #own(event: TraceEvent): void {
    this.#picture.own(event)
    this.#others?.tell(event)
  }

  #identify(self: NodeId): void {
    if (this.#self === self) return
    this.#self = self
    this.#picture.self = { id: self, now: () => this.#clock.now() }
    const chosen = this.#controls.all().length > 0 ? this.#controls.pace : undefined
    this.#controls = new RoomControls(self)
    this.#controls.merge(rememberedControls(this.#room))
    this.#others = new OtherTabs({
      self,
      controls: this.#controls,
      picture: this.#picture,
      clock: this.#clock,
      base: this.#base,
      send: (payload, to) => this.#node?.observe(payload, to),
      onControls: () => this.#applySettings(),
      onCommand: (command, by) => {
        if (!this.#controls.mayChange(by)) return
        if (command === 'crash') this.#node?.crash()
        else void this.#startAgain()
      },
    })
    this.#store.setState({ self })
    this.#others.tellName(rememberedName(this.#room))
    // Somebody may have chosen a speed while the room was still opening.
    if (chosen !== undefined && chosen !== this.#controls.pace) this.setPace(chosen)
    this.#applySettings()
  }

  #changed(settings: readonly Setting[]): void {
    if (settings.length === 0) return
    this.#applySettings()
    this.#others?.tellSettings(settings)
  }

  #applySettings(): void {
    rememberControls(this.#room, this.#controls.all())
    const { pace, keeper } = this.#controls
    this.#node?.setControls({ pace, cuts: this.#controls.cuts() })
    if (keeper !== this.#store.getState().keeper) this.#store.setState({ keeper })
    if (pace !== this.#store.getState().pace) {
      this.#picture.setPace(pace)
      this.#store.setState({ pace: pace satisfies Pace })
    }
    const self = this.#self
    if (self === undefined) return
    const peers = this.#controls.cutFrom(self)
    const shown = this.#picture.view.nodes.get(self)?.cut ?? []
    if (peers.length === shown.length && peers.every(peer => shown.includes(peer))) return
    this.#own({ type: 'cut', peers, node: self, at: this.#clock.now() })
  }

  /** Picture and values together: one rendering for both. */
  #show(seen: Seen): void {
    this.#store.setState({ ...seen, ...this.#applied.news() })
  }
}
