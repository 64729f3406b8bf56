/**
 * One node's host, to the letter of core's io.ts: step, drain, then of each output write, send, restore, apply, answer;
 * and what waits for the disk goes when the disk is done. A crash may fall between any two of these effects.
 */
import type {
  Entry,
  Input,
  Message,
  NodeId,
  Outcome,
  Output,
  PersistUnit,
  Proposed,
  ProposedAll,
  RaftConfig,
  RaftOptions,
  RaftStatus,
  RecoveredState,
  Snapshot,
  TraceBody,
} from '@flotilla/core'
import type { Random } from '../ground/random.ts'
import type { Checker } from '../invariants/checker.ts'
import { NodeClock } from './clock.ts'
import { Disk, type DiskImage, type DiskRefusal } from './disk.ts'
import { Machine } from './machine.ts'
import type { Marks } from './marks.ts'

/** What the simulator needs of a core; the real one, or one that a test has broken. */
export interface RaftLike {
  step(input: Input, now: number): Outcome
  propose(data: Uint8Array, now: number): Proposed
  proposeAll(commands: readonly Uint8Array[], now: number): ProposedAll
  receive(message: Message, now: number): void
  drain(): Output | undefined
  readonly deadline: number
  /** When it would campaign; not every stand-in can say. */
  readonly electionDeadline?: number
  status(): RaftStatus
}

export type MakeRaft = (setup: RaftConfig) => RaftLike

/** What a node finds around itself, and whom it tells what it does. */
export interface NodeSurroundings {
  readonly now: number
  readonly makeRaft: MakeRaft
  readonly raftOptions: Partial<RaftOptions>
  readonly describe: ((data: Uint8Array) => string) | undefined
  readonly checker: Checker
  readonly marks: Marks
  readonly onEvent: ((node: SimulatedNode, event: TraceBody) => void) | undefined
  send(from: SimulatedNode, message: Message): void
  writing(node: SimulatedNode, unit: PersistUnit): void
  compactionDue(node: SimulatedNode): void
  stepped(node: SimulatedNode, status: RaftStatus, output: Output | undefined): void
  applied(node: SimulatedNode, entry: Entry): void
  restored(node: SimulatedNode, snapshot: Snapshot): void
  readReady(node: SimulatedNode, number: number, index: number): void
  answerRead(node: SimulatedNode, number: number): void
  readAbandoned(node: SimulatedNode, number: number): void
  crashed(node: SimulatedNode): void
  lose(node: SimulatedNode): void
  coreThrew(node: SimulatedNode, error: unknown): void
}

const never = 0x3fff_ffff

const refusalMarks = {
  failed: 'unit refused by a failing disk',
  full: 'unit refused by a full disk',
  fenced: 'older copy of a disk noticed by its owner',
} as const

export class SimulatedNode {
  readonly id: NodeId
  readonly index: number
  readonly disk: Disk
  readonly clock = new NodeClock()
  /** `undefined` while it is down. */
  raft: RaftLike | undefined = undefined
  incarnation = 0
  /** Its disk is gone: it never comes back under this id. */
  vanished = false
  /** Of its disk, as somebody made it. */
  copy: DiskImage | undefined = undefined
  machine = new Machine()
  /** On its clock, when it took its latest input: its core knows of no later time. */
  steppedAt = 0
  /** As of its latest step; stays after a crash. */
  status: RaftStatus | undefined = undefined
  private readonly world: NodeSurroundings
  /** What its core's chance comes from. */
  readonly chance: Random
  readonly random = (): number => this.chance.next()
  /** Messages that wait for the unit with that token. */
  private readonly waiting: { readonly token: number; readonly messages: readonly Message[] }[] = []
  private readonly readsToAnswer: { readonly operation: number; readonly index: number }[] = []
  /** How many more effects it lives through, and how many units under way the disk then keeps. */
  private fuse = never
  private fuseKeeps = 0
  private begun = 0
  private undrained = false
  /** How often its disk had been opened, with this time. */
  private ownerEpoch = 0

  constructor(world: NodeSurroundings, id: NodeId, index: number, chance: Random, initial: RecoveredState) {
    this.world = world
    this.id = id
    this.index = index
    this.chance = chance
    this.disk = new Disk(initial)
  }

  get isUp(): boolean {
    return this.raft !== undefined
  }

  /** It will not come back under this id: its disk is gone, or is not what was written. */
  get isDoomed(): boolean {
    return this.vanished || this.isFenced || this.disk.isOlder || !this.disk.isSound
  }

  /** Its disk is not as it opened it any more, and it has not noticed yet: whatever it writes next will be refused. */
  get isFenced(): boolean {
    return this.isUp && this.disk.ownerEpoch !== this.ownerEpoch
  }

  /** By its own clock; Infinity where that is not known. */
  get campaignsAt(): number {
    return this.raft?.electionDeadline ?? Number.POSITIVE_INFINITY
  }

  start(): void {
    const recovered = this.disk.recover()
    this.ownerEpoch = this.disk.open()
    this.incarnation += 1
    this.machine = new Machine()
    this.status = undefined
    this.fuse = never
    this.begun = 0
    this.undrained = false
    const world = this.world
    world.checker.started(this.id, recovered)
    const { id } = this
    try {
      const setup = { id, now: this.clock.read(world.now), random: this.random, recovered, options: world.raftOptions }
      this.raft = world.makeRaft(world.describe === undefined ? setup : { ...setup, describe: world.describe })
    } catch (error) {
      world.coreThrew(this, error)
      return
    }
    this.drain()
  }

  /** The next `effects` effects still happen; then the power goes, and the disk keeps at most `keep` units under way. */
  armFuse(effects: number, keep: number): void {
    this.fuse = effects
    this.fuseKeeps = keep
  }

  /** Without `drain`, the effects stay in the core until the next step here. */
  step(input: Input, drain = true): Outcome | undefined {
    return this.enter((raft, now) => raft.step(input, now), drain)
  }

  /** Without `drain`, as `step`. */
  propose(data: Uint8Array, drain = true): Proposed | undefined {
    return this.enter((raft, now) => raft.propose(data, now), drain)
  }

  /** Without `drain`, as `step`. */
  proposeAll(commands: readonly Uint8Array[], drain = true): ProposedAll | undefined {
    return this.enter((raft, now) => raft.proposeAll(commands, now), drain)
  }

  receive(message: Message): void {
    this.enter((raft, now) => raft.receive(message, now), true)
  }

  private enter<T>(enter: (raft: RaftLike, now: number) => T, drain: boolean): T | undefined {
    if (this.raft === undefined) return undefined
    let outcome: T
    try {
      this.steppedAt = this.clock.read(this.world.now)
      outcome = enter(this.raft, this.steppedAt)
    } catch (error) {
      this.world.coreThrew(this, error)
      return undefined
    }
    this.undrained = !drain
    if (drain) this.drain()
    return outcome
  }

  get isUndrained(): boolean {
    return this.undrained
  }

  drain(): void {
    this.undrained = false
    let isFirst = true
    for (;;) {
      const { raft } = this
      if (raft === undefined) return
      let output: Output | undefined
      try {
        output = raft.drain()
        if (output === undefined && !isFirst) return
        this.status = raft.status()
      } catch (error) {
        this.world.coreThrew(this, error)
        return
      }
      isFirst = false
      this.world.stepped(this, this.status, output)
      if (output === undefined || !this.perform(output)) return
    }
  }

  /** The oldest unit under way is durable: tell the core, and let go what waited for it. */
  flush(): void {
    const refusal = this.disk.refuses(this.ownerEpoch)
    const isDropped = refusal !== undefined && this.disk.isBelieved
    if (refusal !== undefined && !isDropped) return this.giveUp(refusal)
    const unit = isDropped ? this.disk.drop() : this.disk.flush()
    if (unit === undefined) return
    if (!isDropped) this.world.checker.durable(this.id)
    const { currentTerm: term, votedFor, lastIndex } = this.disk
    this.world.onEvent?.(this, { type: 'durable', token: unit.token, lastIndex, term, votedFor })
    const incarnation = this.incarnation
    this.step({ type: 'persisted', token: unit.token })
    // As the contract has it, the core may already have said more; what waited goes in the order of the tokens.
    while (this.incarnation === incarnation && this.raft !== undefined) {
      const next = this.waiting[0]
      if (next === undefined || next.token > unit.token) return
      this.waiting.shift()
      for (const message of next.messages) if (!this.send(message)) return
    }
  }

  /**
   * A unit was refused: nothing after it can be written, so nothing may be promised any more. The host stops, and comes back
   * with what is durable; but a database that is not the one it opened is not its own any more.
   */
  private giveUp(refusal: DiskRefusal): void {
    this.world.marks.sometimes(refusalMarks[refusal])
    this.crash(0)
    if (refusal === 'fenced') this.world.lose(this)
  }

  /** Power off. The disk keeps the first `keep` of the units under way. */
  crash(keep: number): void {
    if (this.raft === undefined) return
    this.raft = undefined
    const { checker, marks } = this.world
    const lost = this.disk.pending.length - keep
    if (lost > 0) marks.sometimes(keep > 0 ? 'crash kept some units and lost others' : 'crash lost a unit')
    for (let kept = 0; kept < keep && this.disk.pending.length > 0; kept++) {
      if (this.disk.refuses(this.ownerEpoch) !== undefined) break
      this.disk.flush()
      checker.durable(this.id)
    }
    this.disk.losePending()
    this.waiting.length = 0
    this.readsToAnswer.length = 0
    checker.crashed(this.id)
    this.world.crashed(this)
  }

  /** False if the node crashed on the way. */
  private perform(output: Output): boolean {
    const { persist, sendNow, sendWhenDurable, restore, committed, reads } = output
    const world = this.world
    if (persist !== undefined && !this.write(persist)) return false
    for (const message of sendNow) if (!this.send(message)) return false
    if (sendWhenDurable.length > 0) {
      if (output.durableToken > this.disk.durableToken)
        this.waiting.push({ token: output.durableToken, messages: sendWhenDurable })
      else for (const message of sendWhenDurable) if (!this.send(message)) return false
    }
    if (restore !== undefined) {
      if (this.burn()) return false
      try {
        this.machine = Machine.restore(restore.data)
      } catch (error) {
        world.checker.report(
          'Snapshot Equality',
          `${this.id} cannot restore its snapshot at ${restore.index}: ${error}`,
        )
        return false
      }
      world.restored(this, restore)
    }
    for (const entry of committed) {
      if (this.burn()) return false
      this.machine.apply(entry)
      world.applied(this, entry)
    }
    for (const read of reads) {
      if (this.burn()) return false
      if (read.kind === 'abandoned') world.readAbandoned(this, read.id)
      else {
        world.readReady(this, read.id, read.index)
        this.readsToAnswer.push({ operation: read.id, index: read.index })
      }
    }
    if (this.readsToAnswer.length > 0) this.answerReads()
    if (output.compactionDue) world.compactionDue(this)
    return this.raft !== undefined
  }

  private write(unit: PersistUnit): boolean {
    if (this.burn()) return false
    this.begun += 1
    if (unit.token !== this.begun) this.world.checker.report('Persist Unit', `${this.id} issues token ${unit.token}`)
    this.disk.begin(unit)
    const lastIndex = this.status?.lastIndex ?? 0
    this.world.onEvent?.(this, { type: 'persisting', token: unit.token, lastIndex })
    this.world.writing(this, unit)
    return true
  }

  private send(message: Message): boolean {
    if (this.burn()) return false
    this.world.send(this, message)
    return true
  }

  private answerReads(): void {
    let kept = 0
    for (const read of this.readsToAnswer) {
      if (read.index <= this.machine.appliedIndex) this.world.answerRead(this, read.operation)
      else this.readsToAnswer[kept++] = read
    }
    this.readsToAnswer.length = kept
  }

  /** True if the power goes just before this effect. */
  private burn(): boolean {
    if (this.fuse-- > 0) return false
    this.world.marks.sometimes('crashed between two effects')
    this.crash(Math.min(this.fuseKeeps, this.disk.pending.length))
    return true
  }
}
