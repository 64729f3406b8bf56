/**
 * Decides by the seed what happens next: keeps the queue of virtual time, carries messages, lets disks finish, fires
 * timers. The workload and the faults schedule themselves here; the world performs what comes due.
 */
import type { Outcome, PersistUnit } from '@flotilla/core'
import type { Random } from '../ground/random.ts'
import type { Action, Envelope } from '../world/action.ts'
import { EventQueue } from '../world/events.ts'
import { Network } from '../world/network.ts'
import type { SimulatedNode } from '../world/node.ts'
import { perform } from '../world/perform.ts'
import type { World } from '../world/world.ts'
import type { Mix } from './swarm.ts'

interface Scheduled {
  readonly at: number
  order: number
  /** Something that happens to the cluster, … */
  readonly action: Action | undefined
  /** … in this incarnation of the node only (0: in any), … */
  readonly incarnation: number
  /** … or something that decides what does. */
  readonly wake: (() => void) | undefined
}

/** How the driver treats one node; none of it is known to the node. */
interface Treatment {
  /** When its timer is scheduled; Infinity for not. */
  timerAt: number
  diskBusyUntil: number
  /** Its disk takes so many times longer. */
  diskFactor: number
  /** Hidden tabs' timers come only at multiples of this. 0 for exact. */
  timerGrainMs: number
  /** What came while it was frozen or had no turn; `undefined` when it is not. */
  mailbox: Action[] | undefined
  /** It only has no turn: it goes on as if nothing had been, and no host says `resume`. */
  isStalled: boolean
}

export class Driver {
  readonly world: World
  readonly mix: Mix
  readonly network: Network
  /** For replays and stories: everything performed. */
  onAction: ((action: Action, at: number, reading: number) => void) | undefined = undefined
  /** The faults end here. */
  onCalm: () => void = () => {}
  readonly #queue = new EventQueue<Scheduled>()
  readonly #diskRandom: Random
  readonly #treatments: (Treatment | undefined)[] = []
  readonly #random: Random
  #calm = false

  constructor(world: World, mix: Mix, random: Random) {
    this.world = world
    this.mix = mix
    this.#random = random
    this.#diskRandom = random.fork('disks')
    this.network = new Network(random.fork('network'), mix.network, (envelope, at) => this.#arrive(envelope, at))
    this.network.onReplay = () => world.marks.sometimes('old message replayed')
    world.outlet = {
      sent: envelope => this.network.carry(envelope, world.now),
      writing: (node, unit) => this.#startWriting(node, unit),
      compactionDue: node => {
        if (mix.compaction) this.#schedule(world.now, { type: 'compact', node: node.index }, node.incarnation)
      },
      crashed: node => {
        const treatment = this.treatment(node)
        treatment.mailbox = undefined
        treatment.timerAt = Number.POSITIVE_INFINITY
        treatment.diskBusyUntil = 0
      },
    }
  }

  /** Goes on until the queue is past `until`, `done` says so (asked after every event), or something is violated. */
  run(until: number, done?: () => boolean): void {
    const { violations } = this.world.checker
    for (;;) {
      const next = this.#queue.peek()
      if (next === undefined || next.at > until) break
      this.#queue.pop()
      this.#happen(next)
      if (violations.length > 0) return
      if (done?.()) return
    }
    if (until > this.world.now) this.world.now = until
  }

  /** Performs an action now. */
  act(action: Action): Outcome | undefined {
    const { world } = this
    const before = world.nodes[action.node]
    this.onAction?.(action, world.now, before?.clock.read(world.now) ?? 0)
    const outcome = perform(world, action, world.now)
    const node = world.nodes[action.node]
    if (node !== undefined) this.#arm(node)
    return outcome
  }

  after(ms: number, wake: () => void): void {
    this.#queue.push({ at: this.world.now + ms, order: 0, action: undefined, incarnation: 0, wake })
  }

  treatment(node: SimulatedNode): Treatment {
    let treatment = this.#treatments[node.index]
    if (treatment === undefined) {
      treatment = {
        timerAt: Number.POSITIVE_INFINITY,
        diskBusyUntil: 0,
        diskFactor: 1,
        timerGrainMs: 0,
        mailbox: undefined,
        isStalled: false,
      }
      this.#treatments[node.index] = treatment
    }
    return treatment
  }

  /** The faults have ended. */
  get isCalm(): boolean {
    return this.#calm
  }

  isFrozen(node: SimulatedNode): boolean {
    return this.treatment(node).mailbox !== undefined
  }

  freeze(node: SimulatedNode): void {
    const treatment = this.treatment(node)
    treatment.mailbox ??= []
    treatment.isStalled = false
  }

  /** It gets no turn for a while. False if it is frozen or has none already. */
  stall(node: SimulatedNode): boolean {
    const treatment = this.treatment(node)
    if (treatment.mailbox !== undefined || !node.isUp) return false
    treatment.mailbox = []
    treatment.isStalled = true
    return true
  }

  /** It has its turn: what came meanwhile is there, one by one, and so is its timer, before that or behind. */
  goOn(node: SimulatedNode, timerFirst: boolean): void {
    const treatment = this.treatment(node)
    const { mailbox } = treatment
    if (mailbox === undefined || !treatment.isStalled) return
    treatment.mailbox = undefined
    treatment.timerAt = Number.POSITIVE_INFINITY
    if (timerFirst) this.#arm(node)
    for (const action of mailbox) this.#schedule(this.world.now, action, node.incarnation)
    if (!timerFirst) this.#arm(node)
  }

  /** First `resume`, as hosts must; then what came meanwhile, if it was kept, as a data channel keeps it. */
  thaw(node: SimulatedNode, keepsMail: boolean): void {
    const treatment = this.treatment(node)
    const { mailbox } = treatment
    if (mailbox === undefined || !node.isUp || treatment.isStalled) return
    treatment.mailbox = undefined
    treatment.timerAt = Number.POSITIVE_INFINITY
    this.act({ type: 'resume', node: node.index })
    for (const action of mailbox) {
      if (action.type === 'flush' || action.type === 'compact' || keepsMail)
        this.#schedule(this.world.now, action, node.incarnation)
    }
  }

  /** The clock of `node` was tampered with: its timer must be set anew. */
  clockChanged(node: SimulatedNode): void {
    this.treatment(node).timerAt = Number.POSITIVE_INFINITY
    this.#arm(node)
  }

  /**
   * The faults end: whoever was frozen or had no turn goes on, and all that was under way is lost. What follows depends on the
   * nodes alone, on their disks and on their clocks, so that it is the same after a replay, which has no driver.
   */
  becomeCalm(): void {
    const { world } = this
    for (const node of world.nodes) {
      if (!this.treatment(node).isStalled) this.thaw(node, false)
    }
    this.onCalm()
    this.#calm = true
    this.#queue.clear()
    this.network.becomeCalm(this.#random.fork('calm'))
    for (const node of world.nodes) {
      this.#treatments[node.index] = undefined
      for (const unit of node.disk.pending) this.#startWriting(node, unit)
      node.clock.setRate(world.now, 1)
      this.#arm(node)
      this.act({ type: 'repairDisk', node: node.index })
      // Whose disk is another by now finds out some time: before anybody counts on it.
      if (node.disk.isOlder || node.isFenced) this.act({ type: 'crash', node: node.index, keep: 0 })
      // A fuse that has not burned down yet never will.
      this.act({ type: 'fuse', node: node.index, effects: Number.MAX_SAFE_INTEGER, keep: 0 })
      this.act({ type: 'restart', node: node.index })
    }
  }

  #happen(next: Scheduled): void {
    const { world } = this
    if (next.at > world.now) world.now = next.at
    const { action } = next
    if (action === undefined) {
      next.wake?.()
      return
    }
    const node = world.nodes[action.node]
    if (node === undefined || (next.incarnation !== 0 && next.incarnation !== node.incarnation)) return
    if (action.type === 'tick') {
      this.#timerFired(node, next.at, action)
      return
    }
    if (action.type === 'deliver' && this.network.isCut(action.envelope.from, action.envelope.to)) return
    const { mailbox } = this.treatment(node)
    if (mailbox !== undefined) mailbox.push(action)
    else this.act(action)
  }

  #timerFired(node: SimulatedNode, at: number, action: Action): void {
    const treatment = this.treatment(node)
    if (treatment.timerAt !== at) return
    treatment.timerAt = Number.POSITIVE_INFINITY
    const { raft, clock } = node
    if (raft === undefined || treatment.mailbox !== undefined) return
    const { deadline } = raft
    const missing = deadline - clock.read(at)
    if (missing > 1e-6) {
      // It was put off in the meantime.
      this.#arm(node)
      return
    }
    // Rounding may leave the clock a hair before the deadline that the timer was set for.
    if (missing > 0) clock.atLeast(at, deadline)
    this.act(action)
    if (node.raft !== undefined && node.raft.deadline <= clock.read(at)) {
      this.world.checker.report('No Storm', `a tick at ${node.id} leaves its deadline in the past`)
    }
  }

  #arm(node: SimulatedNode): void {
    const treatment = this.treatment(node)
    const { raft } = node
    if (raft === undefined || treatment.mailbox !== undefined) return
    const { deadline } = raft
    if (deadline === Number.POSITIVE_INFINITY) return
    let at = Math.max(this.world.now, node.clock.when(deadline))
    const { timerGrainMs } = treatment
    if (timerGrainMs > 0) at = Math.ceil(at / timerGrainMs) * timerGrainMs
    if (at >= treatment.timerAt) return
    treatment.timerAt = at
    this.#schedule(at, { type: 'tick', node: node.index }, node.incarnation)
  }

  #arrive(envelope: Envelope, at: number): void {
    this.#schedule(at, { type: 'deliver', node: envelope.to, envelope }, 0)
  }

  #startWriting(node: SimulatedNode, { truncateFrom }: PersistUnit): void {
    const treatment = this.treatment(node)
    const { leastMs, typicalMs, deletionStalls } = this.mix.disk
    const random = this.#diskRandom
    let takes = this.#calm ? leastMs : random.tail(leastMs, typicalMs) * treatment.diskFactor
    if (!this.#calm && truncateFrom > 0 && random.chance(deletionStalls)) {
      takes += random.between(0, 4) * this.mix.electionTimeoutMs
    }
    treatment.diskBusyUntil = Math.max(treatment.diskBusyUntil, this.world.now + takes)
    if (treatment.diskBusyUntil - this.world.now > this.mix.electionTimeoutMs) {
      this.world.marks.sometimes('unit slower than an election timeout')
    }
    this.#schedule(treatment.diskBusyUntil, { type: 'flush', node: node.index }, node.incarnation)
  }

  #schedule(at: number, action: Action, incarnation: number): void {
    this.#queue.push({ at, order: 0, action, incarnation, wake: undefined })
  }
}
