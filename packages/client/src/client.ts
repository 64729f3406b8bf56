/**
 * What a page holds of its room: commands, reads and a copy of the state. Where the node runs is the port's business: in a
 * worker, in this page, in another tab. When that node is gone, another port may take its place, and everything that was
 * under way goes on there: each command still takes effect once, because its session is the client's own.
 */
import {
  type Clock,
  ClusterError,
  type Committed,
  type ProposeAllOptions,
  type ProposeOptions,
  type ReadOptions,
  type StateMachine,
  systemClock,
} from '@flotilla/cluster'
import {
  Commands,
  checkedProposeOptions,
  checkedReadOptions,
  Emitter,
  type FinalAnswer,
  Proposals,
  proposalsIn,
  Reads,
  Requests,
} from '@flotilla/cluster/clients'
import type { NodeId } from '@flotilla/core'
import { decodeNodeMessage, encodeClientMessage } from './codec.ts'
import { Controls } from './controls.ts'
import { Liveness } from './liveness.ts'
import type { ClientMessage, NodeMessage, NodeStatus, Said, WhyRefused } from './message.ts'
import { Mirror } from './mirror.ts'
import type { Port } from './port.ts'

export interface ClientOptions<Command, Result> {
  /** The same code as the node's. It is the client's own from now on, and begins empty. */
  readonly machine: StateMachine<Command, Result>
  readonly clock?: Clock
  /** `false`: it keeps no copy of the state, for it only proposes; the machine is there for its codecs. Default: `true`. */
  readonly copy?: boolean
}

export interface ClientEvents {
  /** The copy of the state is another: reads may answer differently. */
  applied: { readonly index: number }
  status: NodeStatus
  /** The node at the other end answers, or has not for a while. */
  reachable: boolean
  /** Somebody said something (`say`), this client too. */
  said: Said
  /** Nothing more comes from this node: it closed, or cannot be reached. */
  gone: NodeId
  /** The node does not answer what it was asked. */
  refused: WhyRefused
}

/** How the node at the other end of a port is called here, whoever it is. */
const NODE: NodeId = 'node'
/** No answer from the node for this long: ask again. */
const RETRY_AFTER_MS = 5_000
/** Told to come back later: wait this long. */
const BACK_OFF_MS = 100

/** A client that has no node yet: `attach` it to one. */
export class Client<Command, Result> {
  private readonly events = new Emitter<ClientEvents>()
  private readonly commands: Commands<Command, Result>
  private readonly requests: Requests
  private readonly proposals: Proposals
  private readonly reads: Reads
  private readonly controls: Controls
  private readonly mirror: Mirror<Command, Result>
  private readonly liveness: Liveness
  private readonly hasCopy: boolean
  /** By request: what is under way, and whether it is known to be in another node's log. */
  private readonly reaches = new Map<number, { isElsewhere: boolean; readonly tell: (isElsewhere: boolean) => void }>()
  private port: Port | undefined = undefined
  private lastStatus: NodeStatus | undefined = undefined
  /** So far the first node that it heard of had applied its log then. */
  private firstApplied: number | undefined = undefined
  /** What it has of the room is of this cluster: its copy, its session and everything under way. */
  private cluster: string | undefined = undefined
  /** The node at the other end is one of that cluster, and has what is under way. */
  private isResumed = false
  private failure: ClusterError | undefined = undefined

  constructor({ machine, clock = systemClock(), copy = true }: ClientOptions<Command, Result>) {
    this.hasCopy = copy
    this.commands = new Commands(machine)
    const nodes = new Set([NODE])
    const nobody = new Set<NodeId>()
    this.requests = new Requests({
      clock,
      firstId: 1,
      retryAfterMs: RETRY_AFTER_MS,
      backOffMs: BACK_OFF_MS,
      propose: () => ({ kind: 'NotLeader', leader: NODE }),
      proposeAll: () => ({ kind: 'NotLeader', leader: NODE }),
      send: (_, frame) => {
        for (const { request, data } of proposalsIn(frame)) this.send({ kind: 'propose', request, data })
      },
      peers: () => (this.isResumed ? nodes : nobody),
      isMember: () => true,
    })
    this.proposals = new Proposals(clock, this.requests)
    this.reads = new Reads({
      clock,
      firstId: 1,
      backOffMs: BACK_OFF_MS,
      ask: id => this.send({ kind: 'read', id }),
      lastApplied: () => this.mirror.upTo,
    })
    this.controls = new Controls(clock, (id, control) => this.send({ kind: 'control', id, control }))
    this.mirror = new Mirror(
      machine,
      message => this.send(message),
      error => this.end(error),
    )
    this.liveness = new Liveness(
      clock,
      nonce => this.send({ kind: 'ping', nonce }),
      isReachable => this.events.emit('reachable', isReachable),
    )
  }

  /** To the node at the other end of this port, in place of any before. What is under way goes on there. */
  attach(port: Port): void {
    if (this.failure !== undefined) throw this.failure
    this.port?.close()
    this.port = port
    port.open(message => {
      if (this.port === port) this.receive(message)
    })
    this.isResumed = false
    for (const request of this.reaches.keys()) this.reached(request, false)
    this.send({ kind: 'status' })
    this.send({ kind: 'hear' })
    this.liveness.begin()
    this.controls.lost()
  }

  /** Whether the node at the other end has answered lately. */
  get isReachable(): boolean {
    return this.liveness.isReachable
  }

  /** Why nothing more comes from here: it was closed, or its part of the room is gone. `undefined` while it goes on. */
  get ended(): ClusterError | undefined {
    return this.failure
  }

  /** What the node last said of itself; `undefined` before it has. */
  status(): NodeStatus | undefined {
    return this.lastStatus
  }

  /** Its copy is as far as its node was when that was first heard; without a copy, it has heard of its node. */
  get isFilled(): boolean {
    return this.firstApplied !== undefined && (!this.hasCopy || this.mirror.upTo >= this.firstApplied)
  }

  /** As `Cluster.propose`. */
  async propose(command: Command, options: ProposeOptions = {}): Promise<Committed<Result>> {
    const { timeoutMs, onFate } = checkedProposeOptions(options)
    if (this.failure !== undefined) throw this.failure
    return this.commands.committed(await this.proposals.propose(this.commands.encode(command), timeoutMs, onFate))
  }

  /** As `Cluster.proposeAll`. To the node they go one by one, in their order; from there on, what waits goes together. */
  async proposeAll(
    commands: readonly Command[],
    options: ProposeAllOptions = {},
  ): Promise<readonly PromiseSettledResult<Committed<Result>>[]> {
    const { timeoutMs, onFate } = checkedProposeOptions(options)
    if (this.failure !== undefined) throw this.failure
    const encoded = commands.map(command => this.commands.encode(command))
    const answers = this.proposals.proposeAll(encoded, timeoutMs, onFate)
    return Promise.allSettled(answers.map(async answer => this.commands.committed(await answer)))
  }

  /**
   * For whoever keeps a session of its own: brings an entry to whoever leads, for as long as it takes. `end` is told what came of it, and
   * how many copies of it may be in some log; `onReach` meanwhile, whenever some node besides the one at the other end comes to have it in
   * its log, or it is no longer known that one has. Gives the way to stop trying.
   */
  bring(
    entry: Uint8Array,
    end: (answer: FinalAnswer, copies: number) => void,
    onReach?: (isElsewhere: boolean) => void,
  ): () => void {
    if (this.failure !== undefined) throw this.failure
    const request = this.requests.start(entry, (answer, { copies }) => {
      this.reaches.delete(request)
      end(answer, copies)
    })
    if (onReach !== undefined) this.reaches.set(request, { isElsewhere: false, tell: onReach })
    return () => {
      this.reaches.delete(request)
      this.requests.cancel(request)
    }
  }

  /** There is a leader, and a node here that knows it: what is brought now is likely to arrive. */
  get hasLeader(): boolean {
    return this.isReachable && this.lastStatus?.state === 'running' && this.lastStatus.leader !== undefined
  }

  /** As `Cluster.read`, of the copy: a linearizable read waits until the copy is as fresh as that. */
  async read<T>(query: () => T, options: ReadOptions = {}): Promise<T> {
    const { timeoutMs, consistency } = checkedReadOptions(options)
    if (this.failure !== undefined) throw this.failure
    if (!this.hasCopy) throw new ClusterError('InvalidOptions', 'this client keeps no copy to read')
    return consistency === 'local' ? query() : this.reads.read(query, timeoutMs)
  }

  /** As `Cluster.resign`, of the node. */
  resign(): Promise<void> {
    return this.controls.ask({ kind: 'resign' })
  }

  /** As `Cluster.transferLeadership`, of the node. */
  transferLeadership(to: NodeId): Promise<void> {
    return this.controls.ask({ kind: 'transferLeadership', to })
  }

  /** As `Cluster.setVisible`, of the node. */
  setVisible(visible: boolean): Promise<void> {
    return this.controls.ask({ kind: 'setVisible', visible })
  }

  /**
   * As `Cluster.forceNewCluster`, of the node. When this resolves the client has ended, or is about to: what it has of the room is of the old
   * cluster. Load the page anew.
   */
  forceNewCluster(options: { readonly abandon: readonly NodeId[] }): Promise<void> {
    return this.controls.ask({ kind: 'forceNewCluster', abandon: options.abandon })
  }

  /**
   * Says something to all clients of the room that are in reach: in no log, at most once. Whoever is away does not hear of it.
   * @throws RangeError beyond 4 KiB
   */
  say(payload: Uint8Array): void {
    this.send({ kind: 'say', payload })
  }

  on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): () => void {
    return this.events.on(name, listener)
  }

  /** The node goes on. What waits here rejects with `Closed`; a command may still commit. */
  close(): void {
    this.end(new ClusterError('Closed', 'the client is closed'))
  }

  private end(error: ClusterError): void {
    if (this.failure !== undefined) return
    this.failure = error
    this.port?.close()
    this.port = undefined
    this.proposals.stop(error)
    this.requests.stop()
    this.reads.stop(error)
    this.controls.stop(error)
    this.liveness.stop()
  }

  private send(message: ClientMessage): void {
    this.port?.send(encodeClientMessage(message))
  }

  private receive(bytes: Uint8Array): void {
    const decoded = decodeNodeMessage(bytes)
    // Of what cannot be read nothing is believed, not even that somebody is there.
    if (!decoded.ok) return
    this.liveness.heard()
    this.take(decoded.value)
  }

  private take(message: NodeMessage): void {
    switch (message.kind) {
      case 'answer':
        return this.requests.answered(NODE, message.request, message.answer)
      case 'reach':
        return this.reached(message.request, message.isElsewhere)
      case 'readable': {
        const { id, index } = message
        return this.reads.answered(
          index > 0 ? { id, kind: 'ready', index } : { id, kind: 'abandoned', reason: 'timeout' },
        )
      }
      case 'entries':
        return this.progressed(this.mirror.entries(message))
      case 'chunk':
        return this.progressed(this.mirror.chunk(message))
      case 'status':
        return this.hear(message.status)
      case 'controlled':
        return this.controls.answered(message.id, message.refusal)
      case 'heard':
        this.send({ kind: 'hear' })
        for (const peer of message.gone) this.events.emit('gone', peer)
        for (const said of message.said) this.events.emit('said', said)
        return
      case 'refused':
        return this.events.emit('refused', message.why)
      case 'pong':
      case 'seen':
        return
      default:
        return message satisfies never
    }
  }

  private hear(status: NodeStatus): void {
    const { clusterId } = status
    this.cluster ??= clusterId
    if (clusterId !== undefined && clusterId !== this.cluster) {
      this.controls.refounded()
      const message =
        'this browser’s part of the room is gone, and another room of its name has begun: load the page anew'
      return this.end(new ClusterError('StorageFailed', message))
    }
    this.lastStatus = status
    this.firstApplied ??= status.lastApplied
    if (!this.isResumed && clusterId === this.cluster) {
      this.isResumed = true
      if (this.hasCopy) this.mirror.begin()
      this.requests.leaderChanged()
      this.reads.attemptAnew()
    }
    this.send({ kind: 'status' })
    this.events.emit('status', status)
  }

  private reached(request: number, isElsewhere: boolean): void {
    const reach = this.reaches.get(request)
    if (reach === undefined || reach.isElsewhere === isElsewhere) return
    reach.isElsewhere = isElsewhere
    reach.tell(isElsewhere)
  }

  private progressed(isNew: boolean): void {
    if (!isNew) return
    this.reads.applied()
    this.events.emit('applied', { index: this.mirror.upTo })
  }
}
