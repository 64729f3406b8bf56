/**
 * The node as its application has it. It owns what a crash of the node does not take: the connection, the watchers' channel,
 * the database's lock and the machine. Everything else lives in a `NodeLife`, of which `restart` begins another. And it outlives
 * being one particular node: where another one's vote is needed, and that one's database is free, it becomes that one.
 */
import type { NodeId, RaftOptions, RaftStatus, TraceBody, TraceEvent } from '@flotilla/core'
import {
  type ChangeOptions,
  type Cluster,
  ClusterError,
  type ClusterEvents,
  type ClusterOptions,
  type ClusterStatus,
  type Committed,
  type NodeFailure,
  type ProposeOptions,
  type ReadOptions,
} from '../api.ts'
import { refuse } from '../clients/clients.ts'
import { Commands } from '../clients/commands.ts'
import {
  checkClientsEntry,
  checkedChangeOptions,
  checkedMembership,
  checkedProposeOptions,
  checkedReadOptions,
} from '../clients/options.ts'
import { Emitter } from '../emitter.ts'
import type { StateMachine } from '../machine.ts'
import { checkAutopilot } from '../members/autopilot.ts'
import type { Members } from '../members/members.ts'
import { type DamagedNode, type RoomStorage, type Storage, StorageError } from '../storage.ts'
import { report, tell } from '../tell.ts'
import type { Clock } from '../time/clock.ts'
import type { ProposeAnswer } from '../wire/frame.ts'
import { checkNodeId } from './check-options.ts'
import { Connection } from './connection.ts'
import { asStorageError, failureError, failureOf, reasonOf } from './failure.ts'
import { machineSnapshot, restoreMachine } from './machine-state.ts'
import { NodeLife } from './node-life.ts'
import type { OpenedNode } from './open.ts'
import type { Patience } from './patience.ts'
import { checkRaftOptions } from './raft-options.ts'
import { claimNeeded, SecondLook } from './second-look.ts'
import { StandIn } from './stand-in.ts'
import { clusterStatus } from './status.ts'
import type { Surroundings } from './surroundings.ts'

/** A tab that finds no leader for so many election timeouts looks for a node that is needed more. */
const LOOK_AGAIN_AFTER_TIMEOUTS = 3

/** What is still told of a node that has stopped. */
type LastWords = Pick<NodeLife<never, never>, 'status' | 'lastApplied'> & {
  readonly members: Pick<Members, 'hasHeardLeader' | 'refusal'>
}

type Options<Command, Result> = ClusterOptions<Command, Result> & { readonly clock: Clock }

/** A node that has its database, and starts. @throws ClusterError if the transport cannot be opened, RangeError for options out of bounds; the database is the caller's to close then. */
export async function startNode<Command, Result>(
  options: Options<Command, Result>,
  shelf: RoomStorage,
  opened: OpenedNode,
  patience: Patience,
  surroundings: Surroundings,
): Promise<Cluster<Command, Result>> {
  const node = new ClusterNode(options, shelf, opened, surroundings)
  surroundings.attend(node)
  await node.start(patience)
  return node
}

class ClusterNode<Command, Result> implements Cluster<Command, Result> {
  readonly room: string
  private readonly options: Options<Command, Result>
  private readonly machine: StateMachine<Command, Result>
  private readonly commands: Commands<Command, Result>
  private readonly clock: Clock
  private readonly raft: RaftOptions
  private readonly shelf: RoomStorage
  private readonly surroundings: Surroundings
  private readonly events = new Emitter<ClusterEvents>()
  /** What the machine was before any command: where a restart without a snapshot begins. */
  private readonly blank: Uint8Array
  private readonly secondLook: SecondLook
  private storage: Storage
  private connection: Connection
  private clusterId: string | undefined
  private life: NodeLife<Command, Result> | undefined
  private state: 'running' | 'crashed' | 'failed' | 'closed' = 'running'
  private failure: NodeFailure | undefined = undefined
  private lastStatus: LastWords
  private damaged: readonly DamagedNode[]
  /** Nodes that this tab was before. */
  private readonly formerly = new Set<NodeId>()
  private standIn: StandIn | undefined = undefined
  private visible = true
  private adopting = false
  private restarting: Promise<void> | undefined = undefined
  private closing: Promise<void> | undefined = undefined

  constructor(
    options: Options<Command, Result>,
    shelf: RoomStorage,
    { storage, damaged }: OpenedNode,
    surroundings: Surroundings,
  ) {
    this.surroundings = surroundings
    this.room = options.room
    this.options = options
    this.machine = options.machine
    this.commands = new Commands(options.machine)
    this.clock = options.clock
    this.raft = checkRaftOptions({ ...options.raft, trace: options.onTrace !== undefined })
    this.shelf = shelf
    this.storage = storage
    this.damaged = damaged
    this.clusterId = storage.recovered.identity.clusterId
    this.blank = blankOf(options.machine)
    this.connection = this.connect()
    this.secondLook = new SecondLook(this.clock, LOOK_AGAIN_AFTER_TIMEOUTS * this.raft.electionTimeoutMs, () =>
      this.lookForAnother(),
    )
    this.life = this.begin()
    this.lastStatus = this.life
  }

  get id(): NodeId {
    return this.storage.recovered.identity.nodeId
  }

  async start(patience: Patience): Promise<void> {
    const { connection } = this
    if (this.options.whenUnreachable === 'run') return connection.keepOpening()
    const close = (): Promise<void> => connection.close().catch(() => undefined)
    try {
      await patience.wait(
        connection.open(),
        () => 'transport',
        () => void close(),
      )
    } catch (cause) {
      const typed = cause instanceof ClusterError
      const error = typed ? cause : new ClusterError('TransportFailed', 'no other tab can be reached', { cause })
      this.state = 'closed'
      this.endLife(error)
      void close()
      throw error
    }
  }

  status(): ClusterStatus {
    const { status, lastApplied, members } = this.life ?? this.lastStatus
    const { hasHeardLeader, refusal } = members
    const { id, clusterId, state, failure, damaged, connection } = this
    return clusterStatus({
      id,
      clusterId,
      state,
      failure,
      raft: status,
      lastApplied,
      hasHeardLeader,
      refusal,
      damaged,
      up: connection.links.up,
      transportFailure: connection.failure,
    })
  }

  async propose(command: Command, options: ProposeOptions = {}): Promise<Committed<Result>> {
    const { timeoutMs, onFate } = checkedProposeOptions(options)
    const life = this.living()
    return this.commands.committed(await life.propose(this.commands.encode(command), timeoutMs, onFate))
  }

  async read<T>(query: () => T, options: ReadOptions = {}): Promise<T> {
    const { timeoutMs, consistency } = checkedReadOptions(options)
    const life = this.living()
    return consistency === 'local' ? query() : life.read(query, timeoutMs)
  }

  forward(entry: Uint8Array, answer: (answer: ProposeAnswer) => void): () => void {
    checkClientsEntry(entry)
    return this.living().forward(entry, event => tell(answer, event))
  }

  on<Name extends keyof ClusterEvents>(name: Name, listener: (event: ClusterEvents[Name]) => void): () => void {
    return this.events.on(name, listener)
  }

  async removeDamaged(id: NodeId): Promise<boolean> {
    if (this.damaged.every(({ nodeId }) => nodeId !== id)) return false
    const isGone = await this.shelf
      .exclusively(() => this.shelf.remove(id))
      .catch((cause: unknown) => {
        throw new ClusterError('StorageFailed', 'the database cannot be deleted', { cause })
      })
    if (isGone) this.damaged = this.damaged.filter(({ nodeId }) => nodeId !== id)
    this.events.emit('status', undefined)
    return isGone
  }

  async addMember(id: NodeId, as: 'learner' | 'voter' = 'voter', options: ChangeOptions = {}): Promise<void> {
    const { timeoutMs } = checkedChangeOptions(options)
    checkNodeId(id)
    await this.living().members.ask({ type: checkedMembership(as), id }, timeoutMs)
  }

  async removeMember(id: NodeId, options: ChangeOptions = {}): Promise<void> {
    const { timeoutMs } = checkedChangeOptions(options)
    checkNodeId(id)
    await this.living().members.ask({ type: 'expel', id }, timeoutMs)
  }

  async transferLeadership(to?: NodeId, options: ChangeOptions = {}): Promise<void> {
    const { timeoutMs } = checkedChangeOptions(options)
    if (to !== undefined) checkNodeId(to)
    await this.living().members.ask({ type: 'transfer', id: to }, timeoutMs)
  }

  async resign(options: ChangeOptions = {}): Promise<void> {
    await this.living().members.resign(checkedChangeOptions(options).timeoutMs)
  }

  async leave(options: ChangeOptions = {}): Promise<void> {
    const { timeoutMs } = checkedChangeOptions(options)
    const { id } = this
    await this.living().members.leave(timeoutMs)
    await this.close()
    // Nobody counts on it any more, and it shall not come back by itself.
    await this.shelf.remove(id).catch((cause: unknown) => {
      throw new ClusterError('StorageFailed', 'the database cannot be deleted', { cause })
    })
  }

  setVisible(visible: boolean): void {
    if (visible === this.visible) return
    this.visible = visible
    this.life?.members.tellStanding()
  }

  observe(payload: Uint8Array, to?: NodeId): void {
    if (this.state === 'closed') return
    for (const peer of to === undefined ? this.connection.links.up : [to]) this.connection.links.observe(peer, payload)
    if (to === undefined || to === this.id) this.events.emit('observe', { from: this.id, payload })
  }

  peers(): readonly NodeId[] {
    return [...this.connection.links.up]
  }

  crash(): void {
    if (this.state !== 'running') return
    this.state = 'crashed'
    this.endLife(new ClusterError('Crashed', 'the node crashed'))
    this.trace({ type: 'crashed', reason: 'on purpose' })
    this.changed()
  }

  restart(): Promise<void> {
    if (this.state === 'closed') return Promise.reject(new ClusterError('Closed', 'the node is closed'))
    if (this.state === 'running') return Promise.resolve()
    this.restarting ??= this.reopen().finally(() => {
      this.restarting = undefined
    })
    return this.restarting
  }

  resume(): void {
    this.life?.resume()
  }

  goodbye(): void {
    this.life?.goodbye()
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown()
    return this.closing
  }

  // ---- Lives --------------------------------------------------------------------------------------------------------

  private begin(): NodeLife<Command, Result> {
    const { options } = this
    const life: NodeLife<Command, Result> = new NodeLife({
      id: this.id,
      storage: this.storage,
      links: this.connection.links,
      clock: this.clock,
      random: options.random ?? Math.random,
      machine: this.machine,
      raft: this.raft,
      autopilot: checkAutopilot(options.autopilot),
      describe: options.describe,
      persistDelayMs: () => options.faults?.persistDelayMs() ?? 0,
      standing: () => ({ priority: options.priority ?? 0, visible: this.visible }),
      effects: {
        leaderChanged: (leader, term) => this.events.emit('leader', { leader, term }),
        changed: () => this.changed(),
        applied: index => this.events.emit('applied', { index }),
        trace: event => this.tellTrace(event),
        failed: cause => this.fail(cause),
      },
    })
    return life
  }

  /** The database is opened anew, because only what is durable may be remembered; nobody may slip in between. */
  private async reopen(): Promise<void> {
    const { id } = this
    const storage = await this.shelf
      .exclusively(async () => {
        await this.storage.close().catch(() => undefined)
        return this.shelf.claim(id)
      })
      .catch((cause: unknown) => {
        throw new ClusterError('StorageFailed', 'the database cannot be opened', { cause })
      })
    if (storage === undefined) throw new ClusterError('StorageFailed', 'the database is gone, or another tab drives it')
    if (this.closing !== undefined) {
      await storage.close()
      throw new ClusterError('Closed', 'the node is closed')
    }
    this.startOver(storage)
    if (this.failure !== undefined) throw failureError(this.failure)
    this.changed()
  }

  /** From what is durable in it, and from nothing else. */
  private startOver(storage: Storage): void {
    this.storage = storage
    this.clusterId = storage.recovered.identity.clusterId
    try {
      restoreMachine(this.machine, this.blank)
    } catch (cause) {
      return this.fail(cause)
    }
    this.failure = undefined
    this.state = 'running'
    this.life = this.begin()
    for (const peer of this.connection.links.up) this.life.linkUp(peer)
  }

  private endLife(error: ClusterError): void {
    const { life } = this
    if (life === undefined) return
    this.lastStatus = lastWords(life)
    this.life = undefined
    life.stop(error)
  }

  private fail(cause: unknown): void {
    this.state = 'failed'
    this.failure = failureOf(cause)
    this.endLife(failureError(this.failure, cause))
    this.trace({ type: 'crashed', reason: reasonOf(cause) })
    this.changed()
    if (!(cause instanceof StorageError)) report(cause)
  }

  private async shutDown(): Promise<void> {
    this.goodbye()
    const wasClosed = this.state === 'closed'
    this.state = 'closed'
    this.endLife(new ClusterError('Closed', 'the node is closed'))
    if (!wasClosed) this.trace({ type: 'stopped' })
    this.changed()
    this.standIn?.end()
    const connected = this.connection.close()
    await this.restarting?.catch(() => undefined)
    await Promise.all([this.storage.close(), connected]).finally(() => this.surroundings.leave())
  }

  private changed(): void {
    const { life, standIn } = this
    if (standIn !== undefined && life !== undefined) this.dismissStandIn(standIn, life.status)
    // Whom somebody expelled shall not come back as somebody else.
    const isLost = life !== undefined && life.status.leader === undefined && life.members.refusal !== 'Removed'
    this.secondLook.update(isLost)
    this.events.emit('status', undefined)
  }

  /** The running node, or why there is none. */
  private living(): NodeLife<Command, Result> {
    if (this.life !== undefined) return this.life
    if (this.state === 'closed') throw new ClusterError('Closed', 'the node is closed')
    if (this.failure !== undefined) throw failureError(this.failure)
    throw new ClusterError('Crashed', 'the node crashed')
  }

  // ---- Being another node -------------------------------------------------------------------------------------------

  private async lookForAnother(): Promise<void> {
    const hasLeft = (id: NodeId): boolean => this.formerly.has(id) || this.life?.members.hasLeft(id) === true
    const needed = await this.shelf.exclusively(() => claimNeeded(this.shelf, this.id, hasLeft)).catch(() => undefined)
    if (needed === undefined) return
    const { storage, as } = needed
    const isLost = this.life !== undefined && this.life.status.leader === undefined && this.closing === undefined
    if (!isLost || this.standIn !== undefined) return storage.close()
    if (as === 'oneself') return this.becomeAnother(storage)
    const { options, clock } = this
    this.standIn = new StandIn({ ...options, clock, storage }, () => {
      this.standIn = undefined
    })
  }

  /** As soon as this node can commit that it does not count any more, and when it does not. */
  private dismissStandIn(
    standIn: StandIn,
    { role, currentTerm, lastTerm, lastIndex, commitIndex, configuration }: RaftStatus,
  ): void {
    if (role !== 'leader' || lastTerm !== currentTerm || commitIndex < lastIndex) return
    if (configuration.voters.includes(standIn.id)) standIn.letGo()
    else standIn.end()
  }

  /** Whoever this was goes as by closing its tab, and what it had not yet sent, the other one sends. */
  private becomeAnother(storage: Storage): void {
    const { connection, life, id } = this
    const former = this.storage
    if (life === undefined) return
    this.formerly.add(id)
    life.goodbye()
    const unsent = life.giveUpUnsent()
    this.endLife(new ClusterError('Timeout', 'this tab became another node; the command may still commit'))
    this.trace({ type: 'stopped' })
    // Nobody has ever counted on a node that has not even heard of a term.
    const wasNobody = this.lastStatus.status.currentTerm === 0 && this.lastStatus.status.lastIndex === 0
    const over = connection.close().catch(() => undefined)
    void former
      .close()
      .then(() => (wasNobody ? this.shelf.remove(id) : false))
      .catch(() => false)

    this.storage = storage
    this.connection = this.connect()
    this.startOver(storage)
    if (this.life !== undefined) this.life.take(unsent)
    else refuse(unsent, failureError('MachineFailed'))
    this.events.emit('identity', { id: this.id, before: id })
    this.events.emit('leader', { leader: undefined, term: storage.recovered.state.currentTerm })
    this.changed()
    void over.then(() => this.connection.keepOpening())
  }

  // ---- Links --------------------------------------------------------------------------------------------------------

  private connect(): Connection {
    const { options } = this
    return new Connection({
      self: this.id,
      keys: this.storage.recovered.keys,
      newTransport: () => options.transport(options.room),
      clock: this.clock,
      faults: options.faults,
      tracing: this.raft.trace,
      clusterId: () => this.clusterId,
      onPeer: (peer, up) => this.onPeer(peer, up),
      changed: () => this.events.emit('status', undefined),
      effects: {
        isAlive: () => this.life !== undefined,
        onMessage: message => this.life?.onMessage(message),
        onClientFrame: (from, frame) => this.life?.onClientFrame(from, frame),
        onObserve: (from, payload) => this.events.emit('observe', { from, payload }),
        onAdopted: adopted => this.adopt(adopted),
        trace: body => this.trace(body),
      },
    })
  }

  private onPeer(peer: NodeId, up: boolean): void {
    this.trace({ type: 'link', peer, up })
    if (up) this.life?.linkUp(peer)
    this.events.emit('peer', { peer, up })
    this.events.emit('status', undefined)
  }

  /** From now on this node belongs to that cluster: durably, before it answers a single frame of it. */
  private adopt(clusterId: string): void {
    const { storage } = this
    if (this.adopting || this.life === undefined) return
    this.adopting = true
    storage.setClusterId(clusterId).then(
      () => {
        this.adopting = false
        if (storage === this.storage) this.clusterId = clusterId
        this.events.emit('status', undefined)
      },
      (cause: unknown) => {
        this.adopting = false
        if (this.life === undefined || storage !== this.storage) return
        this.fail(asStorageError(cause))
      },
    )
  }

  private trace(body: TraceBody): void {
    this.tellTrace({ node: this.id, at: this.clock.now(), ...body })
  }

  private tellTrace(event: TraceEvent): void {
    if (this.options.onTrace !== undefined) tell(this.options.onTrace, event)
  }
}

function lastWords({ status, lastApplied, members: { hasHeardLeader, refusal } }: LastWords): LastWords {
  return { status, lastApplied, members: { hasHeardLeader, refusal } }
}

/** @throws ClusterError `MachineFailed`. */
function blankOf(machine: Pick<StateMachine<never, never>, 'snapshot' | 'restore'>): Uint8Array {
  try {
    return machineSnapshot(machine).slice()
  } catch (cause) {
    throw new ClusterError('MachineFailed', 'the state machine cannot say what its first state is', { cause })
  }
}
