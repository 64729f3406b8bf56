/**
 * Everything of a node that a crash takes with it: the running core, and around it the parts that apply, propose, read,
 * join and keep house. `cluster.ts` outlives it, and begins another one on restart.
 */
import {
  type Entry,
  isMember,
  type MembershipChange,
  type Message,
  type NodeId,
  type RaftOptions,
  type RaftStatus,
  type TraceBody,
  type TraceEvent,
} from '@flotilla/core'
import { ClusterError, type JoinRefusal, type ProposalFate } from '../api.ts'
import { Clients, type Unfinished } from '../clients/clients.ts'
import type { RememberedAnswer } from '../clients/sessions.ts'
import { describeEnvelope } from '../links/describe-envelope.ts'
import type { ClientFrame, Links } from '../links/links.ts'
import { firstSequence } from '../links/trace.ts'
import type { StateMachine } from '../machine.ts'
import type { AutopilotOptions } from '../members/autopilot.ts'
import { Goodbyes } from '../members/goodbyes.ts'
import { Joining } from '../members/joining.ts'
import { LeaderTrust } from '../members/leader-trust.ts'
import { LeadersChanges } from '../members/leaders-changes.ts'
import { type Standing, Standings } from '../members/standings.ts'
import { Steward } from '../members/steward.ts'
import { findSuccessor, handOverAtOnce, type Succession } from '../members/succession.ts'
import type { Storage } from '../storage.ts'
import { report } from '../tell.ts'
import type { Clock } from '../time/clock.ts'
import { Applier } from './applier.ts'
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
  /** How well this tab would lead, now. */
  readonly standing: () => Standing
  readonly effects: LifeEffects
}

export interface LifeEffects {
  leaderChanged(leader: NodeId | undefined, term: number): void
  changed(): void
  applied(index: number): void
  trace(event: TraceEvent): void
  /** It has stopped by itself (`failure.ts`). */
  failed(cause: unknown): void
}

/** A leader that was not heard for so many election timeouts is named no more. A voter campaigns after two at the latest. */
const SILENT_TIMEOUTS = 3

export class NodeLife<Command, Result> {
  private readonly config: LifeConfig<Command, Result>
  private readonly runtime: Runtime
  private readonly applier: Applier<Command, Result>
  private readonly clients: Clients
  private readonly joining: Joining
  private readonly steward: Steward
  private readonly goodbyes: Goodbyes
  private readonly trust: LeaderTrust
  private readonly standings = new Standings()
  private readonly changes: LeadersChanges
  private raftStatus: RaftStatus

  constructor(config: LifeConfig<Command, Result>) {
    this.config = config
    const { id, storage, links, clock, random, machine, raft, autopilot, persistDelayMs, effects } = config
    const firstId = firstSequence(storage.recovered.ownerEpoch)
    links.startFrom(firstId)
    this.applier = new Applier(machine)
    this.runtime = new Runtime({
      id,
      storage,
      clock,
      random,
      raft,
      describe: data => describeEnvelope(data, machine, config.describe),
      persistDelayMs,
      effects: {
        send: message => links.sendMessage(message),
        restore: snapshot => {
          this.applier.restore(snapshot)
          this.clients.restored(snapshot.index)
          effects.applied(snapshot.index)
        },
        appending: (entries, replacedFrom) => this.clients.appending(entries, replacedFrom),
        apply: entries => this.apply(entries),
        answerRead: outcome => this.clients.answerRead(outcome),
        snapshot: () => this.takeSnapshot(),
        trace: effects.trace,
        drained: status => this.drained(status),
        failed: effects.failed,
      },
    })
    this.raftStatus = this.runtime.status()
    this.clients = new Clients({
      clock,
      firstId,
      electionTimeoutMs: raft.electionTimeoutMs,
      heartbeatIntervalMs: raft.heartbeatIntervalMs,
      propose: data => this.runtime.propose(data),
      askToRead: readId => void this.runtime.step({ type: 'read', id: readId }),
      send: (to, frame) => links.sendFrame(to, frame),
      peers: () => links.up,
      isMember: () => this.isMember(),
      lastApplied: () => this.applier.lastApplied,
      sessions: () => this.applier.sessions,
    })
    this.changes = new LeadersChanges(this.runtime, this.clients.underWay)
    this.joining = new Joining({
      clock,
      isMember: () => this.isMember(),
      leads: () => this.raftStatus.role === 'leader',
      peers: () => links.up,
      askToJoin: peer => links.sendFrame(peer, { kind: 'join' }),
    })
    // An answer to a heartbeat is at most a heartbeat and a round trip old.
    const aliveWithinMs = 2 * raft.electionTimeoutMs
    this.goodbyes = new Goodbyes(raft.electionTimeoutMs)
    this.trust = new LeaderTrust(clock, this.goodbyes, SILENT_TIMEOUTS * raft.electionTimeoutMs, () =>
      this.lookAround(),
    )
    this.steward = new Steward(
      {
        clock,
        goodbyes: this.goodbyes,
        standings: this.standings,
        standing: config.standing,
        electionTimeoutMs: raft.electionTimeoutMs,
        aliveWithinMs,
        status: () => this.runtime.status(),
        change: changes => void this.runtime.step({ type: 'changeMembership', changes }),
        handOverTo: node => void this.runtime.step({ type: 'transferLeadership', to: node }),
        expireSessions: () => this.clients.expireSessions(),
      },
      autopilot,
    )
  }

  get status(): RaftStatus {
    return this.raftStatus
  }

  get lastApplied(): number {
    return this.applier.lastApplied
  }

  /** Since it started. */
  get hasHeardLeader(): boolean {
    return this.trust.hasHeardAny || this.raftStatus.role === 'leader'
  }

  get refusal(): JoinRefusal | undefined {
    return this.joining.refusal
  }

  // ---- What comes in over the links ---------------------------------------------------------------------------------

  onMessage(message: Message): void {
    const now = this.config.clock.now()
    this.goodbyes.heard(message.from, now)
    if (message.type === 'AppendEntries' || message.type === 'InstallSnapshot') {
      this.joining.heardLeader(now)
      this.trust.heard(now)
    }
    this.runtime.receive(message)
  }

  onClientFrame(from: NodeId, frame: ClientFrame): void {
    const now = this.config.clock.now()
    switch (frame.kind) {
      case 'join':
        this.goodbyes.heard(from, now)
        return this.steward.join(from)
      case 'propose':
        this.goodbyes.heard(from, now)
        return this.clients.onPropose(from, frame)
      case 'proposeAnswer':
        return this.clients.onAnswer(from, frame)
      case 'goodbye':
        this.goodbyes.said(from, now)
        this.steward.goodbye()
        return this.lookAround()
      case 'standing':
        return this.standings.said(from, frame)
      default:
        return frame satisfies never
    }
  }

  linkUp(peer: NodeId): void {
    this.goodbyes.returned(peer)
    this.joining.linkUp(peer)
    this.tellStanding(peer)
    this.clients.linkUp()
  }

  // ---- What the application asks for --------------------------------------------------------------------------------

  propose(
    command: Uint8Array,
    timeoutMs: number,
    onFate: ((fate: ProposalFate) => void) | undefined,
  ): Promise<RememberedAnswer> {
    return this.clients.propose(command, timeoutMs, onFate)
  }

  read<T>(query: () => T, timeoutMs: number): Promise<T> {
    return this.clients.read(query, timeoutMs)
  }

  /** Resolves when the change is committed. Only at the leader. */
  changeMembership(changes: readonly MembershipChange[]): Promise<void> {
    return this.changes.changeMembership(changes)
  }

  /** Resolves when this node has handed over. Only at the leader. Without `to`: to whoever is placed best. */
  transferLeadership(to: NodeId | undefined): Promise<void> {
    const successor = to ?? findSuccessor(this.succession())?.id
    if (successor === undefined && this.raftStatus.role === 'leader') {
      return Promise.reject(new ClusterError('TransferRefused', 'no other voter is in reach'))
    }
    return this.changes.transferLeadership(successor)
  }

  /** To `peer`, or to everyone. */
  tellStanding(peer?: NodeId): void {
    const { links, standing } = this.config
    const { priority, visible } = standing()
    for (const to of peer === undefined ? links.up : [peer]) {
      links.sendFrame(to, { kind: 'standing', priority, visible })
    }
  }

  /** Frozen until now: trust nothing from before. */
  resume(): void {
    this.runtime.step({ type: 'resume' })
  }

  /** Synchronous to the last byte: there may be no later. */
  goodbye(): void {
    const { links } = this.config
    handOverAtOnce(this.succession())
    for (const peer of links.up) links.sendFrame(peer, { kind: 'goodbye' })
    links.hurry()
  }

  /** What the application waits for and another node of its can do instead. The rest is `stop`'s to end. */
  giveUpUnsent(): Unfinished {
    return this.clients.giveUpUnsent()
  }

  take(waiting: Unfinished): void {
    this.clients.take(waiting)
  }

  /** All that waits is told `error`; nothing more happens. */
  stop(error: ClusterError): void {
    this.runtime.stop()
    this.joining.stop()
    this.steward.stop()
    this.trust.stop()
    this.clients.stop(error)
    this.changes.stop(error)
  }

  // ---- What the runtime has for us ----------------------------------------------------------------------------------

  private apply(entries: readonly Entry[]): void {
    let commands = false
    const now = this.config.clock.now()
    for (const entry of entries) {
      const command = this.applier.apply(entry)
      if (command !== undefined) commands = true
      this.clients.applied(entry, command, now)
    }
    this.trace({ type: 'applied', index: this.applier.lastApplied })
    this.clients.appliedAll()
    if (commands) this.config.effects.applied(this.applier.lastApplied)
  }

  /** Housekeeping, which may fail without harm: the log is kept, and it is tried again later. */
  private takeSnapshot(): { readonly index: number; readonly data: Uint8Array } | undefined {
    try {
      return { index: this.applier.lastApplied, data: this.applier.snapshot() }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.trace({ type: 'refused', what: 'snapshot', from: undefined, reason })
      report(error)
      return undefined
    }
  }

  /** Something other than the core may have changed what we think of the leader. */
  private lookAround(): void {
    if (!this.runtime.isStopped) this.drained(this.runtime.status())
  }

  private drained(said: RaftStatus): void {
    const before = this.raftStatus
    const status = { ...said, leader: this.trust.leaderOf(said) }
    this.raftStatus = status
    this.clients.update(before, status)
    this.changes.update(status)
    this.joining.update()
    this.steward.update(status)
    if (status.leader !== before.leader || status.currentTerm !== before.currentTerm) {
      this.config.effects.leaderChanged(status.leader, status.currentTerm)
      if (status.leader !== undefined && !this.runtime.isStopped) {
        if (status.role !== 'leader') this.tellStanding(status.leader)
        this.clients.leaderChanged()
      }
    }
    this.config.effects.changed()
  }

  // ---- Small things -------------------------------------------------------------------------------------------------

  private succession(): Succession {
    const { links, clock, raft } = this.config
    return {
      runtime: this.runtime,
      links,
      now: clock.now(),
      aliveWithinMs: raft.electionTimeoutMs,
      away: this.goodbyes.at,
      minVoters: this.config.autopilot.minVoters,
      standings: this.standings,
    }
  }

  private isMember(): boolean {
    return isMember(this.raftStatus.configuration, this.config.id)
  }

  private trace(body: TraceBody): void {
    const { raft, effects, id, clock } = this.config
    if (raft.trace) effects.trace({ node: id, at: clock.now(), ...body })
  }
}
