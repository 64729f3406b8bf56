/**
 * Everything of a node that a crash takes with it: the running core, and around it the parts that apply, propose, read,
 * join and keep house. `cluster.ts` outlives it, and begins another one on restart.
 */
import {
  type Entry,
  isMember,
  isVoter,
  type Message,
  type NodeId,
  type RaftOptions,
  type RaftStatus,
  type TraceBody,
  type TraceEvent,
} from '@flotilla/core'
import { ClusterError, type ProposalFate } from '../api.ts'
import { Clients, type Unfinished } from '../clients/clients.ts'
import type { RememberedAnswer } from '../clients/sessions.ts'
import { describeEnvelope } from '../links/describe-envelope.ts'
import type { ClientFrame, Links } from '../links/links.ts'
import { TermAllowance, type Verdict } from '../links/term-allowance.ts'
import { firstSequence } from '../links/trace.ts'
import type { StateMachine } from '../machine.ts'
import type { AutopilotOptions } from '../members/autopilot-options.ts'
import { Members } from '../members/members.ts'
import type { Merit } from '../members/merits.ts'
import type { Storage } from '../storage.ts'
import { report } from '../tell.ts'
import type { Clock } from '../time/clock.ts'
import type { Keyed } from '../transport.ts'
import type { ProposeAnswer } from '../wire/frame.ts'
import type { HouseRules } from '../wire/house-rules.ts'
import { Applier } from './applier.ts'
import { CommitNote } from './commit-note.ts'
import { DivergenceWatch } from './divergence.ts'
import { Leaderless } from './leaderless.ts'
import { LeftBehindWatch } from './left-behind.ts'
import { Runtime } from './runtime.ts'

export interface LifeConfig<Command, Result> {
  readonly id: NodeId
  readonly storage: Storage
  readonly links: Links
  readonly clock: Clock
  readonly random: () => number
  readonly machine: StateMachine<Command, Result>
  readonly raft: RaftOptions
  readonly autopilot: AutopilotOptions
  readonly describe: ((command: Command) => string) | undefined
  readonly persistDelayMs: () => number
  readonly isGuest: boolean
  readonly isLasting: boolean
  readonly digestEveryEntries: number
  readonly maxSessions: number | undefined
  readonly keyed: () => Keyed | undefined
  /** How well this tab would lead, now. */
  readonly merit: () => Merit
  readonly effects: LifeEffects
}

export interface LifeEffects {
  leaderChanged(leader: NodeId | undefined, term: number): void
  changed(): void
  applied(index: number): void
  /** The tab of another node closes. */
  saidGoodbye(peer: NodeId): void
  trace(event: TraceEvent): void
  /** It has stopped by itself (`failure.ts`). */
  failed(cause: unknown): void
}

export class NodeLife<Command, Result> {
  readonly #config: LifeConfig<Command, Result>
  readonly #runtime: Runtime
  readonly members: Members
  readonly #applier: Applier<Command, Result>
  readonly #clients: Clients
  readonly #commitNote: CommitNote
  #raftStatus: RaftStatus
  readonly #leaderless: Leaderless
  readonly #divergence: DivergenceWatch
  readonly #leftBehind: LeftBehindWatch
  readonly #terms: TermAllowance

  constructor(config: LifeConfig<Command, Result>) {
    this.#config = config
    const { id, storage, links, clock, random, machine, raft, autopilot, persistDelayMs, effects } = config
    const firstId = firstSequence(storage.recovered.ownerEpoch)
    links.startFrom(firstId)
    this.#commitNote = new CommitNote(storage, clock)
    this.#applier = new Applier(machine, config.maxSessions)
    this.#leftBehind = new LeftBehindWatch(clock, raft.electionTimeoutMs, cause => this.#runtime.halt(cause))
    this.#runtime = new Runtime({
      id,
      storage,
      clock,
      random,
      raft,
      describe: data => describeEnvelope(data, machine, config.describe),
      persistDelayMs,
      effects: {
        send: message => {
          if (!this.#leftBehind.withholds(message)) links.sendMessage(message)
        },
        restore: snapshot => {
          this.#applier.restore(snapshot)
          this.#clients.restored(snapshot.index)
          effects.applied(snapshot.index)
        },
        appending: (entries, replacedFrom) => this.#clients.appending(entries, replacedFrom),
        apply: entries => this.#apply(entries),
        answerRead: outcome => this.#clients.answerRead(outcome),
        snapshot: () => this.#takeSnapshot(),
        trace: effects.trace,
        resumed: () => {
          this.members.resumed()
          this.#leaderless.beginAnew(clock.now())
        },
        drained: status => this.#drained(status),
        failed: effects.failed,
      },
    })
    this.#raftStatus = this.#runtime.status()
    this.#leaderless = new Leaderless(clock.now())
    this.#terms = new TermAllowance()
    this.#clients = new Clients({
      clock,
      firstId,
      electionTimeoutMs: raft.electionTimeoutMs,
      heartbeatIntervalMs: raft.heartbeatIntervalMs,
      propose: data => this.#runtime.propose(data),
      proposeAll: data => this.#runtime.proposeAll(data),
      askToRead: readId => void this.#runtime.step({ type: 'read', id: readId }),
      send: (to, frame) => {
        // Whoever hears that its command is applied has it applied itself.
        if (frame.kind === 'proposeAnswer') this.#runtime.tellCommits(to)
        links.sendFrame(to, frame)
      },
      peers: () => links.up,
      isMember: () => this.#isMember(),
      lastApplied: () => this.#applier.lastApplied,
      sessions: () => this.#applier.sessions,
    })
    this.#divergence = new DivergenceWatch({
      id,
      clock,
      everyEntries: config.digestEveryEntries,
      electionTimeoutMs: raft.electionTimeoutMs,
      status: () => this.#raftStatus,
      isLinked: peer => links.up.has(peer),
      send: (to, frame) => links.sendFrame(to, frame),
      digest: () => this.#applier.digest(),
      diverged: cause => this.#runtime.halt(cause),
    })
    this.members = new Members({
      clock,
      links,
      runtime: this.#runtime,
      autopilot,
      random,
      electionTimeoutMs: raft.electionTimeoutMs,
      heartbeatIntervalMs: raft.heartbeatIntervalMs,
      firstId,
      keyed: config.keyed,
      isGuest: config.isGuest,
      isLasting: config.isLasting,
      merit: config.merit,
      rules: () => this.#applier.rules,
      lastApplied: () => this.#applier.lastApplied,
      follow: (index, term, answer) => this.#clients.underWay.follow(index, term, answer),
      saidGoodbye: effects.saidGoodbye,
      changed: () => this.#lookAround(),
      expireSessions: () => this.#clients.expireSessions(),
    })
  }

  get status(): RaftStatus {
    return this.#raftStatus
  }

  get rules(): HouseRules {
    return this.#applier.rules
  }

  get leaderlessSince(): number {
    return this.#leaderless.since
  }

  /** It has been told so, and knows of no leader who would know better. */
  get isLeftBehind(): boolean {
    return this.#leftBehind.isTold
  }

  /** Voters that are not heard of while there is no leader. Only who votes would hear of them. */
  get silent(): readonly NodeId[] {
    const { configuration, leader, electionTimeoutMs } = this.#raftStatus
    if (leader !== undefined || !isVoter(configuration, this.#config.id)) return []
    const { voters, oldVoters } = configuration
    return this.#leaderless.silent([...voters, ...oldVoters], this.#config.clock.now(), electionTimeoutMs)
  }

  get lastApplied(): number {
    return this.#applier.lastApplied
  }

  /** Whether it tells what happens. */
  setTracing(on: boolean): void {
    this.#runtime.setTracing(on)
  }

  /** Where it stands, for whoever begins to watch. */
  standing(): readonly TraceEvent[] {
    const { id, clock } = this.#config
    return [
      ...this.#runtime.standing(),
      { type: 'applied', index: this.#applier.lastApplied, node: id, at: clock.now() },
    ]
  }

  // ---- What comes in over the links ---------------------------------------------------------------------------------

  believes({ from, term }: Message): Verdict {
    const by = term - this.#raftStatus.currentTerm
    return by <= 0 ? 'taken' : this.#terms.take(from, by, this.#config.clock.now())
  }

  onMessage(message: Message): void {
    if (this.#raftStatus.leader === undefined) this.#leaderless.heard(message.from, this.#config.clock.now())
    this.members.onMessage(message)
    this.#runtime.receive(message)
  }

  onClientFrame(from: NodeId, frame: ClientFrame): void {
    switch (frame.kind) {
      case 'propose':
        this.members.heard(from)
        return this.#clients.onPropose(from, [frame])
      case 'proposeAll':
        this.members.heard(from)
        return this.#clients.onPropose(from, frame.proposals)
      case 'proposeAnswer':
        return this.#clients.onAnswer(from, frame)
      case 'leftBehind':
        return
      case 'digest':
        return this.#divergence.onDigest(from, frame)
      default:
        return this.members.onFrame(from, frame)
    }
  }

  /** Somebody says that the room went on without this node. Who leads it, or follows its leader, knows better. */
  onLeftBehind(from: NodeId): void {
    const { leader, configuration } = this.#raftStatus
    if (leader !== undefined || !isMember(configuration, from) || this.isLeftBehind) return
    this.#leftBehind.told(from)
    this.#config.effects.changed()
  }

  linkUp(peer: NodeId): void {
    this.members.linkUp(peer)
    this.#clients.linkUp()
    this.#divergence.linkUp(peer)
  }

  linkDown(peer: NodeId): void {
    this.members.linkDown(peer)
  }

  // ---- What the application asks for --------------------------------------------------------------------------------

  propose(
    command: Uint8Array,
    timeoutMs: number,
    onFate: ((fate: ProposalFate) => void) | undefined,
  ): Promise<RememberedAnswer> {
    return this.#clients.propose(command, timeoutMs, onFate)
  }

  proposeAll(
    commands: readonly Uint8Array[],
    timeoutMs: number,
    onFate: ((fate: ProposalFate, place: number) => void) | undefined,
  ): readonly Promise<RememberedAnswer>[] {
    return this.#clients.proposeAll(commands, timeoutMs, onFate)
  }

  read<T>(query: () => T, timeoutMs: number): Promise<T> {
    return this.#clients.read(query, timeoutMs)
  }

  forward(
    data: Uint8Array,
    answer: (answer: ProposeAnswer) => void,
    onReach: ((isElsewhere: boolean) => void) | undefined,
  ): () => void {
    return this.#clients.forward(data, answer, onReach)
  }

  /** @throws ClusterError */
  compact(): number {
    const taken = this.#runtime.compactNow()
    if (taken !== undefined) return taken
    const why = this.#applier.isCarrier ? 'this node carries the room without its machine' : 'the machine gave none'
    throw new ClusterError('MachineFailed', `no snapshot can be taken: ${why}`)
  }

  /** Frozen until now: trust nothing from before. */
  resume(): void {
    this.#runtime.step({ type: 'resume' })
  }

  goodbye(): void {
    this.members.goodbye()
    this.#commitNote.write()
  }

  /** What the application waits for and another node of its can do instead. The rest is `stop`'s to end. */
  giveUpUnsent(): Unfinished {
    return this.#clients.giveUpUnsent()
  }

  take(waiting: Unfinished): void {
    this.#clients.take(waiting)
  }

  /** All that waits is told `error`; nothing more happens. */
  stop(error: ClusterError): void {
    this.#runtime.stop()
    this.#commitNote.stop()
    this.#divergence.stop()
    this.#leftBehind.stop()
    this.members.stop(error)
    this.#clients.stop(error)
  }

  // ---- What the runtime has for us ----------------------------------------------------------------------------------

  #apply(entries: readonly Entry[]): void {
    let commands = false
    const now = this.#config.clock.now()
    for (const entry of entries) {
      const command = this.#applier.apply(entry)
      if (command !== undefined) commands = true
      this.#clients.applied(entry, command, now)
      this.#divergence.applied(entry.index)
      if (this.#runtime.isStopped) return
    }
    this.#trace({ type: 'applied', index: this.#applier.lastApplied })
    this.#commitNote.applied(this.#applier.lastApplied)
    this.#clients.appliedAll()
    if (commands) this.#config.effects.applied(this.#applier.lastApplied)
  }

  /** Housekeeping, which may fail without harm: the log is kept, and it is tried again later. */
  #takeSnapshot(): { readonly index: number; readonly data: Uint8Array } | undefined {
    if (this.#applier.isCarrier) return undefined
    try {
      return { index: this.#applier.lastApplied, data: this.#applier.snapshot() }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#trace({ type: 'refused', what: 'snapshot', from: undefined, reason })
      report(error)
      return undefined
    }
  }

  /** Something other than the core may have changed what we think of the leader. */
  #lookAround(): void {
    if (!this.#runtime.isStopped) this.#drained(this.#runtime.status())
  }

  #drained(said: RaftStatus): void {
    const before = this.#raftStatus
    const leader = this.members.leaderOf(said)
    const status = leader === said.leader ? said : { ...said, leader }
    this.#raftStatus = status
    if (status.leader === undefined && before.leader !== undefined) this.#leaderless.began(this.#config.clock.now())
    if (status.leader !== undefined) this.#leftBehind.leaderKnown()
    this.#clients.update(before, status)
    this.members.update(status)
    if (status.leader !== before.leader || status.currentTerm !== before.currentTerm) {
      this.#config.effects.leaderChanged(status.leader, status.currentTerm)
      if (status.leader !== undefined && !this.#runtime.isStopped) {
        this.members.leaderChanged(status.leader)
        this.#clients.leaderChanged()
      }
    }
    this.#config.effects.changed()
  }

  // ---- Small things -------------------------------------------------------------------------------------------------

  #isMember(): boolean {
    return isMember(this.#raftStatus.configuration, this.#config.id)
  }

  #trace(body: TraceBody): void {
    const { effects, id, clock } = this.#config
    if (this.#runtime.isTracing) effects.trace({ node: id, at: clock.now(), ...body })
  }
}
