/**
 * A cluster in the Lab as it is now, and what happens to it next: the real core on the simulator's world, with a network,
 * disks and timers whose every event can be looked at before it happens. Chance is the seed's, and so is nothing else.
 */

import { summarizeMessage } from '@flotilla/cluster'
import type { NodeId, Outcome, TraceEvent } from '@flotilla/core'
import { Random } from '../ground/random.ts'
import { Checker } from '../invariants/checker.ts'
import { Ghost } from '../invariants/ghost.ts'
import { checkLinearizable } from '../invariants/linearizability.ts'
import type { Action, Envelope } from '../world/action.ts'
import { Machine } from '../world/machine.ts'
import type { SimulatedNode } from '../world/node.ts'
import { perform } from '../world/perform.ts'
import { World } from '../world/world.ts'
import { Circumstances } from './circumstances.ts'
import { describeWrite } from './commands.ts'
import { Copying } from './copying.ts'
import { CountedInvariants } from './counted-invariants.ts'
import type { NodeState } from './node-state.ts'
import { OperationLog } from './operation-log.ts'
import { Post } from './post.ts'
import { firstDisk, nodeIds, type RunSetup, raftOptionsOf } from './setup.ts'
import type { Alarm, Cause, Letter, Occurrence, Step } from './step.ts'
import { makeRaftWithout } from './switchable-raft.ts'

/** What will happen next, if nobody interferes. */
export type Due =
  | { readonly type: 'letter'; readonly at: number; readonly letter: Letter }
  | { readonly type: 'disk'; readonly at: number; readonly node: SimulatedNode }
  | { readonly type: 'timer'; readonly at: number; readonly node: SimulatedNode }

interface Write {
  readonly token: number
  readonly doneAt: number
  readonly begunIn: number
}

interface Timer {
  readonly deadline: number
  /** On the node's clock. */
  readonly startedAt: number
  readonly setIn: number
}

export class Simulation {
  readonly setup: RunSetup
  readonly world: World
  readonly post = new Post()
  readonly circumstances = new Circumstances()
  private readonly network: Random
  private readonly disks: Random
  private readonly invariants = new CountedInvariants()
  private readonly operations: OperationLog
  private readonly writes = new Map<SimulatedNode, Write[]>()
  private readonly timers = new Map<SimulatedNode, Timer>()
  private readonly electionDeadlines = new Map<NodeId, number>()
  private readonly broken = new Set<string>()
  // Of the event that is happening:
  private index = 0
  private told: TraceEvent[] = []
  private sent: Letter[] = []
  private seenViolations = 0

  constructor(setup: RunSetup) {
    this.setup = setup
    const random = new Random(setup.seed, 'lab')
    this.network = random.fork('network')
    this.disks = random.fork('disks')
    this.world = new World({
      random: random.fork('world'),
      checker: new Checker(this.invariants.factories),
      makeRaft: makeRaftWithout(setup.off),
      raftOptions: raftOptionsOf(setup.tuning),
      codec: undefined,
      describe: describeWrite,
    })
    // What every state machine is before the first entry.
    this.world.checker.ghost.digests[0] = new Machine().digest()
    this.operations = new OperationLog(this.world)
    this.listen()
  }

  /** As it is now, to go on from in another way: neither notices the other. */
  copy(): Simulation {
    const { world, setup, invariants } = this
    const copying = new Copying(rewired)
    copying.instead(setup, setup)
    for (const shared of [world.makeRaft, describeWrite]) copying.instead(shared, shared)
    for (const node of world.nodes) {
      const chance = copying.of(node.chance)
      if (!(chance instanceof Random)) throw new TypeError('chance was not copied')
      copying.instead(node.random, () => chance.next())
    }
    const counted = new CountedInvariants(invariants.counts.slice())
    const ghost = copying.of(world.checker.ghost)
    if (!(ghost instanceof Ghost)) throw new TypeError('the ghost was not copied')
    copying.instead(invariants, counted)
    const { violations } = world.checker
    copying.instead(world.checker, new Checker(counted.factories, { ghost, violations }))
    const copy = copying.of(this)
    if (!(copy instanceof Simulation)) throw new TypeError('the simulation was not copied')
    copy.world.answerChecker()
    copy.operations.listen()
    copy.listen()
    return copy
  }

  private listen(): void {
    this.world.onOutput = (_, { trace }) => {
      for (const event of trace) this.notice(event)
    }
    this.world.onEvent = (node, event) => {
      // Told by carry, which knows when it arrives.
      if (event.type !== 'sent') this.trace(node, event)
    }
    this.world.outlet = {
      sent: envelope => this.carry(envelope),
      writing: (node, { token }) => this.write(node, token),
      compactionDue: () => undefined,
      crashed: node => {
        this.writes.delete(node)
        this.timers.delete(node)
      },
    }
  }

  get now(): number {
    return this.world.now
  }

  /** The nodes appear and read their disks: event 0. */
  begin(): Step {
    return this.happen({ type: 'began' }, undefined, { type: 'none' }, () => {
      const empty = new Machine().snapshot()
      for (const [node, id] of nodeIds(this.setup.nodes).entries()) {
        this.act({ type: 'appear', node, id, initial: firstDisk(this.setup, id, empty) })
      }
      return undefined
    })
  }

  /** `undefined` if nothing will ever happen by itself. */
  next(): Due | undefined {
    let next: Due | undefined
    const consider = (due: Due): void => {
      if (next === undefined || due.at < next.at) next = due
    }
    for (const letter of this.post.letters) {
      if (letter.held || this.circumstances.isFrozen(letter.to)) continue
      consider({ type: 'letter', at: Math.max(this.now, letter.arrivesAt), letter })
    }
    for (const node of this.world.nodes) {
      if (!node.isUp || this.circumstances.isFrozen(node.id)) continue
      const [write] = this.writes.get(node) ?? []
      if (write !== undefined) consider({ type: 'disk', at: Math.max(this.now, write.doneAt), node })
      const at = this.timerAt(node)
      if (at !== undefined) consider({ type: 'timer', at, node })
    }
    return next
  }

  /** Lets that happen. */
  happenNext(due: Due): Step {
    this.passTo(due.at)
    switch (due.type) {
      case 'letter':
        return this.arrive(due.letter)
      case 'disk':
        return this.finishWriting(due.node)
      case 'timer':
        return this.fire(due.node, { type: 'timer' })
      default:
        return due satisfies never
    }
  }

  /** Nothing has happened since. */
  goBackTo(at: number): void {
    this.world.now = at
  }

  passTo(at: number): void {
    if (at > this.world.now) this.world.now = at
  }

  node(id: NodeId): SimulatedNode | undefined {
    return this.world.node(id)
  }

  get isSettled(): boolean {
    const waits = this.post.letters.some(({ held, to }) => !held && !this.circumstances.isFrozen(to))
    return !waits && [...this.writes.values()].every(writes => writes.length === 0)
  }

  stateOf(id: NodeId): NodeState | undefined {
    const node = this.node(id)
    if (node?.status === undefined) return undefined
    const { role, currentTerm: term, votedFor, commitIndex, firstIndex, lastIndex, followers } = node.status
    const { log } = this.world.checker.ghost.view(id)
    const terms = Array.from({ length: lastIndex - firstIndex + 1 }, (_, i) => log.termAt(firstIndex + i))
    const { registers } = node.machine
    return { up: node.isUp, role, term, votedFor, commitIndex, log: terms, followers, registers }
  }

  /** A message is there: taken, or lost at the door. */
  arrive(letter: Letter, occurrence?: Occurrence): Step {
    const envelope = this.post.envelope(letter)
    const node = this.node(letter.to)
    this.post.take(letter)
    this.post.forget(letter)
    const cause: Cause = { type: 'message', step: letter.sentIn, letter }
    const reason = this.circumstances.isCut(letter.from, letter.to)
      ? 'the link is cut'
      : node?.isUp
        ? undefined
        : 'the node is down'
    if (reason !== undefined || envelope === undefined || node === undefined) {
      return this.lose(letter, reason ?? 'nobody is there', occurrence)
    }
    return this.happen(occurrence ?? { type: 'delivered', letter }, node, cause, () =>
      this.act({ type: 'deliver', node: node.index, envelope }),
    )
  }

  lose(letter: Letter, reason: string, occurrence?: Occurrence): Step {
    this.post.take(letter)
    this.post.forget(letter)
    const cause: Cause = { type: 'message', step: letter.sentIn, letter }
    return this.happen(occurrence ?? { type: 'lost', letter, reason }, undefined, cause, () => {
      const sender = this.node(letter.from)
      if (sender !== undefined) this.trace(sender, { type: 'dropped', message: letter.summary, reason })
      return undefined
    })
  }

  /** Its timer runs out, whatever its clock showed. */
  fire(node: SimulatedNode, occurrence: Occurrence): Step {
    const timer = this.timers.get(node)
    // By hand, it was not the clock that let it run out.
    const byItself = timer !== undefined && occurrence.type === 'timer'
    const cause: Cause = byItself ? { type: 'timer', step: timer.setIn } : { type: 'none' }
    return this.happen(occurrence, node, cause, () => {
      if (node.raft !== undefined) node.clock.atLeast(this.now, node.raft.deadline)
      return this.act({ type: 'tick', node: node.index })
    })
  }

  act(action: Action): Outcome | undefined {
    const outcome = perform(this.world, action, this.now)
    const node = this.world.nodes[action.node]
    if (node !== undefined) this.noticeTimer(node)
    return outcome
  }

  /** What a local read answers with is decided by nobody but its node. */
  readLocally(node: SimulatedNode, key: number): void {
    // An event of its own, so that it is after every answer before it.
    this.act({ type: 'drain', node: node.index })
    this.operations.answerAtOnce(node, key)
  }

  trace(node: SimulatedNode, body: Parameters<NonNullable<World['onEvent']>>[1]): void {
    this.told.push({ node: node.id, at: node.clock.read(this.now), ...body })
  }

  /** One event: `what` performs it, and everything that comes of it at once belongs to it. */
  happen(occurrence: Occurrence, node: SimulatedNode | undefined, cause: Cause, what: () => Outcome | undefined): Step {
    this.told = []
    this.sent = []
    const outcome = what()
    const step: Step = {
      index: this.index,
      at: this.now,
      node: node?.id,
      occurrence,
      cause,
      trace: this.told,
      sent: this.sent,
      outcome,
      operations: this.operations.told(this.index),
      violations: this.judge(),
      letters: this.post.letters,
      alarms: this.alarms(),
      conditions: this.circumstances.told,
      checks: this.invariants.counts.slice(),
    }
    this.index += 1
    return step
  }

  private finishWriting(node: SimulatedNode): Step {
    const writes = this.writes.get(node) ?? []
    const write = writes.shift()
    const cause: Cause = write === undefined ? { type: 'none' } : { type: 'disk', step: write.begunIn }
    return this.happen({ type: 'written', token: write?.token ?? 0 }, node, cause, () =>
      this.act({ type: 'flush', node: node.index }),
    )
  }

  private carry(envelope: Envelope): void {
    const { message, number } = envelope
    const [least, most] = this.setup.tuning.latencyMs
    // Drawn for lost ones too: a cut must not change what happens on other links.
    const takes = this.network.between(least, most)
    const summary = summarizeMessage(message, number)
    const from = this.node(message.from)
    if (from !== undefined) this.trace(from, { type: 'sent', message: summary, delayMs: takes })
    if (this.circumstances.isCut(message.from, message.to)) {
      if (from !== undefined) this.trace(from, { type: 'dropped', message: summary, reason: 'the link is cut' })
      return
    }
    this.sent.push(this.post.put(envelope, this.now, this.now + takes, this.index))
  }

  private write(node: SimulatedNode, token: number): void {
    const writes = this.writes.get(node) ?? []
    const [least, most] = this.setup.tuning.diskMs
    const free = Math.max(this.now, writes.at(-1)?.doneAt ?? 0)
    writes.push({ token, doneAt: free + this.disks.between(least, most), begunIn: this.index })
    this.writes.set(node, writes)
  }

  private notice(event: TraceEvent): void {
    if (event.type === 'timer') this.electionDeadlines.set(event.node, event.deadline)
    this.told.push(event)
  }

  /** Whose deadline moved set it in this event. */
  private noticeTimer(node: SimulatedNode): void {
    const deadline = node.raft?.deadline
    if (deadline === undefined || deadline === Number.POSITIVE_INFINITY) this.timers.delete(node)
    else if (this.timers.get(node)?.deadline !== deadline) {
      this.timers.set(node, { deadline, startedAt: node.clock.read(this.now), setIn: this.index })
    }
  }

  private timerAt(node: SimulatedNode): number | undefined {
    const deadline = node.raft?.deadline
    if (deadline === undefined || deadline === Number.POSITIVE_INFINITY) return undefined
    if (this.isElection(node, deadline) && this.setup.tuning.elections === 'manual') return undefined
    return Math.max(this.now, node.clock.when(deadline))
  }

  private isElection(node: SimulatedNode, deadline: number): boolean {
    return node.status?.role !== 'leader' && this.electionDeadlines.get(node.id) === deadline
  }

  private alarms(): readonly Alarm[] {
    const alarms: Alarm[] = []
    for (const [node, timer] of this.timers) {
      if (!node.isUp) continue
      const kind = node.status?.role === 'leader' ? 'heartbeat' : 'election'
      if (kind === 'election' && this.setup.tuning.elections === 'manual') continue
      alarms.push({
        node: node.id,
        kind,
        startedAt: node.clock.when(timer.startedAt),
        at: node.clock.when(timer.deadline),
      })
    }
    return alarms
  }

  /** What was broken for the first time. A property stays broken, so it is told once. */
  private judge(): Step['violations'] {
    const { violations } = this.world.checker
    // One register at a time: that is how it is judged (linearizability is local), and the others are as they were.
    for (const key of this.operations.takeSettled()) {
      this.invariants.count('Linearizability')
      const verdict = checkLinearizable(this.operations.historyOf(key), [10_000])
      if (verdict.kind === 'violation') this.world.checker.report('Linearizability', verdict.detail)
    }
    if (violations.length === this.seenViolations) return none
    const fresh = violations.slice(this.seenViolations).filter(({ property }, i, all) => {
      return !this.broken.has(property) && all.findIndex(other => other.property === property) === i
    })
    this.seenViolations = violations.length
    for (const { property } of fresh) this.broken.add(property)
    return fresh.length === 0 ? none : fresh
  }
}

/** What a world tells whoever drives it, and a copy tells whoever drives the copy. */
const rewired = ['outlet', 'onSend', 'onOutput', 'onEvent', 'onSettled', 'messagesSoFar', 'readClock']

const none: Step['violations'] = []
