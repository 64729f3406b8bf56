/**
 * The data channel that we use: one of our own beside simple-peer's, made by both sides under a number that both know, so that
 * it is there from the first moment on. That is when it can still be handed to a worker, where nothing else holds it up.
 */
import { LOW_WATER_BYTES } from './connection.ts'

/** Browsers count their own from 0. */
const CHANNEL_ID = 100

/** Before the two sides negotiate. @throws where a connection cannot be used any more */
export function makeChannel(connection: RTCPeerConnection): RTCDataChannel {
  return connection.createDataChannel('flotilla', { negotiated: true, id: CHANNEL_ID })
}

export interface ChannelHandler {
  onOpen(): void
  /** `undefined` for a message that is not bytes. */
  onMessage(message: Uint8Array | undefined): void
  onWritable(): void
  onClose(): void
}

/** What is used of a channel. */
export type Channel = Pick<
  RTCDataChannel,
  'addEventListener' | 'binaryType' | 'bufferedAmount' | 'bufferedAmountLowThreshold' | 'close' | 'readyState' | 'send'
>

/** This end of such a channel, in a page or in a worker. */
export class ChannelEnd {
  readonly #channel: Channel
  readonly #handler: ChannelHandler
  #open = false
  #over = false

  constructor(channel: Channel, handler: ChannelHandler) {
    this.#channel = channel
    this.#handler = handler
    channel.binaryType = 'arraybuffer'
    channel.bufferedAmountLowThreshold = LOW_WATER_BYTES
    channel.addEventListener('open', this.#onOpen)
    channel.addEventListener('bufferedamountlow', () => {
      if (!this.#over) handler.onWritable()
    })
    channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (!this.#over) handler.onMessage(data instanceof ArrayBuffer ? new Uint8Array(data) : undefined)
    })
    channel.addEventListener('closing', () => {
      this.#open = false
    })
    channel.addEventListener('close', () => {
      this.#open = false
      if (!this.#over) handler.onClose()
    })
    // One that was made elsewhere may have come as far as this on its way here.
    if (channel.readyState === 'open') queueMicrotask(this.#onOpen)
  }

  get bufferedBytes(): number {
    return this.#channel.bufferedAmount
  }

  /**
   * By what the channel has told, as not all browsers throw themselves; in Node, to ask for its state is to wait for another thread.
   *
   * @throws where nothing can be sent
   */
  send(message: Uint8Array<ArrayBuffer>): void {
    if (!this.#open) throw new Error('the channel is not open')
    this.#channel.send(message)
  }

  /** Nothing is called afterwards. */
  close(): void {
    this.#over = true
    this.#channel.close()
  }

  readonly #onOpen = (): void => {
    if (this.#open || this.#over) return
    this.#open = true
    this.#handler.onOpen()
  }
}
