/**
 * Transport between browser tabs: WebRTC data channels within a room, a full mesh where its members are few. Ties the mesh to the browser: its
 * connections, its signalling, and what a page does when it is closed.
 */
import {
  type Clock,
  isClientId,
  type Keyed,
  type Lane,
  MAX_FRAME_BYTES,
  type Membership,
  type Obstacle,
  type OpenOptions,
  type Transport,
  TransportError,
  type TransportErrorKind,
  type TransportHandler,
} from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import { broadcastChannelSignaling } from './broadcast-channel-signaling.ts'
import type { Connect } from './connection.ts'
import { ConnectionOnDemand } from './connection-on-demand.ts'
import { type Entrance, Entrances } from './entrances.ts'
import { type Decision, Meeting } from './meeting.ts'
import { decodeMeeting, encodeMeeting } from './meeting-signal.ts'
import { Mesh, type MeshStats } from './mesh.ts'
import { Relay } from './relay.ts'
import { deriveRoomKeys, newRoomSecret } from './room-secret.ts'
import { sealWith } from './seal.ts'
import { signsOfLife } from './sign-of-life.ts'
import { isId } from './signal.ts'
import { SignalBus, type SignalBusOptions } from './signal-bus.ts'
import type { Broadcast, Signaling } from './signaling.ts'
import type { Ice } from './simple-peer-connection.ts'
import { timeoutClock } from './timeout-clock.ts'

/** The room has to be entered by then. Milliseconds. */
export const OPEN_WITHIN_MS = 10_000
/** After the key was changed, links to those who are no members are kept for so long. Milliseconds. */
const PART_FROM_STRANGERS_MS = 1_000

export interface WebRtcOptions {
  /**
   * How tabs find each other; several ways at once are fine, and the quickest is heard. Default: a BroadcastChannel,
   * which reaches the tabs of this browser and needs no server.
   */
  readonly signaling?: SignalingWay | readonly SignalingWay[]
  /**
   * Closes the room to whoever does not have it (`newRoomSecret`): what is signalled is sealed, and every node proves that
   * it has the keys that its id is made of (`newNodeIdentity`). Default: none; whoever knows the room's name may enter.
   */
  readonly secret?: string
  /** Whether this node belongs to a cluster: what is told to those who `meet`. Default: it does. */
  readonly isSettled?: () => boolean
  /** STUN and TURN servers. Default: none, which is enough within a machine and most local networks. */
  readonly iceServers?: readonly RTCIceServer[]
  /** `relay`: through a TURN server only, so that peers do not learn each other's addresses. Default: `all`. */
  readonly iceTransportPolicy?: RTCIceTransportPolicy
  /** Times discovery only; what is sent never waits for a timer. */
  readonly clock?: Clock
  /** Uniform in [0, 1): spreads retries. */
  readonly random?: () => number
}

export type SignalingWay = (room: string) => Signaling

/**
 * Where rooms are shared between devices: whether to create a room or to join it, decided with whoever else is there
 * (`meeting.ts`). Resolves as soon as that is clear; as long as a signalling server cannot be reached, it is not, and
 * `hindered` is told which.
 */
export async function meet(
  room: string,
  options: WebRtcOptions = {},
  signal?: AbortSignal,
  hindered?: (why: string | undefined) => void,
): Promise<Decision> {
  const { clock = timeoutClock } = options
  signal?.throwIfAborted()
  const { bus } = await newEntrance(room, options)
  const self = randomName()
  const tell = (): void => hindered?.(bus.whyClosed)
  tell()
  return new Promise((resolve, reject) => {
    const over = (): void => {
      meeting?.stop()
      bus.leave()
      globalThis.removeEventListener?.('pagehide', over)
    }
    const give = (settle: () => void): void => {
      signal?.removeEventListener('abort', onAbort)
      settle()
    }
    const onAbort = (): void => {
      over()
      give(() => reject(signal?.reason))
    }
    let meeting: Meeting | undefined
    signal?.addEventListener('abort', onAbort)
    globalThis.addEventListener?.('pagehide', over)
    bus.join(self, { onSignal: text => meeting?.receive(text), onReturn: tell, onLost: tell }).then(
      () => {
        tell()
        const decided = (decision: Decision): void => give(() => resolve(decision))
        const replaced = (): void =>
          give(() => reject(new TransportError('KeyReplaced', 'the room has another key by now')))
        if (signal?.aborted !== true) meeting = new Meeting({ self, bus, clock, decided, replaced, over })
      },
      (cause: unknown) => {
        over()
        give(() => reject(new TransportError('SignalingFailed', 'the room cannot be entered', { cause })))
      },
    )
  })
}

/** All ways into the room as one, sealed where it has a secret. */
async function newEntrance(
  name: string,
  { secret, signaling = broadcastChannelSignaling }: WebRtcOptions,
  told: Pick<SignalBusOptions, 'passOn' | 'prepared'> = {},
): Promise<Entrance> {
  const keys = secret === undefined ? undefined : await deriveRoomKeys(name, secret)
  const ways = (typeof signaling === 'function' ? [signaling] : signaling).map(way => way(keys?.topic ?? name))
  const seal = keys && sealWith(keys)
  const bus = new SignalBus(ways, { stream: randomName(), seal, ...told })
  return { key: secret, topic: keys?.topic ?? name, bus }
}

export interface WebRtcTransport extends Transport {
  stats(): MeshStats
  /** Why nobody can be connected to now, if the code that does it could not be loaded. It is tried again for each peer. */
  readonly failure: TransportError | undefined
}

/** Over connections that this page makes. */
export function webRtc(options: WebRtcOptions = {}): (room: string) => WebRtcTransport {
  return room => new MeshTransport(room, options, madeHere)
}

/** How connections are made, given the servers that they may use. */
export interface Connections {
  (ice: Ice): Connect
  /**
   * Where they are made by a page: has it say this when it closes, in place of what it had for this transport before. A worker is
   * ended with its page, and may not come to say it.
   */
  leaveWord?: (transport: string, broadcasts: readonly Broadcast[]) => void
}

/**
 * Over connections that somebody else makes: for a worker its page (`connectThroughPage`), for Node a library. Another function and
 * no option, so that a bundle for such places goes without simple-peer.
 */
export function webRtcThrough(
  connections: Connections,
  options: WebRtcOptions = {},
): (room: string) => WebRtcTransport {
  const { leaveWord } = connections
  return room =>
    new MeshTransport(room, options, ice => ({
      connect: connections(ice),
      failure: undefined,
      ...(leaveWord && { leaveWord }),
    }))
}

/** What makes connections, for as long as a transport is open. */
type Maker = Pick<ConnectionOnDemand, 'connect' | 'failure'> &
  Partial<Pick<ConnectionOnDemand, 'prefetch'>> &
  Pick<Connections, 'leaveWord'>

function madeHere(ice: Ice): Maker {
  assertWebRtc(ice)
  return new ConnectionOnDemand(async () => {
    const { connectBySimplePeer } = await import('./simple-peer-connection.ts')
    return connectBySimplePeer(ice)
  })
}

class MeshTransport implements WebRtcTransport {
  readonly keyed: Keyed | undefined
  /** To its page, where others of its worker may have said something too. */
  readonly #name = randomName()
  readonly #room: string
  readonly #options: WebRtcOptions
  #opened = false
  #entrances: Entrances | undefined
  #keys: readonly string[] = []
  #mesh: Mesh | undefined
  readonly #newMaker: (ice: Ice) => Maker
  #maker: Maker | undefined
  #membership: Membership | undefined
  #closed = false

  constructor(room: string, options: WebRtcOptions, newMaker: (ice: Ice) => Maker) {
    this.#room = room
    this.#options = options
    this.#newMaker = newMaker
    const { secret } = options
    if (secret !== undefined) this.keyed = { key: secret, newKey: newRoomSecret, rekey: keys => this.#rekey(keys) }
  }

  async open(self: NodeId, handler: TransportHandler, { signal, keys }: OpenOptions = {}): Promise<void> {
    if (this.#closed) throw new TransportError('Closed', 'a closed transport does not open again')
    if (this.#opened) throw new Error('a transport is opened once')
    this.#opened = true
    if (!isId(self)) throw new RangeError('a node id is well-formed text of 1 to 64 bytes')
    const { iceServers = [], iceTransportPolicy = 'all', clock = timeoutClock, random = Math.random } = this.#options
    const maker = this.#newMaker({ iceServers, iceTransportPolicy })
    const passOn = (text: string, to: NodeId | undefined): void => mesh.passOn(text, to)
    const prepared = (bye: readonly Broadcast[]): void => maker.leaveWord?.(this.#name, bye)
    const told = { passOn, ...(maker.leaveWord && { prepared }) }
    const front = await newEntrance(this.#room, this.#options, told)
    const entrances = new Entrances(front, {
      self,
      clock,
      open: secret => newEntrance(this.#room, { ...this.#options, secret }, told),
      isMember: id => this.#isMember(id),
      isLinked: id => mesh.peers().includes(id),
      onSignal: text => mesh.receive(text),
      onMeeting: text => this.#answer(self, text),
      onReturn: () => {
        mesh.announce()
        handler.onObstacles?.()
      },
      onLost: () => handler.onObstacles?.(),
      onRekeyed: () => {
        mesh.announce()
        // What was said to those who are no members any more shall still arrive.
        clock.setTimer(clock.now() + PART_FROM_STRANGERS_MS, () => mesh.keepOnly(id => this.#isMember(id)))
      },
      onReplaced: () => handler.onKeyReplaced?.(),
      onRelayed: message => relay.receive(message),
    })
    const credentials =
      this.keyed === undefined
        ? undefined
        : { self, topic: (peer: NodeId) => entrances.topicOf(peer), keys: ownKeys(keys) }
    if (this.#closed) throw new TransportError('Closed', 'closed while opening')

    const relay = new Relay({
      topic: peer => entrances.topicOf(peer),
      clock,
      carriersTo: peer => [...entrances.carriersTo(peer), ...mesh.carriersTo(peer)],
    })
    // Without WebCrypto, as on a page over plain http, nothing can be sealed.
    const relayTo = crypto.subtle === undefined ? undefined : relay.wayTo
    const signs = signsOfLife()
    const surroundings = { clock, random, connect: maker.connect, relayTo, newName: randomName, credentials, signs }
    const mesh = new Mesh(self, entrances, surroundings, {
      onFrame: (from, frame) => handler.onFrame(from, frame),
      onPeer: (peer, up, relayed) => handler.onPeer(peer, up, relayed),
      onBye: peer => handler.onBye?.(peer),
      onPassedOn: text => entrances.receive(text),
      onCarried: message => relay.receive(message),
      onCannotCarry: name => relay.cannotCarry(name),
      onObstacles: () => handler.onObstacles?.(),
    })
    this.#maker = maker
    this.#entrances = entrances
    this.#mesh = mesh
    if (this.#membership !== undefined) mesh.knowMembers(this.#membership)
    try {
      await withinBounds(entrances.join(), clock, signal, () => front.bus.whyClosed)
    } catch (error) {
      // Whoever is let in after all would be there for nobody.
      entrances.leave()
      throw error
    }
    if (this.#closed) throw new TransportError('Closed', 'closed while opening')
    globalThis.addEventListener?.('pagehide', this.#onPageHide)
    globalThis.addEventListener?.('pageshow', this.#onPageShow)
    globalThis.addEventListener?.('online', this.#onOnline)
    mesh.announce()
    if (this.#keys.length > 0) entrances.rekey(this.#keys)
    maker.prefetch?.()
  }

  send(to: NodeId, frame: Uint8Array, lane: Lane): void {
    if (frame.byteLength > MAX_FRAME_BYTES) {
      throw new RangeError(`a frame of ${frame.byteLength} bytes is longer than ${MAX_FRAME_BYTES}`)
    }
    if (!this.#closed) this.#mesh?.send(to, frame, lane)
  }

  peers(): readonly NodeId[] {
    return this.#mesh?.peers() ?? []
  }

  obstacles(): readonly Obstacle[] {
    const server: readonly Obstacle[] = this.#entrances?.front.bus.isLost
      ? [{ kind: 'SignalingUnreachable', peer: undefined }]
      : []
    return [...server, ...(this.#mesh?.obstacles() ?? [])]
  }

  isRelayed(peer: NodeId): boolean {
    return this.#mesh?.isRelayed(peer) ?? false
  }

  stats(): MeshStats {
    const { refusedSignals, ...stats } = this.#mesh?.stats() ?? noStats
    return { ...stats, refusedSignals: refusedSignals + (this.#entrances?.refused ?? 0) }
  }

  get failure(): TransportError | undefined {
    return this.#maker?.failure
  }

  knowMembers(membership: Membership): void {
    this.#membership = membership
    this.#mesh?.knowMembers(membership)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    globalThis.removeEventListener?.('pagehide', this.#onPageHide)
    globalThis.removeEventListener?.('pageshow', this.#onPageShow)
    globalThis.removeEventListener?.('online', this.#onOnline)
    this.#mesh?.close()
    this.#entrances?.leave()
    this.#maker?.leaveWord?.(this.#name, [])
  }

  #rekey(keys: readonly string[]): void {
    this.#keys = keys
    // Before it is open, there is nothing to close.
    if (this.#mesh !== undefined) this.#entrances?.rekey(keys)
  }

  #isMember(id: NodeId): boolean {
    return this.#membership?.members.includes(id) === true
  }

  /** Somebody asks whether there is a room. */
  #answer(self: NodeId, text: string): void {
    const asked = decodeMeeting(text)
    if (asked?.step !== 'fresh' && asked?.step !== 'claim') return
    const { isSettled = () => !isClientId(self) } = this.#options
    this.#entrances?.front.bus.send(encodeMeeting({ from: self, step: isSettled() ? 'here' : 'waiting' }), asked.from)
  }

  /**
   * A tab that is closed without a word is noticed after 15 seconds. The channels are left alone here: other listeners of
   * the page may come after this one, with goodbyes of their own to send.
   */
  readonly #onPageHide = (): void => this.#mesh?.sayBye()

  readonly #onPageShow = ({ persisted }: { readonly persisted?: boolean }): void => {
    if (persisted) this.#mesh?.startOver()
  }

  /** The network is back: whoever lost us meanwhile hears of us now, and not in a minute. */
  readonly #onOnline = (): void => {
    this.#mesh?.announce()
    this.#mesh?.tryDirectNow()
  }
}

const noStats: MeshStats = { peers: new Map(), relayed: [], refusedSignals: 0, undeliverable: 0, impostors: 0 }

function ownKeys(keys: CryptoKeyPair | undefined): CryptoKeyPair {
  if (keys !== undefined) return keys
  throw new TransportError('Unsupported', 'a room with a secret admits nodes that have keys, and this one has none')
}

/** What `joining` resolves with; rejects with a TransportError when it rejects, takes too long, or is aborted. */
function withinBounds(
  joining: Promise<void>,
  clock: Clock,
  signal: AbortSignal | undefined,
  whyClosed: () => string | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      cancel()
      signal?.removeEventListener('abort', onAbort)
      settle()
    }
    const fail = (kind: TransportErrorKind, message: string, cause?: unknown): void =>
      end(() => reject(new TransportError(kind, message, { cause })))
    const onAbort = (): void => fail('Aborted', 'given up while entering the room', signal?.reason)
    const cancel = clock.setTimer(clock.now() + OPEN_WITHIN_MS, () => {
      const late = `the room could not be entered within ${OPEN_WITHIN_MS / 1_000} s`
      fail('Timeout', [late, whyClosed() ?? []].flat().join(': '))
    })
    signal?.addEventListener('abort', onAbort)
    if (signal?.aborted) return onAbort()
    joining.then(
      () => end(resolve),
      (cause: unknown) => fail('SignalingFailed', 'the room cannot be entered', cause),
    )
  })
}

/** Says at once what would otherwise be a room in which nobody ever connects. */
function assertWebRtc({ iceServers, iceTransportPolicy }: Ice): void {
  if (typeof RTCPeerConnection !== 'function')
    throw new TransportError('Unsupported', 'this browser has no WebRTC data channels')
  try {
    new RTCPeerConnection({ iceServers: [...iceServers], iceTransportPolicy }).close()
  } catch (cause) {
    throw new TransportError('Unsupported', 'the browser refuses a peer connection with these iceServers', { cause })
  }
}

/** 128 bits, so that nobody guesses the name of a session or of an attempt. */
function randomName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')
}
