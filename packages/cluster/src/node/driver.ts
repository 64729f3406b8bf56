/**
 * Drives a node in this tab: one life of it after the other. It owns what a crash does not take: the connection, the database's
 * lock and the machine; everything else lives in a `NodeLife`, of which `restart` begins another. And it outlives being one
 * particular node: where another one's vote is needed, and that one's database is free, it drives that one.
 */
import type { Configuration, NodeId, RaftOptions, TraceBody, TraceEvent } from '@flotilla/core'
import { ClusterError, type ClusterEvents, type ClusterOptions, type NodeFailure, type OpeningStep } from '../api.ts'
import { refuse } from '../clients/clients.ts'
import type { Emitter } from '../emitter.ts'
import type { Links } from '../links/links.ts'
import type { StateMachine } from '../machine.ts'
import { checkAutopilot } from '../members/autopilot-options.ts'
import type { Members } from '../members/members.ts'
import { type RoomStorage, type Storage, StorageError } from '../storage.ts'
import { report } from '../tell.ts'
import type { Clock } from '../time/clock.ts'
import { newClusterId, systemRandomBytes } from '../wire/identity.ts'
import { Belonging } from './belonging.ts'
import { DEFAULT_DIGEST_EVERY_ENTRIES, DEFAULT_OPEN_TIMEOUT_MS } from './check-options.ts'
import { ClientWays } from './client-ways.ts'
import { Connection } from './connection.ts'
import { asStorageError, failureError, failureOf, reasonOf } from './failure.ts'
import { firstState, restoreMachine } from './machine-state.ts'
import { NodeLife } from './node-life.ts'
import { Patience } from './patience.ts'
import { checkRaftOptions } from './raft-options.ts'
import { checkRefounding, refound } from './refounding.ts'
import { claimNeeded, SecondLook } from './second-look.ts'
import { StandIn } from './stand-in.ts'
import type { NodeCondition } from './status.ts'
import { Watchers } from './watchers.ts'

/** A tab that finds no leader for so many election timeouts looks for a node that is needed more. */
const LOOK_AGAIN_AFTER_TIMEOUTS = 3

/** What is still told of a node that has stopped. */
type LastWords = Pick<NodeLife<never, never>, 'status' | 'lastApplied' | 'rules' | 'leaderlessSince' | 'silent'> & {
  readonly members: Pick<Members, 'hasHeardLeader' | 'refusal' | 'waiting'>
}

export type DriverOptions<Command, Result> = ClusterOptions<Command, Result> & { readonly clock: Clock }

export class Driver<Command, Result> {
  readonly #options: DriverOptions<Command, Result>
  readonly #machine: StateMachine<Command, Result>
  readonly #raft: RaftOptions
  readonly #shelf: RoomStorage
  readonly #events: Emitter<ClusterEvents>
  readonly #watchers: Watchers
  /** What the machine was before any command: where a restart without a snapshot begins. */
  readonly #blank: Uint8Array
  readonly #secondLook: SecondLook
  readonly clientWays = new ClientWays()
  #storage: Storage
  #belonging: Belonging
  #connection: Connection
  #life: NodeLife<Command, Result> | undefined
  #state: 'running' | 'crashed' | 'failed' | 'closed' = 'running'
  #failure: NodeFailure | undefined = undefined
  #failureCause: unknown = undefined
  #lastStatus: LastWords
  /** Nodes that this tab was before. */
  readonly #formerly = new Set<NodeId>()
  #standIn: StandIn | undefined = undefined
  #visible = true
  #restarting: Promise<void> | undefined = undefined
  #closing: Promise<void> | undefined = undefined
  /** Whom the connection knows for members. */
  #configurationTold: Configuration | undefined = undefined
  /** By what the connection knows the room to be closed. */
  #keysTold: readonly string[] | undefined = undefined

  constructor(
    options: DriverOptions<Command, Result>,
    shelf: RoomStorage,
    storage: Storage,
    events: Emitter<ClusterEvents>,
  ) {
    this.#options = options
    this.#machine = options.machine
    this.#raft = checkRaftOptions(options.raft)
    this.#watchers = new Watchers(options.onTrace)
    this.#shelf = shelf
    this.#events = events
    this.#storage = storage
    this.#belonging = this.#belongingOf(storage)
    this.#blank = firstState(options.machine)
    this.#connection = this.#connect()
    const lookAfterMs = LOOK_AGAIN_AFTER_TIMEOUTS * this.#raft.electionTimeoutMs
    this.#secondLook = new SecondLook(options.clock, lookAfterMs, () => this.#lookForAnother())
    this.#life = this.#begin()
    this.#lastStatus = this.#life
  }

  get id(): NodeId {
    return this.#storage.recovered.identity.nodeId
  }

  get links(): Links {
    return this.#connection.links
  }

  get isClosed(): boolean {
    return this.#state === 'closed'
  }

  condition(): NodeCondition {
    const { status, lastApplied, rules, members, leaderlessSince, silent } = this.#life ?? this.#lastStatus
    const { hasHeardLeader, refusal, waiting } = members
    const { id } = this
    const state = this.#state
    const failure = this.#failure
    const isLeftBehind = failure === 'LeftBehind' || this.#life?.isLeftBehind === true
    const connection = this.#connection
    const { clusterId } = this.#belonging
    return {
      id,
      clusterId,
      state,
      failure,
      raft: status,
      lastApplied,
      hasHeardLeader,
      leaderlessSince,
      silent,
      refusal,
      admission: rules.admission,
      key: rules.keys.at(-1),
      waiting,
      up: connection.links.up,
      relayed: connection.links.relayed,
      // Who went on without this node is known: the room was not made twice.
      strangers: isLeftBehind ? new Set() : connection.links.strangers,
      ignored: connection.links.ignored,
      transportFailure: connection.failure,
      obstacles: connection.obstacles,
    }
  }

  /** The running node, or why there is none. */
  living(): NodeLife<Command, Result> {
    if (this.#life !== undefined) return this.#life
    if (this.#state === 'closed') throw new ClusterError('Closed', 'the node is closed')
    if (this.#failure !== undefined) throw failureError(this.#failure, this.#failureCause)
    throw new ClusterError('Crashed', 'the node crashed')
  }

  /** @throws ClusterError if it cannot be connected, and shall not run alone. */
  async start(patience: Patience): Promise<void> {
    const connection = this.#connection
    this.#tellMembership()
    if (this.#options.whenUnreachable === 'run') return connection.keepOpening()
    try {
      await connection.openWithin(patience)
    } catch (error) {
      this.#state = 'closed'
      this.#endLife(error instanceof ClusterError ? error : new ClusterError('Closed', 'the node could not start'))
      throw error
    }
  }

  setVisible(visible: boolean): void {
    if (visible === this.#visible) return
    this.#visible = visible
    this.#life?.members.tellMerit()
  }

  watch(listener: (event: TraceEvent) => void): () => void {
    const stop = this.#watchers.add(listener, this.#standing())
    this.#life?.setTracing(true)
    return () => {
      stop()
      this.#life?.setTracing(this.#watchers.areThere)
    }
  }

  crash(): void {
    if (this.#state !== 'running') return
    this.#state = 'crashed'
    this.#endLife(new ClusterError('Crashed', 'the node crashed'))
    this.#trace({ type: 'crashed', reason: 'on purpose' })
    this.#changed()
  }

  restart(): Promise<void> {
    if (this.#state === 'closed') return Promise.reject(new ClusterError('Closed', 'the node is closed'))
    if (this.#state === 'running') return Promise.resolve()
    this.#restarting ??= this.#reopen().finally(() => {
      this.#restarting = undefined
    })
    return this.#restarting
  }

  /** @throws ClusterError */
  async forceNewCluster(abandon: unknown): Promise<void> {
    const { clock, isGuest, randomBytes = systemRandomBytes } = this.#options
    checkRefounding(this.condition(), abandon, clock.now(), isGuest === true)
    this.#state = 'crashed'
    this.#endLife(new ClusterError('Timeout', 'this node founds another cluster; the command may still commit'))
    this.#trace({ type: 'crashed', reason: 'on purpose' })
    const clusterId = newClusterId(randomBytes)
    const founding = this.#reopen(storage => refound(storage, clusterId)).finally(() => {
      this.#restarting = undefined
    })
    this.#restarting = founding
    this.#changed()
    return founding
  }

  resume(): void {
    this.#life?.resume()
  }

  goodbye(): void {
    this.#life?.goodbye()
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown()
    return this.#closing
  }

  // ---- Lives --------------------------------------------------------------------------------------------------------

  #begin(): NodeLife<Command, Result> {
    const options = this.#options
    return new NodeLife({
      id: this.id,
      storage: this.#storage,
      links: this.#connection.links,
      clock: options.clock,
      random: options.random ?? Math.random,
      machine: this.#machine,
      raft: { ...this.#raft, trace: this.#watchers.areThere },
      autopilot: checkAutopilot(options.autopilot),
      describe: options.describe,
      persistDelayMs: () => options.faults?.persistDelayMs() ?? 0,
      isGuest: options.isGuest === true,
      isLasting: options.isLasting === true,
      digestEveryEntries: options.digestEveryEntries ?? DEFAULT_DIGEST_EVERY_ENTRIES,
      maxSessions: options.maxSessions,
      keyed: () => this.#connection.keyed,
      merit: () => ({ priority: options.priority ?? 0, visible: this.#visible }),
      effects: {
        leaderChanged: (leader, term) => {
          if (leader !== undefined) this.#connection.leaderKnown()
          this.#events.emit('leader', { leader, term })
        },
        changed: () => this.#changed(),
        applied: index => this.#events.emit('applied', { index }),
        saidGoodbye: peer => this.#events.emit('goodbye', { peer }),
        trace: event => this.#watchers.tell(event),
        failed: cause => this.#fail(cause),
      },
    })
  }

  /** The database is opened anew, because only what is durable may be remembered; nobody may slip in between. */
  async #reopen(change?: (storage: Storage) => Promise<void>): Promise<void> {
    const { clock, openTimeoutMs = DEFAULT_OPEN_TIMEOUT_MS } = this.#options
    const patience = new Patience(clock, openTimeoutMs, undefined)
    const late = (storage: Storage | undefined): void => void storage?.close().catch(() => undefined)
    const claim = async (): Promise<Storage | undefined> => {
      patience.check('lock')
      await this.#storage.close().catch(() => undefined)
      const claimed = await this.#shelf.claim(this.id)
      if (claimed === undefined || change === undefined) return claimed
      await change(claimed).finally(() => claimed.close())
      return this.#shelf.claim(this.id)
    }
    let step: OpeningStep = 'lock'
    const turn = (): Promise<Storage | undefined> => {
      step = 'disk'
      return patience.wait(claim(), () => step, late)
    }
    const storage = await patience
      .wait(this.#shelf.exclusively(turn), () => step, late)
      .catch((cause: unknown) => {
        if (cause instanceof ClusterError) throw cause
        this.#failedAgain(cause)
        throw new ClusterError('StorageFailed', 'the database cannot be opened', { cause })
      })
      .finally(() => patience.stop())
    if (storage === undefined) throw new ClusterError('StorageFailed', 'the database is gone, or another tab drives it')
    if (this.#closing !== undefined) {
      await storage.close()
      throw new ClusterError('Closed', 'the node is closed')
    }
    this.#startOver(storage)
    if (this.#failure !== undefined) throw failureError(this.#failure, this.#failureCause)
    this.#changed()
  }

  /** What keeps it from starting again may be another reason than what stopped it. */
  #failedAgain(cause: unknown): void {
    if (this.#state !== 'failed') return
    this.#failure = asStorageError(cause).kind
    this.#changed()
  }

  /** From what is durable in it, and from nothing else. */
  #startOver(storage: Storage): void {
    this.#storage = storage
    this.#belonging = this.#belongingOf(storage)
    try {
      restoreMachine(this.#machine, this.#blank)
    } catch (cause) {
      return this.#fail(cause)
    }
    this.#failure = undefined
    this.#state = 'running'
    this.#life = this.#begin()
    for (const peer of this.#connection.links.up) this.#life.linkUp(peer)
  }

  #endLife(error: ClusterError): void {
    const life = this.#life
    if (life === undefined) return
    this.#lastStatus = lastWords(life)
    this.#life = undefined
    life.stop(error)
  }

  #fail(cause: unknown): void {
    this.#state = 'failed'
    this.#failure = failureOf(cause)
    this.#failureCause = cause
    this.#endLife(failureError(this.#failure, cause))
    this.#trace({ type: 'crashed', reason: reasonOf(cause) })
    this.#changed()
    if (!(cause instanceof StorageError)) report(cause)
  }

  async #shutDown(): Promise<void> {
    this.goodbye()
    const wasClosed = this.#state === 'closed'
    this.#state = 'closed'
    this.#endLife(new ClusterError('Closed', 'the node is closed'))
    if (!wasClosed) this.#trace({ type: 'stopped' })
    this.#changed()
    this.#standIn?.end()
    const connected = this.#connection.close()
    await this.#restarting?.catch(() => undefined)
    await Promise.all([this.#storage.close(), connected])
  }

  #changed(): void {
    const life = this.#life
    const standIn = this.#standIn
    this.#tellMembership()
    this.#tellKeys()
    if (life !== undefined) standIn?.update(life.status)
    // Whom somebody expelled shall not come back as somebody else.
    const isLost = life !== undefined && life.status.leader === undefined && life.members.refusal !== 'Removed'
    this.#secondLook.update(isLost)
    this.#events.emit('status', undefined)
  }

  // ---- Being another node -------------------------------------------------------------------------------------------

  async #lookForAnother(): Promise<void> {
    const hasLeft = (id: NodeId): boolean => this.#formerly.has(id) || this.#life?.members.hasLeft(id) === true
    const needed = await this.#shelf
      .exclusively(() => claimNeeded(this.#shelf, this.id, hasLeft))
      .catch(() => undefined)
    if (needed === undefined) return
    const { storage, as } = needed
    const isLost = this.#life !== undefined && this.#life.status.leader === undefined && this.#closing === undefined
    if (!isLost || this.#standIn !== undefined) return storage.close()
    if (as === 'oneself') return this.#becomeAnother(storage)
    this.#standIn = new StandIn({ ...this.#options, storage }, () => {
      this.#standIn = undefined
    })
  }

  /** Whoever this was goes as by closing its tab, and what it had not yet sent, the other one sends. */
  #becomeAnother(storage: Storage): void {
    const { id } = this
    const connection = this.#connection
    const life = this.#life
    const former = this.#storage
    if (life === undefined) return
    this.#formerly.add(id)
    life.goodbye()
    const unsent = life.giveUpUnsent()
    this.#endLife(new ClusterError('Timeout', 'this tab became another node; the command may still commit'))
    this.#trace({ type: 'stopped' })
    // Nobody has ever counted on a node that has not even heard of a term.
    const wasNobody = this.#lastStatus.status.currentTerm === 0 && this.#lastStatus.status.lastIndex === 0
    const over = connection.close().catch(() => undefined)
    void former
      .close()
      .then(() => (wasNobody ? this.#shelf.remove(id) : false))
      .catch(() => false)

    this.#storage = storage
    this.#connection = this.#connect()
    this.#configurationTold = undefined
    this.#keysTold = undefined
    this.#startOver(storage)
    if (this.#life !== undefined) this.#life.take(unsent)
    else refuse(unsent, failureError('MachineFailed'))
    this.#events.emit('identity', { id: this.id, before: id })
    this.#events.emit('leader', { leader: undefined, term: storage.recovered.state.currentTerm })
    this.#changed()
    void over.then(() => this.#connection.keepOpening())
  }

  // ---- Links --------------------------------------------------------------------------------------------------------

  #connect(): Connection {
    const options = this.#options
    return new Connection({
      self: this.id,
      keys: this.#storage.recovered.keys,
      clients: this.clientWays,
      newTransport: () => options.transport(options.room),
      clock: options.clock,
      faults: options.faults,
      tracing: () => this.#watchers.areThere,
      clusterId: () => this.#belonging.clusterId,
      onPeer: (peer, up) => this.#onPeer(peer, up),
      onMoved: peer => {
        this.#traceLink(peer, true)
        this.#events.emit('status', undefined)
      },
      onBye: peer => this.#life?.members.saidGoodbye(peer),
      hasLeader: () => this.#life?.status.leader !== undefined,
      changed: () => this.#events.emit('status', undefined),
      effects: {
        isAlive: () => this.#life !== undefined,
        hears: from => this.#life?.members.hears(from) ?? true,
        tells: peer => this.#life?.members.tells(peer) ?? true,
        believes: message => this.#life?.believes(message) ?? 'taken',
        onMessage: message => this.#life?.onMessage(message),
        onClientFrame: (from, frame) => this.#life?.onClientFrame(from, frame),
        wasOurs: clusterId => this.#life?.rules.formerly.includes(clusterId) ?? false,
        onLeftBehind: from => this.#life?.onLeftBehind(from),
        onObserve: (from, payload) => this.#events.emit('observe', { from, payload }),
        onAdopted: clusterId => this.#adopt(clusterId),
        onStrangers: () => this.#events.emit('status', undefined),
        onIgnored: () => this.#events.emit('status', undefined),
        trace: body => this.#trace(body),
      },
    })
  }

  #tellMembership(): void {
    const configuration = this.#life?.status.configuration
    if (configuration === undefined || configuration === this.#configurationTold) return
    this.#configurationTold = configuration
    const { members, voters, oldVoters } = configuration
    this.#connection.knowMembers({
      members: members.map(({ id }) => id),
      voters: [...new Set([...voters, ...oldVoters])],
    })
  }

  #tellKeys(): void {
    const keys = this.#life?.rules.keys
    if (keys === undefined || keys.length === 0 || keys === this.#keysTold) return
    this.#keysTold = keys
    this.#connection.rekey(keys)
  }

  #onPeer(peer: NodeId, up: boolean): void {
    this.#traceLink(peer, up)
    if (up) this.#life?.linkUp(peer)
    else this.#life?.linkDown(peer)
    this.#events.emit('peer', { peer, up })
    this.#events.emit('status', undefined)
  }

  #traceLink(peer: NodeId, up: boolean): void {
    this.#trace(linkEvent(this.#connection.links, peer, up))
  }

  #adopt(clusterId: string): void {
    if (this.#life !== undefined) this.#belonging.adopt(clusterId)
  }

  #belongingOf(storage: Storage): Belonging {
    return new Belonging(storage, {
      changed: () => this.#events.emit('status', undefined),
      failed: error => {
        if (this.#life !== undefined && storage === this.#storage) this.#fail(error)
      },
    })
  }

  #trace(body: TraceBody): void {
    if (this.#watchers.areThere) this.#watchers.tell({ node: this.id, at: this.#options.clock.now(), ...body })
  }

  #standing(): readonly TraceEvent[] {
    const { links } = this.#connection
    const bodies: TraceBody[] = [...links.up].map(peer => linkEvent(links, peer, true))
    bodies.push({ type: 'cut', peers: links.cut })
    if (this.#state === 'closed') bodies.push({ type: 'stopped' })
    else if (this.#state !== 'running') bodies.push({ type: 'crashed', reason: 'told to a late watcher' })
    const at = this.#options.clock.now()
    return [...(this.#life?.standing() ?? []), ...bodies.map(body => ({ node: this.id, at, ...body }))]
  }
}

const linkEvent = ({ relayed }: Links, peer: NodeId, up: boolean): TraceBody => ({
  type: 'link',
  peer,
  up,
  ...(relayed.has(peer) && { relayed: true }),
})

function lastWords({ status, lastApplied, rules, leaderlessSince, members }: LastWords): LastWords {
  const { hasHeardLeader, refusal } = members
  return { status, lastApplied, rules, leaderlessSince, silent: [], members: { hasHeardLeader, refusal, waiting: [] } }
}
