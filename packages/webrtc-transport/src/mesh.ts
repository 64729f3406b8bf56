/**
 * Who is in the room, and a link to each of them, or where they are many to those that are wanted (`wantedLinks`): what to do
 * about every signal that comes in.
 *
 * Whoever opens says hello to everyone, and everyone who hears it and wants a link either offers (the smaller id) or asks for an offer
 * (the greater), so two that open at once find each other however their hellos cross: at least one of the two hears the
 * other's. A node that says hello under a new session is a reloaded tab, and the link to the old one is down at once.
 */
import { type Cancel, isClientId, type Lane, type Membership, type Obstacle, wantedLinks } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import { isByeOf, signBye } from './farewell.ts'
import { GoBetween } from './go-between.ts'
import type { LinkStats } from './link.ts'
import { Neighbor, type Surroundings, type Word } from './neighbor.ts'
import type { Carrier } from './relay.ts'
import { Remembered } from './remembered.ts'
import { decodeSignal, encodeSignal, type Negotiation, type Signal, senderOfOtherVersion } from './signal.ts'
import type { SignalBus } from './signal-bus.ts'

/** More than a room has members; without a bound, made-up hellos would cost a connection each. */
export const MAX_NEIGHBORS = 160
/** How many of them may be clients, who shall leave room for nodes. */
export const MAX_CLIENT_NEIGHBORS = 64
/** How often we say hello again while somebody is missing, spread by a quarter both ways. Milliseconds. */
const ANNOUNCE_EVERY_MS = 10_000
/** As often the first hellos of whoever is linked to nobody: one is easily lost, and who was not heard is missed by nobody. */
const FIRST_HELLOS = 6
/**
 * How often otherwise, for as long as we are here. Two that were apart until each had forgotten the other know of nobody
 * to miss: without this they would never meet again. Milliseconds.
 */
export const ANNOUNCE_RARELY_MS = 60_000
/** Whoever was not heard of for so long is no longer missed. Milliseconds. */
const FORGET_AFTER_MS = 600_000
/** How long a node that sent garbage stays cut off. Milliseconds. */
export const CUT_OFF_MS = 60_000
/** How long a session stays finished: late signals of it, or a second tab under the same id, do not bring it back. Milliseconds. */
const RETIRED_FOR_MS = 30_000
/** Sessions and bans remembered; the oldest goes first. */
const MAX_REMEMBERED = 256

/** A link that neither end wants is kept for so long, for it may be wanted again. Milliseconds. */
export const PART_AFTER_MS = 2_000

interface MeshHandler {
  onFrame(from: NodeId, frame: Uint8Array): void
  /** A link came up, went down, or goes by another way. */
  onPeer(peer: NodeId, up: boolean, relayed: boolean): void
  /** It goes. Once, though it may say so on several ways. */
  onBye(peer: NodeId): void
  /** A text for us that came through a neighbor instead of the signalling, to be treated like any that came from there. */
  onPassedOn(text: string): void
  /** `obstacles` are others than before. */
  onObstacles?(): void
  /** A message of a relayed connection that a neighbor has carried here. */
  onCarried?(message: Uint8Array<ArrayBuffer>): void
  /** A neighbor has no link to the other end of this relayed connection. */
  onCannotCarry?(name: string): void
}

export interface MeshStats {
  readonly peers: ReadonlyMap<NodeId, LinkStats>
  /** Those of them whose frames are carried by a server or a member. */
  readonly relayed: readonly NodeId[]
  /** Texts that were no signal, were out of turn, or came from a node that is cut off. */
  readonly refusedSignals: number
  /** Frames for nodes without a link. */
  readonly undeliverable: number
  /** Channels whose other end was not the node that it was said to be. */
  readonly impostors: number
}

export class Mesh {
  readonly #self: NodeId
  readonly #signaling: Pick<SignalBus, 'send' | 'prepare'>
  readonly #surroundings: Surroundings
  readonly #handler: MeshHandler
  readonly #neighbors = new Map<NodeId, Neighbor>()
  readonly #goBetween: GoBetween
  /** Finished sessions. */
  readonly #retired: Remembered<string>
  /** Nodes that are cut off. */
  readonly #cutOff: Remembered<NodeId>
  /** Who speaks another version of signals. */
  readonly #otherVersions: Remembered<NodeId>
  #session: string
  #broadcastBye: () => void = () => {}
  #endSign: (() => void) | undefined
  /** Undefined until somebody tells: then everybody is linked to everybody. */
  #membership: Membership | undefined
  #wanted: ReadonlySet<NodeId> = new Set()
  #cancelParting: Cancel | undefined
  #closed = false
  #announceAt = Number.POSITIVE_INFINITY
  /** So many were said. */
  #hellos = 0
  #cancelAnnounce: Cancel = () => {}
  #refusedSignals = 0
  #undeliverable = 0
  #impostors = 0

  constructor(
    self: NodeId,
    signaling: Pick<SignalBus, 'send' | 'prepare'>,
    surroundings: Surroundings,
    handler: MeshHandler,
  ) {
    this.#self = self
    this.#signaling = signaling
    this.#surroundings = surroundings
    this.#handler = handler
    this.#session = surroundings.newName()
    this.#goBetween = new GoBetween(self, surroundings, this.#neighbors, id => this.#votes(id))
    const { clock } = surroundings
    this.#retired = new Remembered(clock, MAX_REMEMBERED)
    this.#cutOff = new Remembered(clock, MAX_REMEMBERED)
    this.#otherVersions = new Remembered(clock, MAX_REMEMBERED)
  }

  /** Now, and from now on again and again. */
  announce(): void {
    if (this.#closed) return
    this.#cancelAnnounce()
    this.#announceAt = Number.POSITIVE_INFINITY
    this.#hellos += 1
    // Asked for before anybody knows of this session.
    this.#endSign ??= this.#surroundings.signs?.give(this.#self, this.#session)
    this.#signaling.send(encodeSignal({ type: 'hello', from: this.#self, session: this.#session }))
    this.#prepareBye()
    this.#announceLater()
  }

  /** Who belongs to the room: it decides which links we want. */
  knowMembers(membership: Membership): void {
    const votedBefore = this.#membership === undefined || this.#votes(this.#self)
    this.#membership = membership
    this.#reconsider()
    // Whoever votes has to be found by all, also by those that it has never heard of.
    if (!votedBefore && this.#votes(this.#self) && this.#announceAt < Number.POSITIVE_INFINITY) this.announce()
  }

  /** Nobody else is linked, nor being linked, any more. */
  keepOnly(isKept: (id: NodeId) => boolean): void {
    for (const neighbor of [...this.#neighbors.values()]) {
      if (isKept(neighbor.id)) continue
      this.#retire(neighbor.session)
      this.#remove(neighbor)
    }
  }

  receive(text: string): void {
    if (this.#closed) return
    const signal = decodeSignal(text)
    if (signal === undefined) {
      this.#refusedSignals += 1
      const other = senderOfOtherVersion(text)
      if (other !== undefined && !this.#otherVersions.has(other)) {
        this.#otherVersions.add(other)
        this.#handler.onObstacles?.()
      }
      return
    }
    if (this.#otherVersions.delete(signal.from)) this.#handler.onObstacles?.()
    // Clients have nothing to say to each other.
    if (isClientId(signal.from) && isClientId(this.#self)) return
    // Our own id is another tab that should not have it, or an echo: a node has no link to itself.
    if (signal.from === this.#self || this.#isRetired(signal)) return
    if ('to' in signal && (signal.to !== this.#self || signal.toSession !== this.#session)) return
    if (this.#cutOff.has(signal.from) || !this.#handle(signal)) this.#refusedSignals += 1
  }

  send(to: NodeId, frame: Uint8Array, lane: Lane): void {
    const link = this.#neighbors.get(to)?.link
    if (link === undefined) this.#undeliverable += 1
    else link.send(frame, lane)
  }

  peers(): readonly NodeId[] {
    return [...this.#neighbors.values()].filter(({ link }) => link !== undefined).map(({ id }) => id)
  }

  isRelayed(peer: NodeId): boolean {
    const way = this.#neighbors.get(peer)?.way
    return way !== undefined && way !== 'direct'
  }

  obstacles(): readonly Obstacle[] {
    const obstacles: Obstacle[] = this.#otherVersions.keys().map(peer => ({ kind: 'OtherVersion', peer }))
    for (const { id, obstacle } of this.#neighbors.values()) {
      // That a client cannot be reached is its own affair.
      if (obstacle !== undefined && this.#wanted.has(id) && !isClientId(id))
        obstacles.push({ kind: obstacle, peer: id })
    }
    return obstacles
  }

  /** Members that may be linked to `peer`, and could carry what we have for it. */
  carriersTo(peer: NodeId): readonly Carrier[] {
    return this.#goBetween.carriersTo(peer)
  }

  /** The network is another: who is out of direct reach is tried at once. */
  tryDirectNow(): void {
    for (const neighbor of this.#neighbors.values()) neighbor.tryDirectNow()
  }

  stats(): MeshStats {
    const peers = new Map<NodeId, LinkStats>()
    for (const { id, link } of this.#neighbors.values()) if (link !== undefined) peers.set(id, link.stats())
    return {
      peers,
      relayed: [...peers.keys()].filter(id => this.isRelayed(id)),
      refusedSignals: this.#refusedSignals,
      undeliverable: this.#undeliverable,
      impostors: this.#impostors,
    }
  }

  /** By way of those who are linked to us: so a room goes on finding its members when its signalling is gone. */
  passOn(text: string, to: NodeId | undefined): void {
    this.#goBetween.send(text, to)
  }

  /** The page is going: nobody should look for us. Links stay, for what others still want to say before it is gone. */
  sayBye(): void {
    // What a closing page puts into its channels may be lost with them; and not all signals may go another way.
    if (!this.#closed) this.#broadcastBye()
    for (const neighbor of this.#neighbors.values()) neighbor.sendControl({ kind: 'bye' })
  }

  /** The page is back from where it said bye: as another session. */
  startOver(): void {
    this.#takeDown()
    this.#session = this.#surroundings.newName()
    this.announce()
  }

  close(): void {
    if (this.#closed) return
    this.sayBye()
    this.#takeDown()
    this.#closed = true
  }

  /** `false` if nobody who keeps to the protocol says this here. */
  #handle(signal: Signal): boolean {
    if (signal.type === 'bye') return this.#hearBye(signal)
    if (signal.type === 'answer' || signal.type === 'candidate' || signal.type === 'relayAnswer') {
      return this.#sameSession(signal)?.onNegotiation(signal.link, signal) ?? true
    }

    const neighbor = this.#sameSession(signal) ?? this.#admit(signal)
    if (neighbor === undefined) return false
    neighbor.heardAt = this.#surroundings.clock.now()
    if (signal.type === 'offer' || signal.type === 'relayOffer') return neighbor.onNegotiation(signal.link, signal)
    if (signal.type === 'hello') neighbor.onHello()
    else neighbor.onPleaseOffer()
    return true
  }

  #hearBye(bye: Extract<Signal, { type: 'bye' }>): boolean {
    const { session, signature } = bye
    const neighbor = this.#sameSession(bye)
    // Of somebody who has proven nothing yet there is nothing to lose.
    const key = neighbor?.provenKey
    if (key === undefined) {
      this.#retire(session)
      neighbor?.onBye()
      return true
    }
    if (signature === undefined) return false
    void isByeOf(key, bye, signature).then(isTrue => {
      if (isTrue) this.#sameSession(bye)?.onBye()
      else this.#refusedSignals += 1
    })
    return true
  }

  #sameSession({ from, session }: Signal): Neighbor | undefined {
    const neighbor = this.#neighbors.get(from)
    return neighbor?.session === session ? neighbor : undefined
  }

  /** A session we did not know. It takes the place of any older one of the same node. */
  #admit({ from, session }: Signal): Neighbor | undefined {
    const older = this.#neighbors.get(from)
    if (older !== undefined) {
      this.#retire(older.session)
      this.#remove(older)
    }
    if (this.#isFullFor(from) && !this.#makeRoom(from)) return undefined

    const directed = { from: this.#self, to: from, toSession: session }
    const neighbor = new Neighbor(from, session, this.#self < from, this.#surroundings, {
      onUp: () => {
        this.#handler.onPeer(from, true, this.isRelayed(from))
        this.#reconsider()
      },
      onMoved: () => this.#handler.onPeer(from, true, false),
      onDown: () => {
        neighbor.heardAt = this.#surroundings.clock.now()
        this.#announceLater()
        this.#handler.onPeer(from, false, false)
      },
      // Once it is linked, a client says for how long.
      isWanted: () => this.#wanted.has(from) && !(isClientId(from) && neighbor.link !== undefined),
      onWanted: () => this.#partLater(),
      onGivenUp: () => {
        // A client comes by itself if it wants to.
        if (isClientId(from)) this.#remove(neighbor)
        else this.#reconsider()
      },
      onFrame: frame => this.#handler.onFrame(from, frame),
      onWord: word => this.#onWord(neighbor, word),
      onLeaving: () => {
        this.#retire(session)
        if (this.#surroundings.credentials === undefined || neighbor.provenKey !== undefined) this.#handler.onBye(from)
      },
      onImpostor: () => {
        this.#impostors += 1
      },
      onAbuse: () => {
        this.#cutOff.add(from, CUT_OFF_MS)
        this.#remove(neighbor)
      },
      onObstacle: () => this.#handler.onObstacles?.(),
      onGone: () => this.#remove(neighbor),
      sendPleaseOffer: () => this.#direct({ ...directed, session: this.#session, type: 'pleaseOffer' }),
      sendNegotiation: (link, negotiation: Negotiation) =>
        this.#direct({ ...directed, session: this.#session, link, ...negotiation }),
    })
    this.#neighbors.set(from, neighbor)
    this.#reconsider(neighbor)
    this.#announceLater()
    return neighbor
  }

  #onWord(neighbor: Neighbor, word: Word): void {
    switch (word.kind) {
      case 'signal': {
        const isOurs = this.#goBetween.passOn(neighbor.id, word)
        if (isOurs === undefined) this.#refusedSignals += 1
        else if (isOurs) this.#handler.onPassedOn(word.text)
        return
      }
      case 'carry':
        return this.#goBetween.carry(neighbor, word)
      case 'carried':
        return this.#handler.onCarried?.(word.message)
      case 'cannotCarry':
        return this.#handler.onCannotCarry?.(word.name)
      default:
        word satisfies never
    }
  }

  /**
   * Others are there, or belong to the room, than before.
   *
   * @param except one that is heard at this moment: it acts by what it heard
   */
  #reconsider(except?: Neighbor): void {
    const neighbors = [...this.#neighbors.values()]
    const known = neighbors.map(({ id }) => id)
    const answering = neighbors.filter(({ hasGivenUp }) => !hasGivenUp).map(({ id }) => id)
    const wantedOf = (present: readonly NodeId[]): Iterable<NodeId> =>
      this.#membership === undefined ? present : wantedLinks(this.#self, this.#membership, present)
    // Whoever does not answer is still looked for, and somebody else takes its place on the ring.
    this.#wanted = new Set([...wantedOf(known), ...wantedOf(answering)])
    for (const neighbor of neighbors) if (neighbor !== except) neighbor.reconsider()
    this.#partLater()
  }

  #partLater(): void {
    if (this.#cancelParting !== undefined || ![...this.#neighbors.values()].some(({ isSpare }) => isSpare)) return
    const { clock } = this.#surroundings
    this.#cancelParting = clock.setTimer(clock.now() + PART_AFTER_MS, () => {
      this.#cancelParting = undefined
      for (const neighbor of this.#neighbors.values()) if (neighbor.isSpare) neighbor.part()
    })
  }

  #votes(id: NodeId): boolean {
    return this.#membership?.voters.includes(id) === true
  }

  #isFullFor(id: NodeId): boolean {
    if (this.#neighbors.size >= MAX_NEIGHBORS) return true
    return isClientId(id) && [...this.#neighbors.keys()].filter(isClientId).length >= MAX_CLIENT_NEIGHBORS
  }

  /** Forgets the one without a link that was silent for longest; for a client, of the clients. */
  #makeRoom(newcomer: NodeId): boolean {
    const [longestSilent] = [...this.#neighbors.values()]
      .filter(({ id, link }) => link === undefined && (isClientId(id) || !isClientId(newcomer)))
      .sort((a, b) => a.heardAt - b.heardAt)
    if (longestSilent === undefined) return false
    this.#remove(longestSilent)
    return true
  }

  #remove(neighbor: Neighbor): void {
    if (this.#neighbors.get(neighbor.id) === neighbor) {
      this.#neighbors.delete(neighbor.id)
      this.#goBetween.forget(neighbor.id)
    }
    neighbor.close()
    this.#reconsider()
  }

  #takeDown(): void {
    for (const neighbor of [...this.#neighbors.values()]) this.#remove(neighbor)
    this.#endSign?.()
    this.#endSign = undefined
    this.#cancelParting?.()
    this.#cancelParting = undefined
    this.#cancelAnnounce()
    this.#announceAt = Number.POSITIVE_INFINITY
  }

  /** Soon while somebody is missing, else now and then. Never later than was settled before. */
  #announceLater(): void {
    const { clock, random } = this.#surroundings
    const isMissing = ({ id, link }: Neighbor): boolean => link === undefined && this.#wanted.has(id) && !isClientId(id)
    const neighbors = [...this.#neighbors.values()]
    const isUnheard = this.#hellos < FIRST_HELLOS && !neighbors.some(({ link }) => link !== undefined)
    const isSoon = isUnheard || neighbors.some(isMissing) || this.#cutOff.keys().length > 0
    const everyMs = isSoon ? ANNOUNCE_EVERY_MS : ANNOUNCE_RARELY_MS
    const at = clock.now() + everyMs * (0.75 + random() / 2)
    if (this.#closed || at >= this.#announceAt) return
    this.#cancelAnnounce()
    this.#announceAt = at
    this.#cancelAnnounce = clock.setTimer(at, () => {
      this.#forget()
      this.announce()
    })
  }

  #forget(): void {
    const now = this.#surroundings.clock.now()
    for (const neighbor of [...this.#neighbors.values()]) {
      if (neighbor.link === undefined && neighbor.heardAt + FORGET_AFTER_MS <= now) this.#remove(neighbor)
    }
  }

  /** As long as its successor is linked, a session that goes on talking stays retired: it is a second tab under one id. */
  #isRetired({ from, session }: Signal): boolean {
    if (!this.#retired.has(session)) return false
    if (this.#neighbors.get(from)?.link !== undefined) this.#retire(session)
    return true
  }

  #retire(session: string): void {
    this.#retired.add(session, RETIRED_FOR_MS)
  }

  /** For a page that closes has no time left to sign or to seal. Again with each hello: the room's key may be another. */
  #prepareBye(): void {
    const bye = { type: 'bye', from: this.#self, session: this.#session } as const
    const prepare = (signal: Signal): void => {
      this.#broadcastBye = this.#signaling.prepare(encodeSignal(signal), this.#surroundings.newName())
    }
    const { credentials } = this.#surroundings
    if (credentials === undefined) return prepare(bye)
    void signBye(credentials, bye.session).then(signature => {
      if (bye.session === this.#session) prepare({ ...bye, signature })
    })
  }

  #direct(signal: Extract<Signal, { to: NodeId }>): void {
    if (!this.#closed) this.#signaling.send(encodeSignal(signal), signal.to)
  }
}
