/**
 * Transport between browser tabs: a full mesh of WebRTC data channels within a room. Ties the mesh to the browser: its
 * connections, its signalling, and what a page does when it is closed.
 */
import {
  type Clock,
  type Lane,
  MAX_FRAME_BYTES,
  type Transport,
  TransportError,
  type TransportErrorKind,
  type TransportHandler,
} from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import { broadcastChannelSignaling } from './broadcast-channel-signaling.ts'
import { ConnectionOnDemand } from './connection-on-demand.ts'
import { Mesh, type MeshStats } from './mesh.ts'
import { isId } from './signal.ts'
import { SignalBus } from './signal-bus.ts'
import type { Signaling } from './signaling.ts'
import { timeoutClock } from './timeout-clock.ts'

/** The room has to be entered by then. Milliseconds. */
export const OPEN_WITHIN_MS = 10_000

export interface WebRtcOptions {
  /**
   * How tabs find each other; several ways at once are fine, and the quickest is heard. Default: a BroadcastChannel,
   * which reaches the tabs of this browser and needs no server.
   */
  readonly signaling?: SignalingWay | readonly SignalingWay[]
  /** STUN and TURN servers. Default: none, which is enough within a machine and most local networks. */
  readonly iceServers?: readonly RTCIceServer[]
  /** Times discovery only; what is sent never waits for a timer. */
  readonly clock?: Clock
  /** Uniform in [0, 1): spreads retries. */
  readonly random?: () => number
}

export type SignalingWay = (room: string) => Signaling

export interface WebRtcTransport extends Transport {
  stats(): MeshStats
  /** Why nobody can be connected to now, if the code that does it could not be loaded. It is tried again for each peer. */
  readonly failure: TransportError | undefined
}

export function webRtc(options: WebRtcOptions = {}): (room: string) => WebRtcTransport {
  const { signaling = broadcastChannelSignaling } = options
  const ways = typeof signaling === 'function' ? [signaling] : signaling
  return room =>
    new MeshTransport(
      new SignalBus(
        ways.map(way => way(room)),
        randomName(),
      ),
      options,
    )
}

class MeshTransport implements WebRtcTransport {
  readonly #signaling: Signaling
  readonly #options: WebRtcOptions
  #mesh: Mesh | undefined
  #connections: ConnectionOnDemand | undefined
  #closed = false

  constructor(signaling: Signaling, options: WebRtcOptions) {
    this.#signaling = signaling
    this.#options = options
  }

  async open(self: NodeId, handler: TransportHandler, signal?: AbortSignal): Promise<void> {
    if (this.#closed) throw new TransportError('Closed', 'a closed transport does not open again')
    if (this.#mesh !== undefined) throw new Error('a transport is opened once')
    if (!isId(self)) throw new RangeError('a node id is well-formed text of 1 to 64 bytes')
    const { iceServers = [], clock = timeoutClock, random = Math.random } = this.#options
    assertWebRtc(iceServers)

    const connections = new ConnectionOnDemand(async () => {
      const { connectBySimplePeer } = await import('./simple-peer-connection.ts')
      return connectBySimplePeer(iceServers)
    })
    this.#connections = connections
    const surroundings = { clock, random, connect: connections.connect, newName: randomName }
    const mesh = new Mesh(self, this.#signaling, surroundings, handler)
    this.#mesh = mesh
    const joined = this.#signaling.join(self, {
      onSignal: text => mesh.receive(text),
      onReturn: () => mesh.announce(),
    })
    try {
      await withinBounds(joined, clock, signal)
    } catch (error) {
      // Whoever is let in after all would be there for nobody.
      this.#signaling.leave()
      throw error
    }
    if (this.#closed) throw new TransportError('Closed', 'closed while opening')
    globalThis.addEventListener?.('pagehide', this.#onPageHide)
    globalThis.addEventListener?.('pageshow', this.#onPageShow)
    globalThis.addEventListener?.('online', this.#onOnline)
    mesh.announce()
    connections.prefetch()
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

  stats(): MeshStats {
    return this.#mesh?.stats() ?? { peers: new Map(), refusedSignals: 0, undeliverable: 0 }
  }

  get failure(): TransportError | undefined {
    return this.#connections?.failure
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    globalThis.removeEventListener?.('pagehide', this.#onPageHide)
    globalThis.removeEventListener?.('pageshow', this.#onPageShow)
    globalThis.removeEventListener?.('online', this.#onOnline)
    this.#mesh?.close()
    this.#signaling.leave()
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
  readonly #onOnline = (): void => this.#mesh?.announce()
}

/** What `joining` resolves with; rejects with a TransportError when it rejects, takes too long, or is aborted. */
function withinBounds(joining: Promise<void>, clock: Clock, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      cancel()
      signal?.removeEventListener('abort', onAbort)
      settle()
    }
    const fail = (kind: TransportErrorKind, message: string, cause?: unknown): void =>
      end(() => reject(new TransportError(kind, message, { cause })))
    const onAbort = (): void => fail('Aborted', 'given up while entering the room', signal?.reason)
    const cancel = clock.setTimer(clock.now() + OPEN_WITHIN_MS, () =>
      fail('Timeout', `the room could not be entered within ${OPEN_WITHIN_MS / 1_000} s`),
    )
    signal?.addEventListener('abort', onAbort)
    if (signal?.aborted) return onAbort()
    joining.then(
      () => end(resolve),
      (cause: unknown) => fail('SignalingFailed', 'the room cannot be entered', cause),
    )
  })
}

/** Says at once what would otherwise be a room in which nobody ever connects. */
function assertWebRtc(iceServers: readonly RTCIceServer[]): void {
  if (typeof RTCPeerConnection !== 'function')
    throw new TransportError('Unsupported', 'this browser has no WebRTC data channels')
  try {
    new RTCPeerConnection({ iceServers: [...iceServers] }).close()
  } catch (cause) {
    throw new TransportError('Unsupported', 'the browser refuses a peer connection with these iceServers', { cause })
  }
}

/** 128 bits, so that nobody guesses the name of a session or of an attempt. */
function randomName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')
}
