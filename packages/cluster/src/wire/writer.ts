/**
 * Writing of single fields. Integers are unsigned LEB128 of at most 8 bytes, shortest form only; texts and byte strings
 * have their length before them.
 */
import { MAX_FRAME_BYTES } from '../transport.ts'
import { MAX_INTEGER, MAX_NODE_ID_BYTES, MAX_TERM } from './limits.ts'

/** Eight times seven bits hold every integer up to 2⁵³−1. */
export const MAX_VARINT_BYTES = 8

const SLAB_BYTES = 16 * 1024
/** Frames up to this share a slab; longer ones get an array of their own: there the copying dominates anyway. */
const MAX_SHARE_BYTES = 1024

const utf8 = new TextEncoder()

/**
 * Builds one message after the other in a slab. An array of its own for each lies outside V8's heap, and would cost more
 * than all the rest of encoding. Every method throws a RangeError for a value that a `Reader` would not accept.
 */
export class Writer {
  #slab = new Uint8Array(SLAB_BYTES)
  /** Where the message begins; what is before it has been given away. */
  #start = 0
  #at = 0

  /** Forgets whatever a failed encoding left behind. */
  restart(): this {
    // One long message shall not make all later short ones keep its slab alive.
    if (this.#slab.length > SLAB_BYTES || this.#start + MAX_SHARE_BYTES > SLAB_BYTES) {
      this.#slab = new Uint8Array(SLAB_BYTES)
      this.#start = 0
    }
    this.#at = this.#start
    return this
  }

  /** An array of its own, for what is kept. */
  finish(): Uint8Array {
    return this.#slab.slice(this.#start, this.#at)
  }

  /** For what is sent and soon forgotten: whoever keeps it keeps the slab, whoever transfers its buffer takes its neighbours along. */
  finishFrame(): Uint8Array {
    const length = this.#at - this.#start
    if (length > MAX_FRAME_BYTES) throw tooLong()
    if (length > MAX_SHARE_BYTES) return this.finish()
    const frame = new Uint8Array(this.#slab.buffer, this.#start, length)
    this.#start = this.#at
    return frame
  }

  byte(value: number): void {
    this.#reserve(1)
    this.#slab[this.#at++] = value
  }

  flag(value: boolean): void {
    this.byte(value ? 1 : 0)
  }

  uint(value: number, min: number, max: number, what: string): void {
    if (!(value >= min && value <= max && Number.isInteger(value))) throw outOfRange(what, value, min, max)
    this.#reserve(MAX_VARINT_BYTES)
    const slab = this.#slab
    let at = this.#at
    let rest = value
    while (rest > 0x7fff_ffff) {
      slab[at++] = (rest % 128) | 0x80
      rest = Math.floor(rest / 128)
    }
    while (rest > 0x7f) {
      slab[at++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    slab[at++] = rest
    this.#at = at
  }

  integer(value: number, what: string): void {
    this.uint(value, 0, MAX_INTEGER, what)
  }

  term(value: number): void {
    this.uint(value, 0, MAX_TERM, 'term')
  }

  raw(data: Uint8Array): void {
    this.#reserve(data.byteLength)
    this.#slab.set(data, this.#at)
    this.#at += data.byteLength
  }

  data(data: Uint8Array, max: number, what: string): void {
    this.uint(data.byteLength, 0, max, what)
    this.raw(data)
  }

  nodeId(id: string): void {
    this.text(id, 1, MAX_NODE_ID_BYTES, 'a node id')
  }

  /** Bounds are in bytes. */
  text(text: string, min: number, max: number, what: string): void {
    // No code unit takes less than a byte: a text that is too long is refused before it is encoded.
    if (text.length > max) throw outOfRange(`length of ${what}`, text.length, min, max)
    if (/\p{Cs}/u.test(text)) throw new RangeError(`${what} has a lone surrogate, which UTF-8 cannot carry`)
    const bytes = utf8.encode(text)
    this.uint(bytes.byteLength, min, max, `length of ${what}`)
    this.raw(bytes)
  }

  #reserve(more: number): void {
    if (this.#at + more > this.#slab.length) this.#grow(more)
  }

  #grow(more: number): void {
    const needed = this.#at - this.#start + more
    // A varint reserves more than it may use: let it, at the very end of the longest frame.
    if (needed > MAX_FRAME_BYTES + MAX_VARINT_BYTES) throw tooLong()
    const larger = new Uint8Array(Math.max(SLAB_BYTES, 2 * needed))
    larger.set(this.#slab.subarray(this.#start, this.#at))
    this.#slab = larger
    this.#at -= this.#start
    this.#start = 0
  }
}

/** One for all: encoding never waits and never calls back, so no two encodings overlap. */
export const scratch = new Writer()

function tooLong(): RangeError {
  return new RangeError(`longer than a frame may be (${MAX_FRAME_BYTES} bytes)`)
}

function outOfRange(what: string, value: number, min: number, max: number): RangeError {
  return new RangeError(`${what} must be an integer from ${min} to ${max}, not ${value}`)
}
