/**
 * Connections by simple-peer, and the one place that knows its habits:
 * - it lists public STUN servers unless told otherwise, so `iceServers` is always passed;
 * - it emits `error` even when the other side closed cleanly: `close` follows in any case and is all we listen to;
 * - its own channel is made when it wants to, and cannot be handed to a worker: ours lies beside it (`channel.ts`), and its
 *   own, which stays in the page, has one word on it: that the page closes;
 * - it negotiates in a microtask of its own, so whatever is to be part of that is made in the task that makes it.
 */
import type { ObstacleKind } from '@flotilla/cluster'
import SimplePeer from 'simple-peer/simplepeer.min.js'
import { makeChannel } from './channel.ts'
import type { Connect } from './connection.ts'
import { fingerprintIn } from './fingerprint.ts'
import type { Fingerprints } from './handshake.ts'
import type { IceCandidate, Negotiation } from './signal.ts'
import { VouchedChannel } from './vouched-channel.ts'

export interface Ice {
  readonly iceServers: readonly RTCIceServer[]
  readonly iceTransportPolicy: RTCIceTransportPolicy
}

/** What connections are made of where there is no browser. */
export interface WebRtcClasses {
  readonly RTCPeerConnection: typeof RTCPeerConnection
  readonly RTCSessionDescription: typeof RTCSessionDescription
  readonly RTCIceCandidate: typeof RTCIceCandidate
}

interface PeerHandler {
  onNegotiation(negotiation: Negotiation): void
  onObstacle(kind: ObstacleKind | undefined): void
  onBye(): void
  onClose(): void
}

/** All that is ever said on simple-peer's own channel. */
const BYE = 1
const isBye = (data: unknown): boolean => data instanceof Uint8Array && data.byteLength === 1 && data[0] === BYE

/** A connection without what goes over it: the channel belongs to whoever takes it, here or in a worker. */
export class PeerConnection {
  readonly channel: RTCDataChannel
  readonly #peer: SimplePeer
  #over = false

  /** @throws where the browser makes no connection */
  constructor(initiator: boolean, { iceServers, iceTransportPolicy }: Ice, handler: PeerHandler, wrtc?: WebRtcClasses) {
    const peer = new SimplePeer({
      initiator,
      config: { iceServers: [...iceServers], iceTransportPolicy },
      objectMode: true,
      ...(wrtc && { wrtc }),
    })
    const connection = peer._pc
    if (connection === null) throw new Error('the browser closed a connection while it was made')
    this.#peer = peer
    this.channel = makeChannel(connection)
    watchObstacles(connection, kind => !this.#over && handler.onObstacle(kind))
    peer.on('signal', data => {
      const negotiation = negotiationOf(data)
      if (negotiation !== undefined && !this.#over) handler.onNegotiation(negotiation)
    })
    peer.on('data', data => {
      if (isBye(data) && !this.#over) handler.onBye()
    })
    peer.on('error', () => {})
    peer.on('close', () => {
      if (this.#over) return
      this.#over = true
      handler.onClose()
    })
  }

  negotiate(negotiation: Negotiation): void {
    if (this.#over || negotiation.type === 'relayOffer' || negotiation.type === 'relayAnswer') return
    try {
      this.#peer.signal(negotiation.type === 'candidate' ? { candidate: negotiation.candidate } : negotiation)
    } catch {
      // The browser did not like the shape of a candidate.
      this.#peer.destroy()
    }
  }

  /** Once both sides have said what they have: the fingerprints of their certificates, `undefined` where they cannot be told. */
  onDescribed(told: (fingerprints: Fingerprints | undefined) => void): void {
    const connection = this.#peer._pc
    connection?.addEventListener('signalingstatechange', () => {
      if (connection.signalingState !== 'stable') return
      const ours = fingerprintIn(connection.localDescription?.sdp)
      const theirs = fingerprintIn(connection.remoteDescription?.sdp)
      told(ours === undefined || theirs === undefined ? undefined : { ours, theirs })
    })
  }

  /** To the other end of whatever became of the channel. Nothing is waited for: the page closes. */
  sayBye(): void {
    try {
      this.#peer.send(Uint8Array.of(BYE))
    } catch {
      // Not connected yet, or not any more.
    }
  }

  /** Nothing is called afterwards. */
  destroy(): void {
    this.#over = true
    this.#peer.destroy()
  }
}

/** That nothing gets through is what remains if neither of these does. */
function watchObstacles(connection: RTCPeerConnection, tell: (kind: ObstacleKind | undefined) => void): void {
  let refused = false
  // A relay that does not answer is waited for longer than a connection is.
  tell('NoCandidates')
  connection.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate?.candidate && !refused) tell(undefined)
  })
  connection.addEventListener('icecandidateerror', ({ errorCode }) => {
    if (errorCode !== UNAUTHORIZED) return
    refused = true
    tell('WrongCredentials')
  })
}

/** What a TURN server answers to a wrong name or password (RFC 5389). */
const UNAUTHORIZED = 401

/** @param wrtc by default the browser's own */
export function connectBySimplePeer(ice: Ice, wrtc?: WebRtcClasses): Connect {
  return (initiator, handler) => {
    let over = false
    const close = (): void => {
      if (over) return
      over = true
      handler.onClose()
    }
    const told = {
      onNegotiation: (negotiation: Negotiation) => handler.onNegotiation(negotiation),
      onObstacle: (kind: ObstacleKind | undefined) => handler.onObstacle?.(kind),
      onBye: () => handler.onBye?.(),
      onClose: close,
    }
    const peer = new PeerConnection(initiator, ice, told, wrtc)
    const end = new VouchedChannel(peer.channel, {
      onOpen: () => handler.onOpen(),
      onMessage: message => handler.onMessage(message),
      onWritable: () => handler.onWritable(),
      onClose: () => {
        peer.destroy()
        close()
      },
    })
    peer.onDescribed(fingerprints => end.vouch(fingerprints))
    return {
      negotiate: negotiation => peer.negotiate(negotiation),
      send: message => end.send(message),
      get bufferedBytes() {
        return end.bufferedBytes
      },
      get fingerprints() {
        return end.fingerprints
      },
      destroy(): void {
        over = true
        end.close()
        peer.destroy()
      },
    }
  }
}

/** What simple-peer wants the other side to know, if it is of a kind that a data channel needs. */
function negotiationOf(data: unknown): Negotiation | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  if ('sdp' in data && typeof data.sdp === 'string' && 'type' in data) {
    if (data.type === 'offer' || data.type === 'answer') return { type: data.type, sdp: data.sdp }
  }
  if ('candidate' in data && isCandidate(data.candidate)) return { type: 'candidate', candidate: data.candidate }
  return undefined
}

function isCandidate(value: unknown): value is IceCandidate {
  return typeof value === 'object' && value !== null && 'candidate' in value && typeof value.candidate === 'string'
}
