/**
 * The node as its application has it. It owns what a crash of the node does not take: the links, the watchers' channel,
 * the database's lock and the machine. Everything else lives in a `NodeLife`, of which `restart` begins another.
 */
import {
  defaultOptions,
  type MembershipChange,
  type NodeId,
  type RaftOptions,
  type RaftStatus,
  type TraceBody,
} from '@flotilla/core'
import {
  type Cluster,
  ClusterError,
  type ClusterEvents,
  type ClusterOptions,
  type ClusterStatus,
  type Committed,
  type ProposeOptions,
  type ReadOptions,
} from '../api.ts'
import { decodeOutcome } from '../clients/outcome.ts'
import { Links } from '../links/links.ts'
import type { StateMachine } from '../machine.ts'
import { defaultAutopilot } from '../members/autopilot.ts'
import { type RoomStorage, type Storage, StorageError, type StorageErrorKind } from '../storage.ts'
import type { Clock } from '../time/clock.ts'
import { systemClock } from '../time/system-clock.ts'
import type { Transport } from '../transport.ts'
import { MAX_COMMAND_BYTES } from '../wire/command.ts'
import { Emitter } from './emitter.ts'
import { NodeLife } from './node-life.ts'
import { clusterStatus } from './status.ts'

const DEFAULT_TIMEOUT_MS = 10_000

/** A node that has its database, and starts. @throws ClusterError if the transport cannot be opened, RangeError for options out of bounds; the database is closed then. */
export async function startNode<Command, Result>(
  options: ClusterOptions<Command, Result>,
  shelf: RoomStorage,
  storage: Storage,
): Promise<Cluster<Command, Result>> {
  const node = await newNode(options, shelf, storage)
  await node.start()
  return node
}

/** Options that core refuses must not leave the database locked behind them. */
async function newNode<Command, Result>(
  options: ClusterOptions<Command, Result>,
  shelf: RoomStorage,
  storage: Storage,
): Promise<ClusterNode<Command, Result>> {
  try {
    return new ClusterNode(options, shelf, storage)
  } catch (error) {
    await storage.close()
    throw error
  }
}

class ClusterNode<Command, Result> implements Cluster<Command, Result> {
  readonly id: NodeId
  readonly room: string
  private readonly options: ClusterOptions<Command, Result>
  private readonly machine: StateMachine<Command, Result>
  private readonly clock: Clock
  private readonly raft: RaftOptions
  private readonly shelf: RoomStorage
  private readonly transport: Transport
  private readonly links: Links
  private readonly events = new Emitter<ClusterEvents>()
  /** What the machine was before any command: where a restart without a snapshot begins. */
  private readonly blank: Uint8Array
  private storage: Storage
  private clusterId: string | undefined
  private life: NodeLife<Command, Result> | undefined
  private state: 'running' | 'crashed' | 'failed' | 'closed' = 'running'
  private failure: StorageErrorKind | undefined = undefined
  private lastStatus: { readonly raft: RaftStatus; readonly lastApplied: number }
  private visible = true
  private adopting = false
  private restarting: Promise<void> | undefined = undefined
  private closing: Promise<void> | undefined = undefined

  constructor(options: ClusterOptions<Command, Result>, shelf: RoomStorage, storage: Storage) {
    const { nodeId, clusterId } = storage.recovered.identity
    this.id = nodeId
    this.room = options.room
    this.options = options
    this.machine = options.machine
    this.clock = options.clock ?? systemClock()
    this.raft = { ...defaultOptions, ...options.raft, trace: options.onTrace !== undefined }
    this.shelf = shelf
    this.storage = storage
    this.clusterId = clusterId
    this.blank = options.machine.snapshot()
    this.transport = options.transport(options.room)
    this.links = new Links({
      self: nodeId,
      transport: this.transport,
      clock: this.clock,
      faults: options.faults,
      tracing: this.raft.trace,
      clusterId: () => this.clusterId,
      effects: {
        isAlive: () => this.life !== undefined,
        onMessage: message => this.life?.onMessage(message),
        onClientFrame: (from, frame) => this.life?.onClientFrame(from, frame),
        onObserve: (from, payload) => this.events.emit('observe', { from, payload }),
        onAdopted: adopted => this.adopt(adopted),
        trace: body => this.trace(body),
      },
    })
    this.life = this.begin()
    this.lastStatus = { raft: this.life.status, lastApplied: this.life.lastApplied }
  }

  async start(): Promise<void> {
    try {
      await this.transport.open(this.id, {
        onFrame: (from, frame) => {
          if (this.state !== 'closed') this.links.receive(from, frame)
        },
        onPeer: (peer, up) => this.onPeer(peer, up),
      })
      for (const peer of this.transport.peers()) this.onPeer(peer, true)
    } catch (cause) {
      const error = new ClusterError('TransportFailed', 'no other tab can be reached', { cause })
      this.endLife(error)
      this.state = 'closed'
      await this.storage.close().catch(() => undefined)
      throw error
    }
  }

  status(): ClusterStatus {
    const { raft, lastApplied } = this.life === undefined ? this.lastStatus : this.statusOf(this.life)
    const { id, clusterId, state, failure } = this
    return clusterStatus({ id, clusterId, state, failure, raft, lastApplied, up: this.links.up })
  }

  async propose(
    command: Command,
    { timeoutMs = DEFAULT_TIMEOUT_MS, onFate }: ProposeOptions = {},
  ): Promise<Committed<Result>> {
    const life = this.living()
    const bytes = this.machine.command.encode(command)
    if (bytes.byteLength > MAX_COMMAND_BYTES) {
      throw new ClusterError('TooLarge', `${bytes.byteLength} bytes are more than ${MAX_COMMAND_BYTES}`)
    }
    const { index, term, result } = await life.propose(bytes, timeoutMs, onFate)
    const outcome = decodeOutcome(result)
    if (outcome?.kind !== 'taken') throw new ClusterError('Rejected', outcome?.reason ?? 'the answer makes no sense')
    return { index, term, result: this.machine.result.decode(outcome.result) }
  }

  async read<T>(
    query: () => T,
    { consistency = 'linearizable', timeoutMs = DEFAULT_TIMEOUT_MS }: ReadOptions = {},
  ): Promise<T> {
    const life = this.living()
    return consistency === 'local' ? query() : life.read(query, timeoutMs)
  }

  on<Name extends keyof ClusterEvents>(name: Name, listener: (event: ClusterEvents[Name]) => void): () => void {
    return this.events.on(name, listener)
  }

  async addMember(id: NodeId, as: 'learner' | 'voter' = 'voter'): Promise<void> {
    const change: MembershipChange = { type: as === 'voter' ? 'addVoter' : 'addLearner', id }
    await this.living().changeMembership([change])
  }

  async removeMember(id: NodeId): Promise<void> {
    await this.living().changeMembership([{ type: 'remove', id }])
  }

  async transferLeadership(to?: NodeId): Promise<void> {
    await this.living().transferLeadership(to)
  }

  resign(): Promise<void> {
    return this.transferLeadership()
  }

  setVisible(visible: boolean): void {
    if (visible === this.visible) return
    this.visible = visible
    this.life?.tellStanding()
  }

  observe(payload: Uint8Array, to?: NodeId): void {
    if (this.state === 'closed') return
    for (const peer of to === undefined ? this.links.up : [to]) this.links.observe(peer, payload)
    if (to === undefined || to === this.id) this.events.emit('observe', { from: this.id, payload })
  }

  peers(): readonly NodeId[] {
    return [...this.links.up]
  }

  crash(): void {
    if (this.state !== 'running') return
    this.state = 'crashed'
    this.endLife(new ClusterError('Crashed', 'the node crashed'))
    this.trace({ type: 'crashed', reason: 'on purpose' })
    this.events.emit('status', undefined)
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
    const { options, raft } = this
    const life: NodeLife<Command, Result> = new NodeLife({
      id: this.id,
      storage: this.storage,
      links: this.links,
      clock: this.clock,
      random: options.random ?? Math.random,
      machine: this.machine,
      raft,
      autopilot: { ...defaultAutopilot, ...options.autopilot },
      describe: options.describe ?? (command => `${this.machine.command.encode(command).byteLength} bytes`),
      persistDelayMs: () => options.faults?.persistDelayMs() ?? 0,
      standing: () => ({ priority: options.priority ?? 0, visible: this.visible }),
      effects: {
        leaderChanged: (leader, term) => this.events.emit('leader', { leader, term }),
        changed: () => this.events.emit('status', undefined),
        applied: index => this.events.emit('applied', { index }),
        trace: event => options.onTrace?.(event),
        failed: error => this.fail(error),
        broken: error => this.broken(error),
      },
    })
    return life
  }

  /** The database is opened anew, because only what is durable may be remembered; nobody may slip in between. */
  private async reopen(): Promise<void> {
    const storage = await this.shelf
      .exclusively(async () => {
        await this.storage.close().catch(() => undefined)
        return this.shelf.claim(this.id)
      })
      .catch((cause: unknown) => {
        throw new ClusterError('StorageFailed', 'the database cannot be opened', { cause })
      })
    if (storage === undefined) throw new ClusterError('StorageFailed', 'the database is gone, or another tab drives it')
    this.storage = storage
    if (this.closing !== undefined) {
      await storage.close()
      throw new ClusterError('Closed', 'the node is closed')
    }
    this.clusterId = storage.recovered.identity.clusterId
    this.machine.restore(this.blank)
    this.failure = undefined
    this.state = 'running'
    this.life = this.begin()
    for (const peer of this.links.up) this.life.linkUp(peer)
    this.events.emit('status', undefined)
  }

  private endLife(error: ClusterError): void {
    const { life } = this
    if (life === undefined) return
    this.lastStatus = this.statusOf(life)
    this.life = undefined
    life.stop(error)
  }

  private fail(error: StorageError): void {
    this.state = 'failed'
    this.failure = error.kind
    this.endLife(new ClusterError('StorageFailed', `the storage failed: ${error.kind}`, { cause: error }))
    this.trace({ type: 'crashed', reason: `storage: ${error.kind}` })
    this.events.emit('status', undefined)
  }

  private broken(cause: unknown): void {
    this.state = 'crashed'
    this.endLife(new ClusterError('Crashed', 'the node stopped itself: going on would be wrong', { cause }))
    this.trace({ type: 'crashed', reason: cause instanceof Error ? cause.message : String(cause) })
    this.events.emit('status', undefined)
  }

  private async shutDown(): Promise<void> {
    this.goodbye()
    const wasClosed = this.state === 'closed'
    this.state = 'closed'
    this.endLife(new ClusterError('Closed', 'the node is closed'))
    this.links.stop()
    if (!wasClosed) this.trace({ type: 'stopped' })
    this.events.emit('status', undefined)
    await this.restarting?.catch(() => undefined)
    await Promise.all([this.storage.close(), this.transport.close()])
  }

  /** The running node, or why there is none. */
  private living(): NodeLife<Command, Result> {
    if (this.life !== undefined) return this.life
    if (this.state === 'closed') throw new ClusterError('Closed', 'the node is closed')
    if (this.state === 'failed') throw new ClusterError('StorageFailed', `the storage failed: ${this.failure}`)
    throw new ClusterError('Crashed', 'the node crashed')
  }

  // ---- Links --------------------------------------------------------------------------------------------------------

  private onPeer(peer: NodeId, up: boolean): void {
    if (this.state === 'closed' || !this.links.setUp(peer, up)) return
    this.trace({ type: 'link', peer, up })
    if (up) this.life?.linkUp(peer)
    this.events.emit('peer', { peer, up })
    this.events.emit('status', undefined)
  }

  /** From now on this node belongs to that cluster: durably, before it answers a single frame of it. */
  private adopt(clusterId: string): void {
    if (this.adopting || this.life === undefined) return
    this.adopting = true
    this.storage.setClusterId(clusterId).then(
      () => {
        this.adopting = false
        this.clusterId = clusterId
        this.events.emit('status', undefined)
      },
      (cause: unknown) => {
        this.adopting = false
        if (this.life === undefined) return
        this.fail(
          cause instanceof StorageError ? cause : new StorageError('Unavailable', 'the storage failed', { cause }),
        )
      },
    )
  }

  private statusOf(life: NodeLife<Command, Result>): { raft: RaftStatus; lastApplied: number } {
    return { raft: life.status, lastApplied: life.lastApplied }
  }

  private trace(body: TraceBody): void {
    this.options.onTrace?.({ node: this.id, at: this.clock.now(), ...body })
  }
}
