/**
 * One node's state (figure 2, and what it has beside it), and the two things that every rule does with it: send, and tell.
 * The rules import this file; it imports none of them.
 */
import { ConfigurationHistory } from './configuration-history.ts'
import type { Snapshot } from './entry.ts'
import type { IncomingSnapshot } from './incoming-snapshot.ts'
import { invariant } from './invariant.ts'
import type { RecoveredState } from './io.ts'
import type { Leadership } from './leadership.ts'
import { Log } from './log.ts'
import { type Configuration, emptyConfiguration, type NodeId } from './membership.ts'
import type { Message } from './messages.ts'
import { checkOptions, type RaftOptions } from './options.ts'
import { Outbox } from './outbox.ts'
import { Patience } from './patience.ts'
import { Persistence } from './persistence.ts'
import type { Role, TraceBody } from './trace.ts'

export interface RaftConfig {
  readonly id: NodeId
  /** Milliseconds on the host's monotone clock; the origin does not matter. */
  readonly now: number
  /** Uniform in [0, 1): spreads the election timeouts (§5.2). */
  readonly random: () => number
  /** What the disk holds. */
  readonly recovered: RecoveredState
  readonly options?: Partial<RaftOptions>
  /** What a command says, in few words, for traces. */
  readonly describe?: (data: Uint8Array) => string
}

/** A read of this node's host that waits for another node, the leader, to answer. */
export interface PendingRead {
  readonly id: number
  readonly deadline: number
}

export class RaftState {
  readonly id: NodeId
  readonly options: RaftOptions
  readonly random: () => number
  readonly describe: (data: Uint8Array) => string
  /** Whether it tells what it decides: while somebody watches. */
  tracing: boolean

  // Persistent state (figure 2).
  currentTerm: number
  votedFor: NodeId | undefined
  readonly log: Log
  /** What the log's compacted prefix amounts to; the latest of ours or of a leader's. */
  snapshot: Snapshot | undefined

  // Volatile state (figure 2).
  commitIndex: number
  /** Handed out to be applied, up to here. */
  lastApplied: number
  role: Role = 'follower'
  /** Who leads the current term, as far as known. */
  leader: NodeId | undefined = undefined
  now: number
  electionDeadline = Number.POSITIVE_INFINITY
  /** When a leader of the current term was last heard (§4.2.3 of the dissertation). */
  leaderHeardAt = Number.NEGATIVE_INFINITY
  /** Of which term that leader was; 0 for none that is known. */
  leaderHeardTerm = 0
  /** Its own timer was late, and it has put its campaign off once to hear what was said meanwhile. */
  listensOnceMore = false
  /** When this node last asked for votes, or whether it would get them. */
  askedForVotesAt = Number.NEGATIVE_INFINITY
  /** A candidate's ballot, pre-votes and votes alike; its own vote counts once it is durable. */
  readonly votes = new Map<NodeId, boolean>()
  /** What only a leader has; defined exactly while `role` is leader. */
  leadership: Leadership | undefined = undefined

  configuration: Configuration
  readonly configurations: ConfigurationHistory
  /** Whether it campaigns when it hears from no leader: see configuration.ts. */
  mayCampaign = false
  /** It may not, and a candidate that counts on its vote has too short a log: it campaigns once, see election.ts. */
  isNeeded = false
  readonly pendingReads: PendingRead[] = []
  incoming: IncomingSnapshot | undefined = undefined

  readonly patience: Patience
  readonly persistence = new Persistence()
  readonly outbox = new Outbox()
  restore: Snapshot | undefined
  /** The snapshot after which a newer one has been asked for; -1 for none. */
  compactionAskedAfter = -1

  /** @throws RangeError if an option is out of its bounds. InvariantError if `recovered` contradicts itself. */
  constructor(config: RaftConfig) {
    this.id = config.id
    this.options = checkOptions(config.options)
    this.tracing = this.options.trace
    this.patience = new Patience(this.options)
    this.random = config.random
    this.describe = config.describe ?? (data => `${data.byteLength} bytes`)
    this.now = config.now
    const { recovered } = config
    this.currentTerm = recovered.currentTerm
    this.votedFor = recovered.votedFor
    this.log = new Log(recovered)
    invariant(this.log.lastTerm <= this.currentTerm, 'no entry is of a later term than ours', this.log.lastTerm)
    this.snapshot = recovered.snapshot
    this.restore = recovered.snapshot
    this.commitIndex = Math.max(this.log.snapshotIndex, Math.min(recovered.commitIndex ?? 0, this.log.lastIndex))
    this.lastApplied = this.log.snapshotIndex
    this.configurations = new ConfigurationHistory(recovered.snapshot?.configuration ?? emptyConfiguration)
    for (const entry of recovered.entries) this.configurations.onAppend(entry)
    this.configuration = this.configurations.current
  }

  emit(body: TraceBody): void {
    this.outbox.emit({ node: this.id, at: this.now, ...body })
  }

  /** Turns a message down, and says by which rule. */
  refuse(message: Message, reason: string): void {
    if (this.tracing) this.emit({ type: 'refused', what: message.type, from: message.from, reason })
  }

  /** No message may say a term that the disk could forget: it waits for the disk if it has to. */
  send(message: Message): void {
    if (this.persistence.isHardStateDurable) this.outbox.sendNow(message)
    else this.outbox.sendWhenDurable(message)
  }

  /** For what waits for no disk. A leader's term is durable: its own vote was counted. */
  sendNow(message: Message): void {
    invariant(this.persistence.isHardStateDurable, 'no message says a term that is not durable', this.currentTerm)
    this.outbox.sendNow(message)
  }

  /** The snapshot takes the place of any older one, here and with the next unit on disk. */
  replaceSnapshot(snapshot: Snapshot): void {
    this.snapshot = snapshot
    this.persistence.snapshot = snapshot
  }
}
