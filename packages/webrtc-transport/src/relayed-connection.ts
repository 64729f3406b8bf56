/**
 * A Connection for peers that cannot meet: what would go through a data channel goes through somebody who reaches both,
 * sealed from end to end. To the mesh it is a channel like any other: same messages, same order, same back-pressure, and
 * the same handshake on top, which signs the keys of this connection where it would sign certificates.
 *
 * Whoever carries it can lose, repeat, alter or reorder what it carries. What was altered does not open, what was heard is
 * not heard again, and what is missing closes the connection, as a broken channel would be closed: so a channel's promise
 * holds, or there is no channel.
 */
import type { Clock } from '@flotilla/cluster'
import { Alarm } from './alarm.ts'
import { type Connection, type ConnectionHandler, LOW_WATER_BYTES } from './connection.ts'
import type { Fingerprints } from './handshake.ts'
import { deriveRelayKeys, newRelayKeyPair, type RelayKeyPair, type RelayKeys } from './relay-keys.ts'
import {
  decodeWord,
  encodeRelayed,
  encodeWord,
  nonceOf,
  type RelayedMessage,
  type RelayedWord,
} from './relayed-message.ts'
import type { Negotiation } from './signal.ts'

/** So many bytes are taken before that is said: often enough for a sender that may have twice LOW_WATER_BYTES under way. */
const SAY_TAKEN_EVERY_BYTES = LOW_WATER_BYTES / 2
/** How often a peer that was silent since the last time is asked whether it is there, and how often in vain. Milliseconds. */
const ASK_EVERY_MS = 5_000
const MAX_UNANSWERED = 3
/** What may wait to be opened: more than an honest peer has under way. A flood beyond is dropped, and with it the connection. */
const MAX_UNOPENED_BYTES = 2 << 20
/** What each message counts besides its bytes: small ones are not free for those who carry them. */
const OVERHEAD_BYTES = 64

export interface RelayedConnectionOptions {
  readonly initiator: boolean
  readonly name: string
  /** The room. */
  readonly topic: string
  readonly clock: Clock
  readonly handler: ConnectionHandler
  /** Gives a message to whoever carries it. `false`: it was not taken. */
  post(message: Uint8Array<ArrayBuffer>): boolean
  /** It is over, and nothing is received for it any more. */
  over(): void
}

export class RelayedConnection implements Connection {
  readonly #options: RelayedConnectionOptions
  readonly #asking: Alarm
  #own: RelayKeyPair | undefined
  #theirs: string | undefined
  #isOpen = false
  #isOver = false
  #lettingKeysCome: ((keys: RelayKeys) => void) | undefined
  /** Sealing and opening take their time; what goes and what comes keeps its order. Nothing does either before there are keys. */
  readonly #keys = new Promise<RelayKeys>(resolve => {
    this.#lettingKeysCome = resolve
  })
  #sealing: Promise<unknown> = this.#keys
  #opening: Promise<unknown> = this.#keys
  #sent = 0
  #heard = 0
  #unopenedBytes = 0
  #sentBytes = 0
  #takenBytes = 0
  #receivedBytes = 0
  #saidTakenBytes = 0
  #heardSinceAsked = false
  #unanswered = 0

  constructor(options: RelayedConnectionOptions) {
    this.#options = options
    this.#asking = new Alarm(options.clock)
    if (options.initiator) void this.#orClose(this.#offer())
  }

  negotiate(negotiation: Negotiation): void {
    const { initiator } = this.#options
    if (negotiation.type !== (initiator ? 'relayAnswer' : 'relayOffer') || this.#theirs !== undefined) return
    this.#theirs = negotiation.key
    void this.#orClose(this.#agree(negotiation.key))
  }

  send(message: Uint8Array): void {
    if (!this.#isOpen || this.#isOver) throw new Error('not open')
    this.#sentBytes += message.byteLength + OVERHEAD_BYTES
    this.#say({ kind: 'message', bytes: message.slice() })
  }

  /** What has not arrived yet, wherever it is. */
  get bufferedBytes(): number {
    return this.#sentBytes - this.#takenBytes
  }

  get fingerprints(): Fingerprints | undefined {
    if (this.#own === undefined || this.#theirs === undefined) return undefined
    return { ours: `relay ${this.#own.publicKey}`, theirs: `relay ${this.#theirs}` }
  }

  destroy(): void {
    if (this.#isOver) return
    if (this.#isOpen) this.#say({ kind: 'closed' })
    this.#end()
  }

  /** A message that came for this connection, by whatever way. `false` if nobody at the other end has sent it now. */
  async receive({ number, sealed }: RelayedMessage): Promise<boolean> {
    if (this.#isOver || number <= this.#heard) return false
    const bytes = sealed.byteLength + OVERHEAD_BYTES
    if (this.#unopenedBytes + bytes > MAX_UNOPENED_BYTES) {
      this.close()
      return false
    }
    this.#unopenedBytes += bytes
    const opened = this.#opening.then(async () => {
      const { opening } = await this.#keys
      const plain = await open(sealed, number, opening)
      this.#unopenedBytes -= bytes
      if (plain === undefined || this.#isOver || number <= this.#heard) return false
      // Theirs beyond doubt, and one before it is missing.
      if (number !== this.#heard + 1) this.close()
      else this.#take(number, plain)
      return true
    })
    this.#opening = opened
    return opened
  }

  /** It carries no more. */
  close(): void {
    if (this.#isOver) return
    this.#end()
    this.#options.handler.onClose()
  }

  async #offer(): Promise<void> {
    this.#own = await newRelayKeyPair()
    if (!this.#isOver) this.#options.handler.onNegotiation({ type: 'relayOffer', key: this.#own.publicKey })
  }

  async #agree(theirs: string): Promise<void> {
    const { initiator, name, topic, handler } = this.#options
    this.#own ??= await newRelayKeyPair()
    const keys = await deriveRelayKeys(this.#own, theirs, initiator, [topic, name])
    if (this.#isOver) return
    if (!initiator) handler.onNegotiation({ type: 'relayAnswer', key: this.#own.publicKey })
    this.#isOpen = true
    this.#lettingKeysCome?.(keys)
    this.#askLater()
    handler.onOpen()
  }

  #take(number: number, plain: Uint8Array<ArrayBuffer>): void {
    const word = decodeWord(plain)
    this.#heard = number
    this.#heardSinceAsked = true
    switch (word?.kind) {
      case 'message':
        this.#receivedBytes += word.bytes.byteLength + OVERHEAD_BYTES
        if (this.#receivedBytes - this.#saidTakenBytes >= SAY_TAKEN_EVERY_BYTES) this.#sayTaken()
        return this.#options.handler.onMessage(word.bytes)
      case 'taken': {
        if (word.bytes < this.#takenBytes || word.bytes > this.#sentBytes) return this.close()
        const wasFull = this.bufferedBytes > LOW_WATER_BYTES
        this.#takenBytes = word.bytes
        if (wasFull && this.bufferedBytes <= LOW_WATER_BYTES) this.#options.handler.onWritable()
        return
      }
      case 'ping':
        return this.#sayTaken()
      case 'closed':
      case undefined:
        return this.close()
      default:
        word satisfies never
    }
  }

  #sayTaken(): void {
    this.#saidTakenBytes = this.#receivedBytes
    this.#say({ kind: 'taken', bytes: this.#receivedBytes })
  }

  #say(word: RelayedWord): void {
    const number = ++this.#sent
    this.#sealing = this.#orClose(
      this.#sealing.then(async () => {
        // The last word is said by one that is over.
        if (this.#isOver && word.kind !== 'closed') return
        const { sealing } = await this.#keys
        const parameters = { name: 'AES-GCM', iv: nonceOf(number) }
        const sealed = new Uint8Array(await crypto.subtle.encrypt(parameters, sealing, encodeWord(word)))
        const { name, post } = this.#options
        if (!post(encodeRelayed(name, number, sealed))) this.close()
      }),
    )
  }

  /** A peer that has gone without a word says no more: nobody tells us otherwise. */
  #askLater(): void {
    this.#asking.set(ASK_EVERY_MS, () => {
      this.#unanswered = this.#heardSinceAsked ? 0 : this.#unanswered + 1
      if (this.#unanswered > MAX_UNANSWERED) return this.close()
      if (!this.#heardSinceAsked) this.#say({ kind: 'ping' })
      this.#heardSinceAsked = false
      this.#askLater()
    })
  }

  #orClose(step: Promise<void>): Promise<void> {
    return step.catch(() => this.close())
  }

  #end(): void {
    this.#isOver = true
    this.#asking.cancel()
    this.#options.over()
  }
}

async function open(
  sealed: Uint8Array<ArrayBuffer>,
  number: number,
  key: CryptoKey,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonceOf(number) }, key, sealed))
  } catch {
    return undefined
  }
}
