/**
 * A whole cluster: its nodes, what clients asked of it, and the checker that watches. Actions are done to it one at a time
 * (perform.ts), it hears what its nodes do, and decides nothing: what happens when, and which messages arrive, is the driver's.
 */
import { summarizeMessage } from '@flotilla/cluster'
import type {
  Entry,
  Message,
  NodeId,
  Output,
  PersistUnit,
  RaftOptions,
  RaftStatus,
  RecoveredState,
  Snapshot,
  TraceBody,
} from '@flotilla/core'
import { mix, mixFloat } from '../ground/hash.ts'
import type { Random } from '../ground/random.ts'
import type { Checker } from '../invariants/checker.ts'
import { type Action, actionCodes, type Envelope } from './action.ts'
import { Marks } from './marks.ts'
import { type MakeRaft, type NodeSurroundings, SimulatedNode } from './node.ts'
import { Operations } from './operations.ts'
import { noticeRareThings } from './rare-things.ts'

/** What the world tells its driver, which decides what becomes of it. */
interface Outlet {
  sent(envelope: Envelope): void
  writing(node: SimulatedNode, unit: PersistUnit): void
  compactionDue(node: SimulatedNode): void
  crashed(node: SimulatedNode): void
}

/** Turns a message into bytes and back; the cluster's real one, unless a test brings its own. */
export interface Codec {
  encode(message: Message, sequence: number): Uint8Array
  /** `undefined` for bytes that are no message. */
  decode(bytes: Uint8Array, from: NodeId, to: NodeId): Message | undefined
}

interface WorldSetup {
  readonly random: Random
  readonly checker: Checker
  readonly makeRaft: MakeRaft
  readonly raftOptions: Partial<RaftOptions>
  readonly codec: Codec | undefined
  readonly describe?: ((data: Uint8Array) => string) | undefined
}

const roleCodes = { follower: 1, preCandidate: 2, candidate: 3, leader: 4 } as const

export class World implements NodeSurroundings {
  readonly nodes: SimulatedNode[] = []
  readonly checker: Checker
  readonly operations = new Operations()
  readonly marks = new Marks()
  readonly makeRaft: MakeRaft
  readonly raftOptions: Partial<RaftOptions>
  readonly describe: ((data: Uint8Array) => string) | undefined
  readonly codec: Codec | undefined
  outlet: Outlet = { sent: () => {}, writing: () => {}, compactionDue: () => {}, crashed: () => {} }
  /** Virtual milliseconds. */
  now = 0
  /** Actions performed. */
  events = 0
  /** Messages sent. */
  messages = 0
  /** Over every action and what it did: equal for equal runs. */
  traceHash = 0
  onSend: ((message: Message) => void) | undefined = undefined
  /** For stories: what each output said. */
  onOutput: ((node: SimulatedNode, output: Output) => void) | undefined = undefined
  /** For traces: what the host does, as events of the shared schema. */
  onEvent: ((node: SimulatedNode, event: TraceBody) => void) | undefined = undefined
  private readonly byId = new Map<NodeId, SimulatedNode>()
  private readonly random: Random

  constructor(setup: WorldSetup) {
    this.checker = setup.checker
    this.makeRaft = setup.makeRaft
    this.raftOptions = setup.raftOptions
    this.describe = setup.describe
    this.random = setup.random
    this.codec = setup.codec
    this.answerChecker()
  }

  /** The ghost asks how far the world is; a copied one asks its own. */
  answerChecker(): void {
    this.checker.ghost.messagesSoFar = () => this.messages
    this.checker.ghost.readClock = id => this.node(id)?.clock.read(this.now) ?? this.now
  }

  node(id: NodeId): SimulatedNode | undefined {
    return this.byId.get(id)
  }

  /** A node with a new id; `initial` is what its disk holds. It starts at once. */
  appear(id: NodeId, initial: RecoveredState): void {
    const node = new SimulatedNode(this, id, this.nodes.length, this.random.fork(`core/${id}`), initial)
    this.nodes.push(node)
    this.byId.set(id, node)
    node.start()
  }

  /** An action is about to happen, at this time. */
  begin(now: number): void {
    if (now > this.now) this.now = now
    this.events += 1
    this.checker.ghost.now = this.now
  }

  /** An action has happened: the run's hash takes in what its node came to. */
  end(action: Action): void {
    const status = this.nodes[action.node]?.status
    let hash = mixFloat(mix(this.traceHash, actionCodes[action.type]), this.now)
    hash = mix(hash, action.node)
    if (status !== undefined) {
      hash = mix(mix(hash, status.currentTerm), roleCodes[status.role])
      hash = mix(mix(hash, status.lastIndex), status.commitIndex)
    }
    this.traceHash = hash
  }

  // ---- What nodes report while they perform their effects ----------------------------------------------------------

  send(from: SimulatedNode, message: Message): void {
    this.checker.sent(from.id, message)
    this.messages += 1
    this.onSend?.(message)
    const to = this.byId.get(message.to)
    if (to === undefined || message.from !== from.id) {
      this.checker.report('Addressing', `${from.id} sends ${message.type} from ${message.from} to ${message.to}`)
      return
    }
    const bytes = this.codec?.encode(message, this.messages)
    this.onEvent?.(from, { type: 'sent', message: summarizeMessage(message, this.messages), delayMs: 0 })
    this.outlet.sent({ number: this.messages, from: from.index, to: to.index, message, bytes })
  }

  writing(node: SimulatedNode, unit: PersistUnit): void {
    this.outlet.writing(node, unit)
  }

  compactionDue(node: SimulatedNode): void {
    this.outlet.compactionDue(node)
  }

  stepped(node: SimulatedNode, status: RaftStatus, output: Output | undefined): void {
    const view = this.checker.ghost.view(node.id)
    view.reading = node.clock.read(this.now)
    view.steppedAt = node.steppedAt
    view.deadline = node.campaignsAt
    this.checker.stepped(node.id, status, output?.persist, this.messages)
    noticeRareThings(this, node, output)
    const truncateFrom = output?.persist?.truncateFrom ?? 0
    if (truncateFrom > 0) this.operations.truncated(node.index, truncateFrom)
    if (output !== undefined) this.onOutput?.(node, output)
  }

  applied(node: SimulatedNode, entry: Entry): void {
    this.checker.applied(node.id, entry, node.machine.digest())
    const operation = this.operations.applied(node.index, entry, this.events)
    this.onEvent?.(node, { type: 'applied', index: entry.index })
    if (operation?.outcome === 'done') this.checker.acknowledged(operation.number, entry.index, entry.term)
  }

  restored(node: SimulatedNode, snapshot: Snapshot): void {
    this.checker.restored(node.id, snapshot, node.machine.digest())
    this.operations.forget(node.index, snapshot.index)
  }

  readReady(node: SimulatedNode, number: number, index: number): void {
    const operation = this.operations.read(node.index, number)
    if (operation === undefined) {
      this.checker.report('Linearizable Reads', `${node.id} answers read ${number}, which is not open`)
      return
    }
    this.marks.sometimes(node.status?.role === 'leader' ? 'read answered by a leader' : 'read answered by a follower')
    // Nobody can have said anything since it was asked.
    const isAtOnce = operation.invoked === this.events && (node.status?.configuration.voters.length ?? 0) > 1
    if (isAtOnce) this.marks.sometimes('read answered by a lease')
    this.checker.readReady(node.id, index, operation.commitAtCall, operation.messagesAtCall)
  }

  answerRead(node: SimulatedNode, number: number): void {
    const operation = this.operations.read(node.index, number)
    if (operation === undefined) return
    this.operations.answerRead(operation, node.machine.registers[operation.key] ?? 0, this.events)
  }

  readAbandoned(node: SimulatedNode, number: number): void {
    const operation = this.operations.read(node.index, number)
    if (operation === undefined) return
    this.marks.sometimes('read abandoned')
    this.operations.abandonRead(operation)
  }

  crashed(node: SimulatedNode): void {
    if (node.status?.role === 'leader') {
      this.marks.sometimes('leader crashed')
      if (node.status.configuration.oldVoters.length > 0)
        this.marks.sometimes('leader crashed in a joint configuration')
    }
    if (this.nodes.every(other => !other.isUp)) this.marks.sometimes('everybody down at once')
    this.onEvent?.(node, { type: 'crashed', reason: 'the power is gone' })
    this.operations.crashed(node.index)
    this.outlet.crashed(node)
  }

  /** Its disk is gone or no longer its own, and with it its identity. */
  lose(node: SimulatedNode): void {
    node.vanished = true
    this.checker.ghost.view(node.id).vanished = true
  }

  /** A core that finds itself in the impossible says so; that is a finding like any other. */
  coreThrew(node: SimulatedNode, error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    this.checker.report('Core Assertion', `${node.id}: ${text}`)
    node.crash(0)
  }
}
