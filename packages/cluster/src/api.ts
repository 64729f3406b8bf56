/** What an application sees of its node: `openCluster`, `createCluster` and `joinCluster` give a `Cluster`. */
import type { FollowerStatus, NodeId, RaftOptions, Role, TraceEvent } from '@flotilla/core'
import type { ClientWay } from './client-way.ts'
import type { StateMachine } from './machine.ts'
import type { AutopilotOptions } from './members/autopilot-options.ts'
import type { DamagedNode, RoomStorage, StorageErrorKind } from './storage.ts'
import type { Clock } from './time/clock.ts'
import type { Obstacle, Transport, TransportErrorKind } from './transport.ts'
import type { JoinRefusal, ProposeAnswer } from './wire/frame.ts'
import type { Admission } from './wire/house-rules.ts'

export interface ClusterOptions<Command, Result> {
  /** Names the room: 1 to 64 of A–Z a–z 0–9 - _ (otherwise `InvalidRoom`). Tabs of the same room form one cluster. */
  readonly room: string
  readonly storage: (room: string) => RoomStorage
  readonly transport: (room: string) => Transport
  readonly machine: StateMachine<Command, Result>
  /** Prefer this identity if it is free (a reloaded tab remembers its own). */
  readonly preferredNode?: NodeId | undefined
  /** By default the system's; in a page one whose timers go on while it is hidden (`workerClock`). */
  readonly clock?: Clock
  /** Uniform in [0, 1). */
  readonly random?: () => number
  /**
   * What new nodes and clusters take their names from. By default the system's own, and only a simulation should bring
   * another: two nodes of one name would be one node with two votes.
   */
  readonly randomBytes?: (count: number) => Uint8Array
  /**
   * Who a new node is. By default it has a random id; a transport that wants proof of it needs one that is made of a key,
   * such as `newNodeIdentity` of the WebRTC transport gives.
   */
  readonly newIdentity?: () => Promise<NewIdentity>
  /**
   * For rooms that are shared between devices: whether `openCluster` creates the room or joins it, asked where this device
   * has nothing of it but nodes that nobody ever let in; `meet` of the WebRTC transport asks whoever else is there. Without
   * it the room is created. `hindered` is for what it waits for, in so many words, and `undefined` when that is over: an `OpenTimeout` says it.
   */
  readonly meet?: (signal: AbortSignal, hindered: (why: string | undefined) => void) => Promise<'create' | 'join'>
  readonly raft?: Partial<RaftOptions>
  readonly autopilot?: Partial<AutopilotOptions>
  /**
   * Who should lead: a whole number from 0 (the default) to 255, otherwise a RangeError. A leader hands over to a voter of
   * higher priority once that one has caught up.
   */
  readonly priority?: number
  /**
   * This node keeps nothing (its storage is memory, and gone with its page): it is a learner, which sees everything and never votes, and
   * no member any more half a minute after it has gone. Default: it is a node like any other.
   */
  readonly isGuest?: boolean
  /**
   * This node is there whether or not anybody has a page open, as an edge node is. Where such nodes vote, others do only where their votes raise no
   * majority (`members/lasting.ts`). Default: it comes and goes as tabs do.
   */
  readonly isLasting?: boolean
  /** Trace events of this node from its beginning. */
  readonly onTrace?: (event: TraceEvent) => void
  /** What a command says, in few words, for traces. */
  readonly describe?: (command: Command) => string
  readonly faults?: LinkFaults
  /**
   * How often the states of the nodes are compared: after every so many entries of the log; 0 for never, 1 for every entry while a
   * machine is being developed. Each time costs one snapshot of the machine. A whole number; default 4096, and the same at every node.
   */
  readonly digestEveryEntries?: number
  /**
   * How many clients' sessions the room remembers; one more, and the session that was not used for longest ends (`SessionExpired`). It decides what
   * every node's state is, so it must be the same at every node for as long as the room lives; a node with another one comes to another
   * state, and stops with `Diverged`. A whole number from 1 to 1024, the default.
   */
  readonly maxSessions?: number
  /** Opening rejects with `OpenTimeout` if it takes longer. Milliseconds on `clock`, > 0; default 20,000. */
  readonly openTimeoutMs?: number
  /** Opening rejects with `Aborted` when this fires first, and leaves nothing open. Once open, `close` is what ends a node. */
  readonly signal?: AbortSignal
  /**
   * What becomes of a node whose transport does not open: opening rejects with `TransportFailed` or `OpenTimeout` (`fail`, the
   * default); or the node runs all the same (`run`): what it holds can be read, it leads if it is the only voter, and the
   * transport is tried again every few seconds. `status().transportFailure` says so meanwhile.
   */
  readonly whenUnreachable?: 'fail' | 'run'
}

export interface NewIdentity {
  /** 1 to 64 of A–Z a–z 0–9 - _. */
  readonly nodeId: NodeId
  readonly keys?: CryptoKeyPair
}

/** Faults injected into this node's own links and disk, for teaching and tests. Asked at every frame; observation is exempt. */
export interface LinkFaults {
  isCut(peer: NodeId): boolean
  /** Added to the way of each frame from here to `peer`. Milliseconds on the node's clock. */
  delayMs(peer: NodeId): number
  /** Added to each write. Milliseconds on the node's clock. */
  persistDelayMs(): number
}

export interface MemberStatus {
  readonly id: NodeId
  readonly name: string
  readonly voter: boolean
  /** An up link to it, or oneself. Not proof of life. */
  readonly connected: boolean
  /**
   * How frames get there: `direct`ly (also to oneself), `relayed` by the signalling server or another member because the two
   * cannot meet, or not at all.
   */
  readonly link: 'direct' | 'relayed' | 'none'
}

/** What stopped a node that did not mean to stop. */
export type NodeFailure =
  | StorageErrorKind
  /** The state machine could not take a snapshot of the room up: its version may be older than the one that took it. */
  | 'MachineFailed'
  /**
   * The state machine here has come to another state than those of the others: it is not deterministic, or not the same version. What
   * this node is asked for rejects with the `cause`, a `Divergence`, which names the entries. Its log is right and its state is wrong:
   * to go on, delete its database (`removeStoredNode`) and open the room again.
   */
  | 'Diverged'
  /**
   * While this node was away its room gave its majority up, and went on as another cluster (`forceNewCluster`). What only this node has is
   * not in it. To go on, delete its database (`removeStoredNode`) and open the room again: it comes back as a new node.
   */
  | 'LeftBehind'
  /** One of Raft's own rules does not hold, and going on could lose what is committed. Please report it. */
  | 'InvariantBroken'

export interface ClusterStatus {
  readonly id: NodeId
  readonly name: string | undefined
  /** `undefined` until this node has been admitted. */
  readonly clusterId: string | undefined
  readonly state: 'joining' | 'running' | 'crashed' | 'failed' | 'closed'
  /** Why it `failed`. */
  readonly failure: NodeFailure | undefined
  readonly role: Role | 'learner'
  readonly term: number
  readonly votedFor: NodeId | undefined
  readonly leader: NodeId | undefined
  readonly lastIndex: number
  readonly commitIndex: number
  readonly lastApplied: number
  readonly snapshotIndex: number
  readonly members: readonly MemberStatus[]
  readonly followers: readonly FollowerStatus[]
  /** What it takes to have a leader again; `undefined` while there is one, and before any configuration is known. */
  readonly waitingFor: WaitingFor | undefined
  /** Whether somebody is asked before a newcomer is let in (`setAdmission`). */
  readonly admission: Admission
  /** What closes the room, once it is another than it was opened with: a new one is made whenever somebody is removed. */
  readonly key: string | undefined
  /** Newcomers in reach that wait for somebody to `admit` them, the longest waiting first; at most 16. Empty at who is no member. */
  readonly waiting: readonly NodeId[]
  /** Why the room's leader does not let this node in. */
  readonly refusal: JoinRefusal | undefined
  /** Nodes of this device that were passed over, because their databases cannot be read. `removeDamaged` deletes one. */
  readonly damaged: readonly DamagedNode[]
  /** No other tab can be reached, because the transport did not open; it is tried again. */
  readonly transportFailure: TransportErrorKind | undefined
  /**
   * Peers in reach that belong to another cluster of this room: it was made twice, and the two do not mix. One of them has
   * to be given up, by deleting its databases (`removeStoredNode`) and opening the room again.
   */
  readonly strangers: readonly NodeId[]
  /**
   * Linked peers that this node does not listen to until their link comes up anew, because they sent what no node sends: frame after
   * frame that is none, or a term that no room can have reached.
   */
  readonly ignored: readonly NodeId[]
  /** Why peers have no direct link, where that is known. One that is relayed may have such a reason, too. */
  readonly obstacles: readonly Obstacle[]
}

export interface WaitingFor {
  /**
   * The voters without a link to this node; and, if it votes itself, those that it has a link to and has not heard of for four election
   * timeouts: their tabs are frozen, or their nodes have stopped.
   */
  readonly missing: readonly NodeId[]
  /** How many of them a majority needs. 0: those in reach are a majority, and will elect. */
  readonly needed: number
  /** No leader was heard since this node started: others may have changed the members while it was away. */
  readonly mayBeOutdated: boolean
  /**
   * Since when this node has known of no leader, on its own clock: when it last lost one, or when it started, if it has heard of none
   * since. In browsers that clock counts from the epoch, so this is a date; it says nothing of when the others went.
   */
  readonly since: number
}

export interface Committed<Result> {
  readonly index: number
  readonly term: number
  readonly result: Result
}

/**
 * How far a command has come, as this node knows it. In this order; a stage may be skipped over in no time, but never left out,
 * and `appended` is told again when the command has to be appended anew. `applied` and `abandoned` are the last of it.
 */
export type ProposalFate =
  /** It waits here for a leader to take it. */
  | { readonly kind: 'queued' }
  /** It stands in this node's log (or in the leader's, if it is that which tells), and may still be lost. */
  | { readonly kind: 'appended'; readonly index: number; readonly term: number }
  /** It can no longer be lost. */
  | { readonly kind: 'committed'; readonly index: number; readonly term: number }
  /** The state machine had it, here or at the leader, also if it rejected it. */
  | { readonly kind: 'applied'; readonly index: number; readonly term: number }
  /** Nobody tries any longer; the promise is rejected. */
  | { readonly kind: 'abandoned'; readonly reason: AbandonReason }

export type AbandonReason =
  /** No leader took it: it has no effect. */
  | 'NotLeader'
  /** The leader, or this node, had no room for it: it has no effect. */
  | 'Overloaded'
  /** A leader took it, and other entries were committed in its place: it has no effect. */
  | 'Superseded'
  /** It may have been applied, or may still be. */
  | 'Unknown'

export interface ProposeOptions {
  /** Give up waiting after this long, finite: rejects with `Timeout`, and the command may still commit. Default 10,000 ms. */
  readonly timeoutMs?: number
  /** Told of every stage, `queued` before `propose` returns. Not told of a command that is refused outright (`TooLarge`, `Closed`, …). */
  readonly onFate?: (fate: ProposalFate) => void
}

export interface ProposeAllOptions extends Pick<ProposeOptions, 'timeoutMs'> {
  /** As that of `ProposeOptions`; `place` is the command's among those proposed, from 0. */
  readonly onFate?: (fate: ProposalFate, place: number) => void
}

export interface ReadOptions {
  /** `linearizable` (default) sees every write acknowledged before the call; `local` is whatever this node has applied. */
  readonly consistency?: 'linearizable' | 'local'
  readonly timeoutMs?: number
}

export interface ChangeOptions {
  /** Give up waiting after this long: rejects with `Timeout`. Milliseconds, > 0; default 10,000. */
  readonly timeoutMs?: number
}

export interface ClusterEvents {
  /** The leader as this node knows it, whenever that changes. */
  leader: { readonly leader: NodeId | undefined; readonly term: number }
  /** Anything in `status()` may have changed. At most once a task. */
  status: undefined
  /** A committed command was applied, or a snapshot restored: reads may answer differently. */
  applied: { readonly index: number }
  /** A watcher's message from another node (`observe`), or from this one's own tab. */
  observe: { readonly from: NodeId; readonly payload: Uint8Array }
  /** This tab has taken up another node of its device, because that one's vote is needed: `id` is another from here on. */
  identity: { readonly id: NodeId; readonly before: NodeId }
  /** A link came up or went down. */
  peer: { readonly peer: NodeId; readonly up: boolean }
  /** The tab of another node says that it closes. Its link may be up for a moment still, or down already. */
  goodbye: { readonly peer: NodeId }
}

export interface Cluster<Command, Result> {
  /** Which node this tab drives. Another one after an `identity` event. */
  readonly id: NodeId
  readonly room: string
  status(): ClusterStatus
  /**
   * Replicates a command and resolves when it is committed and applied, exactly once, however often it had to be sent: applied at
   * this node or at the leader that was asked, whichever is known here first. At a follower that is mostly the leader, so this
   * node's machine may not have it yet; a linearizable `read` waits until it has. Rejects with a ClusterError.
   */
  propose(command: Command, options?: ProposeOptions): Promise<Committed<Result>>
  /**
   * As `propose`, many commands in one call, in their order, which costs much less than as many calls: they are appended together,
   * and travel to the leader and to the disks together. Resolves when it is known of each what became of it, in the same places;
   * some may take effect and others not. Rejects, and proposes none, if one cannot be encoded (`InvalidCommand`, `TooLarge`).
   */
  proposeAll(
    commands: readonly Command[],
    options?: ProposeAllOptions,
  ): Promise<readonly PromiseSettledResult<Committed<Result>>[]>
  /** Runs `query` against the state machine once it is as fresh as asked for. */
  read<T>(query: () => T, options?: ReadOptions): Promise<T>
  /**
   * For clients that are no nodes, and have sessions of their own: brings `entry` (an envelope that opens a session, or is a command
   * of one) to whoever leads, until it is applied or its session turns out to have ended. `answer` is told so once, or `unknown` if
   * this node cannot say: then ask again, here or at another node. `onReach` is told meanwhile when some other node has it in its log,
   * and when that is no longer so. Gives the way to stop. @throws ClusterError
   */
  forward(
    entry: Uint8Array,
    answer: (answer: ProposeAnswer) => void,
    onReach?: (isElsewhere: boolean) => void,
  ): () => void
  on<Name extends keyof ClusterEvents>(name: Name, listener: (event: ClusterEvents[Name]) => void): () => void
  /** Deletes the database of one of `status().damaged`, for good; says whether it is gone. Rejects with `StorageFailed`. */
  removeDamaged(id: NodeId): Promise<boolean>
  /**
   * Lets a node in, also one that was removed; through any node, as all these changes. Resolves when it is committed. A voter is a
   * learner first, and this resolves when it has caught up and votes; one that nobody has heard of yet is a member meanwhile,
   * which counts in no majority, and votes as soon as it can. Rejects with `MembershipRefused` (no node's name, or so already),
   * `RoomFull`, or `Timeout`: then the change may still be made.
   */
  addMember(id: NodeId, as?: 'learner' | 'voter', options?: ChangeOptions): Promise<void>
  /**
   * Removes a node and keeps it out, running or not, until `addMember`. Where the room is closed by a key it gets another, which the
   * members learn and the removed one does not (`status().key`).
   * While other voters are lost, the removal of one that those who stay cannot do without waits as `leave` does. Rejects with
   * `MembershipRefused` or `Timeout`.
   */
  removeMember(id: NodeId, options?: ChangeOptions): Promise<void>
  /**
   * Whether whoever reaches the room is let in (`open`, the default), or waits until somebody answers for it (`asked`); for the whole
   * room, through any node, and for good. Rejects with `Timeout`.
   */
  setAdmission(admission: Admission, options?: ChangeOptions): Promise<void>
  /**
   * Answers for one of `status().waiting`: lets it in, or tells it that it is not (its `refusal` is `Refused`, and nobody is asked
   * about it again; `addMember` lets it in after all). Rejects with `MembershipRefused`, `RoomFull` or `Timeout`.
   */
  admit(id: NodeId, answer?: 'accept' | 'refuse', options?: ChangeOptions): Promise<void>
  /**
   * Lets a learner vote in the place of a voter that does not lead, both drawn by lot, in one change that leaves the room as safe as
   * it was: so that in a room of many everybody has a turn. Rejects with `MembershipRefused` where no learner is here and caught
   * up, or nobody but the leader votes, or `Timeout`: then the change may still be made.
   */
  swapVoter(options?: ChangeOptions): Promise<void>
  /**
   * Hands leadership to `to`, or to whoever is placed best. Rejects with `TransferRefused` (no voter, lagging, or not in time) or
   * `Timeout`.
   */
  transferLeadership(to?: NodeId, options?: ChangeOptions): Promise<void>
  /**
   * Leads no longer: hands over to whoever is placed best. Rejects with `NotLeader`, or with `TransferRefused` if nobody can
   * take over or does in time; then this node leads on. A node of higher priority than all others is given leadership back.
   */
  resign(options?: ChangeOptions): Promise<void>
  /**
   * Gives up this node's membership, and with it its database. Resolves when that is committed and all is closed; `close` only goes
   * away. Rejects with `MembershipRefused` where it is the last voter, or `Timeout`: then it runs on, a member or not.
   * While other voters are lost and those who stay could not go on, it waits for a learner to vote in its place, or for the lost ones.
   */
  leave(options?: ChangeOptions): Promise<void>
  /**
   * For when a majority is gone for good: founds another cluster out of this node's disk, with it alone, which others then join. **What a
   * majority had committed and this node has not is lost**, and so is everything that lost voters, should they come back, have and this node
   * does not: they are told that they were left behind, and stop. Ask a person first, and call it on one node only, the one with the longest log
   * (`lastIndex`); call it where those who are missing might still run, and there are two rooms.
   *
   * Rejects with `MembershipRefused`, and changes nothing, while there is a leader, or a majority is in reach, or this node has not been
   * without a leader for four election timeouts; or if those to abandon are not exactly `status().waitingFor.missing`.
   * With `StorageFailed` or `OpenTimeout` the node is `crashed` and may be restarted: it belongs to the one cluster or the other.
   * The clients of this node, who have sessions in the old cluster, end, and begin anew.
   */
  forceNewCluster(options: { readonly abandon: readonly NodeId[] }): Promise<void>
  /** Whether people can see this tab (true until told otherwise): a hidden leader hands over to a visible voter. */
  setVisible(visible: boolean): void
  /** Sends bytes to the watchers of every connected tab; not part of consensus, and not subject to faults. */
  observe(payload: Uint8Array, to?: NodeId): void
  /**
   * Tells this node's trace from now on, and first where it stands, in events of the trace itself. Costs something only while
   * somebody watches. Gives the way to stop.
   */
  watch(listener: (event: TraceEvent) => void): () => void
  /**
   * Takes a snapshot now, in place of this node's log up to there, and says up to which entry it goes. A node does so by itself when its log is long.
   * @throws ClusterError `MachineFailed` if the machine gives none, or there is none to ask (`carrier`)
   */
  compact(): number
  /**
   * Clients that are no nodes and are linked to this one by its transport: `accept` is given those that are there, and each that comes, until
   * the way to stop that this gives is gone. `serveClients` of `@flotilla/client` does the rest.
   */
  serveClients(accept: (way: ClientWay) => void): () => void
  peers(): readonly NodeId[]
  /** Dies as by a power cut: what is not durable is lost, nobody is told. The tab, its links and its lock stay. */
  crash(): void
  /** Starts again after `crash` (or a failure) from what is durable. Rejects with `StorageFailed`, `OpenTimeout` or `Closed`; may be tried again. */
  restart(): Promise<void>
  /** The page was frozen, or the machine slept: trusts nothing from before, and starts over as a follower. A page does it by itself. */
  resume(): void
  /**
   * Says goodbye synchronously (names a successor, tells everyone), because a page that closes gives no time to wait. A page does it
   * by itself.
   */
  goodbye(): void
  /** Goodbye, then waits for storage and transport to close. Membership is untouched. */
  close(): Promise<void>
}

export type ClusterErrorKind =
  | 'InvalidRoom'
  /** `createCluster` on a device that already has nodes of this room. */
  | 'AlreadyExists'
  /** No answer in time; a command may still commit. */
  | 'Timeout'
  | 'NotLeader'
  | 'Overloaded'
  /** Longer than `MAX_COMMAND_BYTES`. */
  | 'TooLarge'
  /** Refused before anything was sent: an option is out of bounds, or of the wrong kind. */
  | 'InvalidOptions'
  /** Refused before anything was sent: its codec threw (the `cause`), or gave no bytes. */
  | 'InvalidCommand'
  /**
   * The state machine's `apply` threw (`thrown`), or its result cannot be carried: on every node alike, whatever it had changed
   * until then. A machine that looks before it changes anything has not been touched.
   */
  | 'Rejected'
  /** The command took effect, and its result cannot be had: see the message. */
  | 'ResultLost'
  /** The state machine's `snapshot` or `restore` threw, or its snapshot is no bytes: this node cannot start. */
  | 'MachineFailed'
  /** This node stopped, because its state is another than that of the others: see `NodeFailure`. */
  | 'Diverged'
  /** This node stopped, because its room went on without it: see `NodeFailure`. */
  | 'LeftBehind'
  | 'MembershipRefused'
  /** The room has as many members as it may have. */
  | 'RoomFull'
  | 'TransferRefused'
  | 'SessionExpired'
  | 'Crashed'
  | 'Closed'
  | 'StorageFailed'
  | 'TransportFailed'
  /** A disk, a lock or a transport did not answer while the room was being opened; an `OpenTimeout` says which. */
  | 'OpenTimeout'
  /** The application's `signal` fired while the room was being opened. */
  | 'Aborted'
  /** No database of this device can be read; a `NodesDamaged` names them. */
  | 'NodesDamaged'

/** What an application's code threw on another node, or on this one and long ago: in so many words. */
export interface ThrownError {
  readonly name: string
  /** Empty for the language's own errors, which each browser words in another way. */
  readonly message: string
}

export class ClusterError extends Error {
  override readonly name = 'ClusterError'
  readonly kind: ClusterErrorKind
  /** What the state machine threw, if it is `Rejected`. */
  readonly thrown: ThrownError | undefined
  constructor(kind: ClusterErrorKind, message: string, options: ErrorOptions & { readonly thrown?: ThrownError } = {}) {
    super(message, options)
    this.kind = kind
    this.thrown = options.thrown
  }
}

/** What opening waits for: its turn among the tabs of this device, the databases, the way to other tabs. */
export type OpeningStep = 'lock' | 'disk' | 'transport'

export class OpenTimeout extends ClusterError {
  readonly step: OpeningStep
  readonly timeoutMs: number
  /** @param why what it was waiting for, if that is known */
  constructor(step: OpeningStep, timeoutMs: number, why?: string) {
    super('OpenTimeout', `the ${step} did not answer within ${timeoutMs} ms${why === undefined ? '' : `: ${why}`}`)
    this.step = step
    this.timeoutMs = timeoutMs
  }
}

/** Every node that this device has of the room is damaged. Nothing was changed: `removeStoredNode` deletes what is of no use. */
export class NodesDamaged extends ClusterError {
  readonly damaged: readonly DamagedNode[]
  constructor(damaged: readonly DamagedNode[]) {
    super('NodesDamaged', `the databases of ${damaged.length} nodes cannot be read, and there is no other here`)
    this.damaged = damaged
  }
}
