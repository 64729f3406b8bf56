/**
 * A Connection on simple-peer, and the one place that knows its habits:
 * - it lists public STUN servers unless told otherwise, so `iceServers` is always passed;
 * - it emits `error` even when the other side closed cleanly: `close` follows in any case and is all we listen to;
 * - `write()` is slow, and an oversized message through it destroys the peer: we use `send()`;
 * - its own back-pressure is tied to `write()`: we listen to the data channel itself;
 * - `connect` waits for a poll of statistics, so the first message may come before it.
 */
import SimplePeer from 'simple-peer/simplepeer.min.js'
import { type Connect, LOW_WATER_BYTES } from './connection.ts'
import { fingerprintIn } from './fingerprint.ts'
import type { IceCandidate, Negotiation } from './signal.ts'

export interface Ice {
  readonly iceServers: readonly RTCIceServer[]
  readonly iceTransportPolicy: RTCIceTransportPolicy
}

export function connectBySimplePeer({ iceServers, iceTransportPolicy }: Ice): Connect {
  return (initiator, handler) => {
    const peer = new SimplePeer({
      initiator,
      config: { iceServers: [...iceServers], iceTransportPolicy },
      objectMode: true,
    })
    let open = false
    let over = false

    const onceOpen = (): void => {
      if (open || over) return
      const channel = peer._channel
      if (channel === null) return
      open = true
      channel.bufferedAmountLowThreshold = LOW_WATER_BYTES
      channel.addEventListener('bufferedamountlow', () => {
        if (!over) handler.onWritable()
      })
      handler.onOpen()
    }
    const close = (): void => {
      if (over) return
      over = true
      handler.onClose()
    }

    peer.on('signal', data => {
      const negotiation = negotiationOf(data)
      if (negotiation !== undefined && !over) handler.onNegotiation(negotiation)
    })
    peer.on('connect', onceOpen)
    peer.on('data', data => {
      onceOpen()
      if (open && !over) handler.onMessage(data instanceof Uint8Array ? data : undefined)
    })
    peer.on('error', () => {})
    peer.on('close', close)

    return {
      negotiate(negotiation: Negotiation): void {
        if (over) return
        try {
          peer.signal(negotiation.type === 'candidate' ? { candidate: negotiation.candidate } : negotiation)
        } catch {
          // The browser did not like the shape of a candidate.
          peer.destroy()
        }
      },
      send: message => peer.send(message),
      get bufferedBytes() {
        return peer._channel?.bufferedAmount ?? 0
      },
      get fingerprints() {
        const ours = fingerprintIn(peer._pc?.localDescription?.sdp)
        const theirs = fingerprintIn(peer._pc?.remoteDescription?.sdp)
        return ours === undefined || theirs === undefined ? undefined : { ours, theirs }
      },
      destroy(): void {
        over = true
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
