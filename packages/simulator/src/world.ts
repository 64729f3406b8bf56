/**
 * A whole cluster: its nodes, what clients asked of it, and the checker that watches. Performs one action at a time and
 * decides nothing: what happens when, and which messages arrive, is the driver's.
 */
import { summarizeMessage } from '@flotilla/cluster'
import type {
  Entry,
  Message,
  NodeId,
  Outcome,
  Output,
  PersistUnit,
  RaftOptions,
  RaftStatus,
  Snapshot,
  TraceBody,
} from '@flotilla/core'
import { type Action, actionCodes, type Envelope } from './action.ts'
import { mix, mixFloat } from './hash.ts'
import type { Checker } from './invariants/checker.ts'
import { encodeCommand } from './machine.ts'
import { Marks, noticeRareThings } from './marks.ts'
import { type MakeRaft, SimulatedNode } from './node.ts'
import { type Operation, Operations } from './operations.ts'
import type { Random } from './random.ts'

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

export class World {
  readonly nodes: SimulatedNode[] = []
  readonly checker: Checker
  readonly operations = new Operations()
  readonly marks = new Marks()
  readonly makeRaft: MakeRaft
  readonly raftOptions: Partial<RaftOptions>
  readonly describe: ((data: Uint8Array) => string) | undefined
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
  readonly #byId = new Map<NodeId, SimulatedNode>()
  readonly #random: Random
  readonly #codec: Codec | undefined

  constructor(setup: WorldSetup) {
    this.checker = setup.checker
    this.makeRaft = setup.makeRaft
    this.raftOptions = setup.raftOptions
    this.describe = setup.describe
    this.#random = setup.random
    this.#codec = setup.codec
  }

  node(id: NodeId): SimulatedNode | undefined {
    return this.#byId.get(id)
  }

  /** The answer is the core's to a request, where the action was one and the node took it. */
  perform(action: Action, now: number): Outcome | undefined {
    if (now > this.now) this.now = now
    this.events += 1
    this.checker.ghost.now = this.now
    const outcome = this.#perform(action)
    const status = this.nodes[action.node]?.status
    let hash = mixFloat(mix(this.traceHash, actionCodes[action.type]), this.now)
    hash = mix(hash, action.node)
    if (status !== undefined) {
      hash = mix(mix(hash, status.currentTerm), roleCodes[status.role])
      hash = mix(mix(hash, status.lastIndex), status.commitIndex)
    }
    this.traceHash = hash
    return outcome
  }

  #perform(action: Action): Outcome | undefined {
    if (action.type === 'appear') {
      this.#appear(action)
      return undefined
    }
    const node = this.nodes[action.node]
    if (node === undefined) return undefined
    switch (action.type) {
      case 'deliver':
        this.#deliver(node, action.envelope)
        return undefined
      case 'tick':
        return node.step({ type: 'tick' })
      case 'flush':
        node.flush()
        return undefined
      case 'propose':
        return this.#propose(node, action)
      case 'read':
        return this.#read(node, action)
      case 'change':
        return node.step({ type: 'changeMembership', changes: action.changes })
      case 'transfer':
        return this.#transfer(node, action)
      case 'compact':
        return node.step({ type: 'compact', index: node.machine.appliedIndex, data: node.machine.snapshot() })
      case 'drain':
        if (node.isUndrained) node.drain()
        return undefined
      case 'resume':
        return node.step({ type: 'resume' })
      case 'crash':
        node.crash(action.keep)
        return undefined
      case 'fuse':
        node.armFuse(action.effects, action.keep)
        return undefined
      case 'restart':
        if (!node.isUp && !node.vanished && !node.disk.fails) this.#restart(node, action.unchecked === true)
        return undefined
      case 'vanish':
        node.crash(0)
        this.lose(node)
        this.marks.sometimes('vote lost with a disk')
        return undefined
      case 'wipe':
        node.crash(0)
        node.disk.wipe()
        node.vanished = false
        this.checker.wiped(node.id)
        node.start()
        return undefined
      case 'failDisk':
        node.disk.fails = true
        return undefined
      case 'fillDisk':
        node.disk.room = node.disk.entries.length + action.room
        node.disk.isBelieved = action.believed === true
        return undefined
      case 'repairDisk':
        node.disk.fails = false
        node.disk.room = Number.POSITIVE_INFINITY
        node.disk.isBelieved = false
        return undefined
      case 'copyDisk':
        node.copy = node.disk.image()
        return undefined
      case 'rollBack':
        this.#rollBack(node)
        return undefined
      case 'flip':
        node.disk.flip(action.record, action.bit)
        return undefined
      default:
        return action satisfies never
    }
  }

  // ---- What nodes report while they perform their effects ----------------------------------------------------------

  send(from: SimulatedNode, message: Message): void {
    this.checker.sent(from.id, message)
    this.messages += 1
    this.onSend?.(message)
    const to = this.#byId.get(message.to)
    if (to === undefined || message.from !== from.id) {
      this.checker.report('Addressing', `${from.id} sends ${message.type} from ${message.from} to ${message.to}`)
      return
    }
    const bytes = this.#codec?.encode(message, this.messages)
    this.onEvent?.(from, { type: 'sent', message: summarizeMessage(message, this.messages), delayMs: 0 })
    this.outlet.sent({ number: this.messages, from: from.index, to: to.index, message, bytes })
  }

  stepped(node: SimulatedNode, status: RaftStatus, output: Output | undefined): void {
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
    this.checker.readReady(node.id, index, operation.commitAtCall)
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

  // ---- Actions -----------------------------------------------------------------------------------------------------

  #appear(action: Extract<Action, { type: 'appear' }>): void {
    const random = this.#random.fork(`core/${action.id}`)
    const node = new SimulatedNode(this, action.id, this.nodes.length, () => random.next(), action.initial)
    this.nodes.push(node)
    this.#byId.set(node.id, node)
    node.start()
  }

  #restart(node: SimulatedNode, unchecked: boolean): void {
    const { disk } = node
    if (unchecked) {
      if (node.isDoomed) this.checker.replaced(node.id, disk.recover())
    } else if (!disk.isSound) {
      this.marks.sometimes('flipped bit noticed')
      return this.lose(node)
    } else if (disk.isOlder) {
      // Nothing on the disk itself says so: docs/invariants.md says why it is kept out all the same.
      this.marks.sometimes('older copy of a disk kept from starting')
      return this.lose(node)
    } else if (disk.flips > 0) this.marks.sometimes('flipped bit written over')
    node.start()
  }

  #rollBack(node: SimulatedNode): void {
    if (node.copy === undefined) return
    node.disk.putBack(node.copy)
    if (node.isDoomed) return
    // Only a compaction is undone. Nobody was told of that, and the node may go on.
    this.marks.sometimes('older copy of a disk that breaks no promise')
    this.checker.replaced(node.id, node.disk.recover())
  }

  #deliver(node: SimulatedNode, envelope: Envelope): void {
    if (!node.isUp) {
      this.marks.sometimes('message to a node that is down')
      return
    }
    const message =
      envelope.bytes === undefined
        ? envelope.message
        : this.#codec?.decode(envelope.bytes, envelope.message.from, envelope.message.to)
    if (message === undefined) {
      this.checker.report('Codec', `${envelope.message.type} does not survive the wire`)
      return
    }
    this.onEvent?.(node, { type: 'delivered', message: summarizeMessage(message, envelope.number) })
    node.receive(message)
    if (node.isUp) this.checker.received(node.id, message, envelope.number)
  }

  #propose(node: SimulatedNode, action: Extract<Action, { type: 'propose' }>): Outcome | undefined {
    const { client, key } = action
    const number = this.operations.nextNumber()
    if (!node.isUp) return undefined
    const data = encodeCommand(number, key, action.padding)
    // Without draining: the place must be known before anything comes of it.
    const outcome = node.step({ type: 'propose', data }, false)
    if (outcome?.kind === 'command') {
      const { index, term } = outcome
      if (term < this.checker.ghost.latestLeaderTerm) this.marks.sometimes('deposed leader appends')
      this.operations.begin(this.#operation(node, { number, client, kind: 'write', key, value: number, index, term }))
    }
    if (action.drain) node.drain()
    return outcome
  }

  #read(node: SimulatedNode, action: Extract<Action, { type: 'read' }>): Outcome | undefined {
    if (!node.isUp) return undefined
    const { client, key } = action
    const number = this.operations.nextNumber()
    this.operations.begin(this.#operation(node, { number, client, kind: 'read', key, value: 0, index: 0, term: 0 }))
    return node.step({ type: 'read', id: number }, action.drain)
  }

  #transfer(node: SimulatedNode, { to, atOnce }: Extract<Action, { type: 'transfer' }>): Outcome | undefined {
    if (atOnce) this.checker.ghost.view(node.id).handsOverAtOnce = true
    return node.step({ type: 'transferLeadership', atOnce, ...(to === undefined ? {} : { to }) })
  }

  #operation(
    node: SimulatedNode,
    given: Pick<Operation, 'number' | 'client' | 'kind' | 'key' | 'value' | 'index' | 'term'>,
  ): Operation {
    return {
      ...given,
      invoked: this.events,
      returned: Number.POSITIVE_INFINITY,
      node: node.index,
      commitAtCall: this.checker.ghost.commit,
      outcome: 'pending',
    }
  }
}
