/**
 * This node's links: what may leave, what may come in, in which lane, and with which injected fault. Everything that Raft
 * or a client says goes through here; what watchers say (`observe`) does too, but no fault touches it.
 *
 * A frame from another cluster is dropped: two clusters may meet in one room, and must not mix (their terms and votes
 * mean different things). A node that belongs to none yet learns which it is in from the first leader or candidate that
 * speaks to it: both speak only to those whom their configuration names.
 */
import type { Message, MessageSummary, NodeId, TraceBody } from '@flotilla/core'
import type { LinkFaults } from '../api.ts'
import type { Clock } from '../time/clock.ts'
import type { Lane, Transport } from '../transport.ts'
import { decodeFrame, encodeFrame } from '../wire/codec.ts'
import type { DecodeErrorKind, FrameBody } from '../wire/frame.ts'
import { NO_CLUSTER } from '../wire/identity.ts'
import { DelayLine } from './delay-line.ts'
import type { Verdict } from './term-allowance.ts'
import { summarizeMessage } from './trace.ts'

/** After this many frames that are none, a peer is not listened to until its link comes up anew. */
export const MAX_BAD_FRAMES = 100

/** What travels in each direction besides Raft's own messages. */
export type ClientFrame = Exclude<FrameBody, { kind: 'raft' | 'observe' }>

export interface LinkEffects {
  /** A crashed node hears nothing. */
  isAlive(): boolean
  /** Whether this node listens to it: to be asked once of each frame. To ask to be let in, and to answer that, is everybody's right. */
  hears(from: NodeId): boolean
  /** Whether it may be told what goes on in the room. */
  tells(peer: NodeId): boolean
  /** Whether its term, which may be ahead of ours, is to be believed: to be asked once of each message. */
  believes(message: Message): Verdict
  /** A message for the core, checked and traced. */
  onMessage(message: Message): void
  onClientFrame(from: NodeId, frame: ClientFrame): void
  /** Whether the own cluster was founded out of that one. */
  wasOurs(clusterId: string): boolean
  /** The room went on without this node's cluster, as a peer says that was in it. */
  onLeftBehind(from: NodeId): void
  onObserve(from: NodeId, payload: Uint8Array): void
  /** A leader or candidate of this cluster spoke to us, who belong to none yet. The frame itself is dropped; the next will do. */
  onAdopted(clusterId: string): void
  /** `strangers` or `otherVersions` are others than before. */
  onStrangers(): void
  /** `ignored` are others than before. */
  onIgnored(): void
  trace(body: TraceBody): void
}

interface Parcel {
  readonly to: NodeId
  readonly bytes: Uint8Array
  readonly lane: Lane
  readonly summary: MessageSummary | undefined
}

export interface LinksConfig {
  readonly self: NodeId
  readonly transport: Pick<Transport, 'send'>
  readonly clock: Clock
  readonly faults: LinkFaults | undefined
  /** Whether anybody watches. */
  readonly tracing: () => boolean
  readonly clusterId: () => string | undefined
  readonly effects: LinkEffects
}

export class Links {
  /** Peers with an up link. */
  readonly up = new Set<NodeId>()
  /** Those of them whose frames somebody in between carries. */
  readonly relayed = new Set<NodeId>()
  /** Frames dropped because they were none, by why. */
  readonly badFrames = new Map<DecodeErrorKind, number>()
  foreignFrames = 0
  /** Linked peers that spoke last as members of another cluster. */
  readonly strangers = new Set<NodeId>()
  /** Linked peers that are not listened to until their link comes up anew: they sent what no node sends. */
  readonly ignored = new Set<NodeId>()
  /** Linked peers whose frames are of another version. */
  readonly otherVersions = new Set<NodeId>()
  readonly #config: LinksConfig
  readonly #badFramesOf = new Map<NodeId, number>()
  readonly #lines = new Map<string, DelayLine<Parcel>>()
  readonly #cutPeers = new Set<NodeId>()
  #nextSequence = 0

  constructor(config: LinksConfig) {
    this.#config = config
  }

  /** The node starts (again): its messages are numbered from here. */
  startFrom(sequence: number): void {
    this.#nextSequence = sequence
  }

  /** Peers whose link was cut on purpose, as far as a frame has been asked for since. */
  get cut(): readonly NodeId[] {
    return [...this.#cutPeers]
  }

  /** Says whether that is news. */
  setUp(peer: NodeId, up: boolean): boolean {
    if (up === this.up.has(peer)) return false
    if (up) this.up.add(peer)
    else this.up.delete(peer)
    this.#badFramesOf.delete(peer)
    if (this.ignored.delete(peer)) this.#config.effects.onIgnored()
    if (this.strangers.delete(peer)) this.#config.effects.onStrangers()
    this.#noteVersion(peer, false)
    return true
  }

  /** Says whether that is news. */
  setRelayed(peer: NodeId, relayed: boolean): boolean {
    if (relayed === this.relayed.has(peer)) return false
    if (relayed) this.relayed.add(peer)
    else this.relayed.delete(peer)
    return true
  }

  /** Whether a frame sent now has a way to go. */
  reaches(peer: NodeId): boolean {
    return this.up.has(peer) && !this.#isCut(peer)
  }

  sendMessage(message: Message): void {
    const sequence = this.#nextSequence++
    const summary = this.#config.tracing() ? summarizeMessage(message, sequence) : undefined
    this.#send(message.to, { kind: 'raft', sequence, message }, laneOf(message), summary)
  }

  sendFrame(to: NodeId, frame: ClientFrame): void {
    this.#send(to, frame, frame.kind === 'goodbye' ? 'urgent' : 'normal', undefined)
  }

  /** Past every fault: watchers see also what a partition hides. */
  observe(to: NodeId, payload: Uint8Array): void {
    if (this.up.has(to) && this.#config.effects.tells(to))
      this.#config.transport.send(to, this.#encode({ kind: 'observe', payload }), 'bulk')
  }

  /** What is still delayed goes out now: the tab is closing. */
  hurry(): void {
    for (const line of this.#lines.values()) line.deliverAll()
  }

  stop(): void {
    for (const line of this.#lines.values()) line.clear()
  }

  receive(from: NodeId, bytes: Uint8Array): void {
    if (this.ignored.has(from)) return
    const { self, effects } = this.#config
    const decoded = decodeFrame(bytes, from, self)
    if (!decoded.ok) return this.#countBadFrame(from, decoded.error.kind)

    const { clusterId, body } = decoded.value
    this.#noteVersion(from, false)
    this.#meet(from, clusterId)
    if (body.kind === 'observe') {
      if (this.#isNear(clusterId) && effects.hears(from)) effects.onObserve(from, body.payload)
      return
    }
    const cut = this.#isCut(from)
    if (!cut && body.kind !== 'leftBehind' && effects.isAlive() && effects.wasOurs(clusterId))
      this.sendFrame(from, { kind: 'leftBehind', former: clusterId })
    if (body.kind === 'raft') {
      const drop = this.#reasonToDrop(cut, clusterId, body.message)
      const summary = this.#config.tracing() ? summarizeMessage(body.message, body.sequence) : undefined
      if (drop !== undefined) return this.#dropped(summary, drop)
      const verdict = effects.believes(body.message)
      if (verdict === 'a lie') this.#ignore(from)
      if (verdict !== 'taken') return this.#dropped(summary, `its term is ${verdict}`)
      if (summary !== undefined) effects.trace({ type: 'delivered', message: summary })
      effects.onMessage(body.message)
      return
    }
    if (cut || !effects.isAlive()) return
    if (body.kind === 'leftBehind') {
      if (body.former === this.#config.clusterId() && effects.hears(from)) effects.onLeftBehind(from)
      return
    }
    // Only a Join may come from outside, and then only from a node that belongs nowhere yet; so may its answer to such a one.
    const own = this.#config.clusterId()
    const isAboutJoining =
      (isFromOutside(body) && clusterId === NO_CLUSTER) || (body.kind === 'joinAnswer' && own === undefined)
    const ours = clusterId === own || isAboutJoining
    const isHeard = isFromOutside(body) || body.kind === 'joinAnswer' || effects.hears(from)
    if (ours && !isHeard) return effects.trace({ type: 'refused', what: 'frame', from, reason: 'not a member' })
    if (ours) effects.onClientFrame(from, body)
    else this.foreignFrames++
  }

  /** Whoever belongs to another cluster cannot be let in, and somebody should know. */
  #meet(peer: NodeId, clusterId: string): void {
    const own = this.#config.clusterId()
    const isStranger =
      own !== undefined && clusterId !== NO_CLUSTER && clusterId !== own && !this.#config.effects.wasOurs(clusterId)
    if (isStranger === this.strangers.has(peer) || !this.up.has(peer)) return
    if (isStranger) this.strangers.add(peer)
    else this.strangers.delete(peer)
    this.#config.effects.onStrangers()
  }

  #send(to: NodeId, body: FrameBody, lane: Lane, summary: MessageSummary | undefined): void {
    const { faults, effects } = this.#config
    const delayMs = faults?.delayMs(to) ?? 0
    if (summary !== undefined) effects.trace({ type: 'sent', message: summary, delayMs })
    if (this.#isCut(to)) return this.#dropped(summary, 'cut')
    if (!this.up.has(to)) return this.#dropped(summary, 'no link')
    this.#line(to, lane).push({ to, bytes: this.#encode(body), lane, summary }, delayMs)
  }

  /** Frames of one lane to one peer stay in order, however their delay changes on the way. */
  #line(to: NodeId, lane: Lane): DelayLine<Parcel> {
    const key = `${lane} ${to}`
    let line = this.#lines.get(key)
    if (line === undefined) {
      line = new DelayLine(this.#config.clock, parcel => this.#depart(parcel))
      this.#lines.set(key, line)
    }
    return line
  }

  #depart({ to, bytes, lane, summary }: Parcel): void {
    // Also what was under way when the link was cut is lost.
    if (this.#isCut(to)) return this.#dropped(summary, 'cut')
    if (!this.up.has(to)) return this.#dropped(summary, 'no link')
    this.#config.transport.send(to, bytes, lane)
  }

  /** Faults are asked at every frame; what changed since the last time is told. */
  #isCut(peer: NodeId): boolean {
    const { faults, effects } = this.#config
    if (faults === undefined) return false
    const cut = faults.isCut(peer)
    if (cut !== this.#cutPeers.has(peer)) {
      if (cut) this.#cutPeers.add(peer)
      else this.#cutPeers.delete(peer)
      effects.trace({ type: 'cut', peers: [...this.#cutPeers] })
    }
    return cut
  }

  #encode(body: FrameBody): Uint8Array {
    return encodeFrame({ clusterId: this.#config.clusterId() ?? NO_CLUSTER, body })
  }

  #dropped(message: MessageSummary | undefined, reason: string): void {
    if (message !== undefined) this.#config.effects.trace({ type: 'dropped', message, reason })
  }

  #reasonToDrop(cut: boolean, clusterId: string, message: Message): string | undefined {
    if (cut) return 'cut'
    if (!this.#config.effects.isAlive()) return 'crashed'
    return (
      this.#foreignness(clusterId, message) ?? (this.#config.effects.hears(message.from) ? undefined : 'not a member')
    )
  }

  /** Why a Raft message is none of ours. */
  #foreignness(clusterId: string, message: Message): string | undefined {
    const own = this.#config.clusterId()
    if (clusterId === own) return undefined
    this.foreignFrames++
    if (own !== undefined || clusterId === NO_CLUSTER) return 'another cluster'
    if (namesReceiver(message)) this.#config.effects.onAdopted(clusterId)
    return 'not admitted yet'
  }

  /** Watchers of nodes that are not admitted yet see and are seen too. */
  #isNear(clusterId: string): boolean {
    const own = this.#config.clusterId()
    return clusterId === own || own === undefined || clusterId === NO_CLUSTER
  }

  #ignore(peer: NodeId): void {
    if (this.ignored.has(peer) || !this.up.has(peer)) return
    this.ignored.add(peer)
    this.#config.effects.onIgnored()
  }

  #noteVersion(peer: NodeId, isOther: boolean): void {
    if (isOther === this.otherVersions.has(peer)) return
    if (isOther) this.otherVersions.add(peer)
    else this.otherVersions.delete(peer)
    this.#config.effects.onStrangers()
  }

  #countBadFrame(from: NodeId, kind: DecodeErrorKind): void {
    if (kind === 'UnknownVersion') this.#noteVersion(from, true)
    this.badFrames.set(kind, (this.badFrames.get(kind) ?? 0) + 1)
    const bad = (this.#badFramesOf.get(from) ?? 0) + 1
    this.#badFramesOf.set(from, bad)
    if (bad >= MAX_BAD_FRAMES) this.#ignore(from)
    this.#config.effects.trace({ type: 'refused', what: 'frame', from, reason: kind })
  }
}

/**
 * Whether only a node whose configuration names the receiver can have sent it. A candidate's word counts like a leader's: a
 * cluster whose second voter was made one before it had heard of the cluster may need its vote to have a leader at all.
 */
function namesReceiver({ type }: Message): boolean {
  return type === 'AppendEntries' || type === 'InstallSnapshot' || type === 'RequestVote' || type === 'RequestPreVote'
}

/**
 * Heartbeats, votes and answers overtake entries, and those overtake snapshots. Core expects no order between lanes, but
 * that TimeoutNow does not overtake the entries it may follow.
 */
function laneOf(message: Message): Lane {
  switch (message.type) {
    case 'InstallSnapshot':
      return 'bulk'
    case 'AppendEntries':
      return message.entries.length > 0 ? 'normal' : 'urgent'
    case 'TimeoutNow':
      return 'normal'
    default:
      return 'urgent'
  }
}

/** Who belongs nowhere yet asks to be let in, and says what it is. */
function isFromOutside({ kind }: FrameBody): boolean {
  return kind === 'join' || kind === 'guest' || kind === 'lasting'
}
