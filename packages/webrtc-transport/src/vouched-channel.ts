/**
 * A channel together with the certificates at its ends. Browsers tell of the two in either order, a busy one of an open channel
 * before it shows the description that its peer has answered with; of use it is once both are known, and what arrives until then waits.
 */
import { type Channel, ChannelEnd, type ChannelHandler } from './channel.ts'
import type { Fingerprints } from './handshake.ts'

/** Of a peer that speaks before its channel is known to be its own: a handshake is three. */
const MAX_EARLY_MESSAGES = 16

export class VouchedChannel {
  readonly #handler: ChannelHandler
  readonly #end: ChannelEnd
  #open = false
  #vouched = false
  #over = false
  #fingerprints: Fingerprints | undefined
  #early: (Uint8Array | undefined)[] = []

  constructor(channel: Channel, handler: ChannelHandler) {
    this.#handler = handler
    this.#end = new ChannelEnd(channel, {
      onOpen: () => {
        this.#open = true
        this.#lookWhetherUsable()
      },
      onMessage: message => {
        if (this.#isUsable) handler.onMessage(message)
        else if (this.#early.length < MAX_EARLY_MESSAGES) this.#early.push(message)
        else this.#breakOff()
      },
      onWritable: () => this.#isUsable && handler.onWritable(),
      onClose: () => this.#breakOff(),
    })
  }

  /** Both sides have shown their certificates. @param fingerprints `undefined` where they cannot be told */
  vouch(fingerprints: Fingerprints | undefined): void {
    if (this.#vouched) return
    this.#vouched = true
    this.#fingerprints = fingerprints
    this.#lookWhetherUsable()
  }

  get fingerprints(): Fingerprints | undefined {
    return this.#fingerprints
  }

  get bufferedBytes(): number {
    return this.#end.bufferedBytes
  }

  /** @throws where nothing can be sent */
  send(message: Uint8Array<ArrayBuffer>): void {
    this.#end.send(message)
  }

  /** Nothing is called afterwards. */
  close(): void {
    this.#over = true
    this.#early = []
    this.#end.close()
  }

  get #isUsable(): boolean {
    return this.#open && this.#vouched && !this.#over
  }

  #lookWhetherUsable(): void {
    if (!this.#isUsable) return
    this.#handler.onOpen()
    for (const message of this.#early.splice(0)) if (!this.#over) this.#handler.onMessage(message)
  }

  #breakOff(): void {
    if (this.#over) return
    this.close()
    this.#handler.onClose()
  }
}
