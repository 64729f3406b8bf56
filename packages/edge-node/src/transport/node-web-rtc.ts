/**
 * WebRTC in Node: simple-peer on @roamhq/wrtc, and the one place that knows the habits of that:
 * - `bufferedamountlow` is never fired, so whether there is room again is looked at by a timer;
 * - `bufferedAmount` does not count the first two megabytes: a backlog sent in one go would all lie below us, in one line, and what is urgent at its end;
 * - a connection that is destroyed while one of its own events is told may crash the process: it is destroyed in the next turn;
 * - a channel that is closed from the other end while it is being sent on crashes the process (SIGSEGV): as soon as it closes nothing more is sent on it,
 *   though nobody has been told yet;
 * - an open connection keeps the process alive, and a process that ends with one open may crash in native code: close the transport first.
 */
import { TransportError } from '@flotilla/cluster'
import { type Connection, type ConnectionHandler, type Connections, LOW_WATER_BYTES } from '@flotilla/webrtc-transport'
import { connectBySimplePeer, type WebRtcClasses } from '@flotilla/webrtc-transport/simple-peer'

/** For `webRtcThrough`. Rejects with a TransportError `Unsupported` where there is no binary for this system. */
export async function nodeConnections(): Promise<Connections> {
  const wrtc = await loadWrtc()
  return ice => {
    const connect = connectBySimplePeer(ice, wrtc)
    return (initiator, handler) => new WatchedConnection(connect(initiator, handler), handler)
  }
}

async function loadWrtc(): Promise<WebRtcClasses> {
  try {
    const { default: wrtc } = await import('@roamhq/wrtc')
    return { ...wrtc, RTCPeerConnection: withGuardedChannels(wrtc.RTCPeerConnection) }
  } catch (cause) {
    const system = `${process.platform} on ${process.arch}`
    throw new TransportError('Unsupported', `@roamhq/wrtc cannot be loaded (${system}): npm install @roamhq/wrtc`, {
      cause,
    })
  }
}

function withGuardedChannels(connection: WebRtcClasses['RTCPeerConnection']): WebRtcClasses['RTCPeerConnection'] {
  return class extends connection {
    override createDataChannel(...made: Parameters<RTCPeerConnection['createDataChannel']>): RTCDataChannel {
      const channel = super.createDataChannel(...made)
      const send = channel.send.bind(channel)
      channel.send = (data: never) => {
        if (channel.readyState !== 'open') throw new DOMException('the channel closes', 'InvalidStateError')
        send(data)
      }
      return channel
    }
  }
}

/** A round trip on one machine is half a millisecond. */
const LOOK_EVERY_MS = 2

/**
 * Says when there is room again, and gives a connection no more in one turn of the event loop than it may hold. Whatever is asked of a channel waits for the
 * network's own thread, as sending does: so how much one holds is asked only where it could be too much.
 */
class WatchedConnection implements Connection {
  readonly #connection: Connection
  readonly #handler: ConnectionHandler
  /** What it held when it was last asked, and what it was given since: it holds no more than both. */
  #heldBytes = 0
  #givenBytes = 0
  #nextTurn: NodeJS.Immediate | undefined
  #watch: NodeJS.Timeout | undefined

  constructor(connection: Connection, handler: ConnectionHandler) {
    this.#connection = connection
    this.#handler = handler
  }

  get bufferedBytes(): number {
    return this.#heldBytes + this.#givenBytes
  }

  get fingerprints(): Connection['fingerprints'] {
    return this.#connection.fingerprints
  }

  negotiate(negotiation: Parameters<Connection['negotiate']>[0]): void {
    this.#connection.negotiate(negotiation)
  }

  send(message: Uint8Array<ArrayBuffer>): void {
    this.#connection.send(message)
    this.#givenBytes += message.byteLength
    this.#nextTurn ??= setImmediate(() => this.#turn())
  }

  destroy(): void {
    clearImmediate(this.#nextTurn)
    clearInterval(this.#watch)
    // Its owner hears nothing of it from here on.
    setImmediate(() => this.#connection.destroy())
  }

  #turn(): void {
    this.#nextTurn = undefined
    if (this.bufferedBytes <= LOW_WATER_BYTES) return
    this.#givenBytes = 0
    this.#heldBytes = this.#connection.bufferedBytes
    if (this.#watch !== undefined) return
    this.#watch = setInterval(() => this.#look(), LOOK_EVERY_MS)
    this.#look()
  }

  #look(): void {
    this.#heldBytes = this.#connection.bufferedBytes
    if (this.#heldBytes > LOW_WATER_BYTES) return
    clearInterval(this.#watch)
    this.#watch = undefined
    this.#handler.onWritable()
  }
}
