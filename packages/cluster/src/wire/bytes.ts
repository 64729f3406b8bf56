/**
 * Reading and writing of single fields. Whatever another node sent is read here and nowhere else, so this is where every
 * length is compared with the bytes that are there before anything is made of it.
 *
 * Integers are unsigned LEB128 of at most 8 bytes, shortest form only; texts and byte strings have their length before them.
 */
import { MAX_FRAME_BYTES } from '../transport.ts'
import type { Decoded, DecodeError, DecodeErrorKind } from './frame.ts'
import { MAX_INTEGER, MAX_NODE_ID_BYTES, MAX_TERM } from './limits.ts'
import { copyOut } from './slab.ts'

const MAX_VARINT_BYTES = 8
/** 128⁷: what the eighth byte of a varint counts. */
const LAST_SCALE = 2 ** 49

const utf8Encoder = new TextEncoder()
/** `fatal` refuses surrogates and overlong forms too; without `ignoreBOM` a leading U+FEFF would vanish. */
const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Builds one message in a buffer that is kept from message to message, and copies it out once.
 * Every method throws a RangeError for a value that a `Reader` would not accept.
 */
export class Writer {
  private bytes = new Uint8Array(4096)
  private at = 0

  /** Forgets whatever is there, also what a failed encoding left behind. */
  restart(): this {
    this.at = 0
    return this
  }

  /** An array of its own, for what is kept. */
  finish(): Uint8Array {
    return this.bytes.slice(0, this.at)
  }

  /** For what is sent: cheaper, see `slab.ts`. */
  finishFrame(): Uint8Array {
    if (this.at > MAX_FRAME_BYTES) throw tooLong()
    return copyOut(this.bytes, this.at)
  }

  byte(value: number): void {
    this.reserve(1)
    this.bytes[this.at++] = value
  }

  flag(value: boolean): void {
    this.byte(value ? 1 : 0)
  }

  uint(value: number, min: number, max: number, what: string): void {
    if (!(value >= min && value <= max && Number.isInteger(value))) throw outOfRange(what, value, min, max)
    this.reserve(MAX_VARINT_BYTES)
    const bytes = this.bytes
    let at = this.at
    let rest = value
    while (rest > 0x7fff_ffff) {
      bytes[at++] = (rest % 128) | 0x80
      rest = Math.floor(rest / 128)
    }
    while (rest > 0x7f) {
      bytes[at++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    bytes[at++] = rest
    this.at = at
  }

  integer(value: number, what: string): void {
    this.uint(value, 0, MAX_INTEGER, what)
  }

  term(value: number): void {
    this.uint(value, 0, MAX_TERM, 'term')
  }

  raw(data: Uint8Array): void {
    this.reserve(data.byteLength)
    this.bytes.set(data, this.at)
    this.at += data.byteLength
  }

  data(data: Uint8Array, max: number, what: string): void {
    this.uint(data.byteLength, 0, max, what)
    this.raw(data)
  }

  nodeId(id: string): void {
    // No code unit takes less than a byte: a name that is too long is refused before it is encoded.
    if (id.length > MAX_NODE_ID_BYTES) throw outOfRange('length of a node id', id.length, 1, MAX_NODE_ID_BYTES)
    if (/\p{Cs}/u.test(id)) throw new RangeError('a node id has a lone surrogate, which UTF-8 cannot carry')
    const bytes = utf8Encoder.encode(id)
    this.uint(bytes.byteLength, 1, MAX_NODE_ID_BYTES, 'length of a node id')
    this.raw(bytes)
  }

  private reserve(more: number): void {
    if (this.at + more > this.bytes.length) this.grow(this.at + more)
  }

  private grow(needed: number): void {
    // A varint reserves more than it may use: let it, at the very end of the longest frame.
    if (needed > MAX_FRAME_BYTES + MAX_VARINT_BYTES) {
      throw tooLong()
    }
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2))
    larger.set(this.bytes.subarray(0, this.at))
    this.bytes = larger
  }
}

/** One for all: encoding never waits and never calls back, so no two encodings overlap. */
export const scratch = new Writer()

/** Walks once over hostile bytes. Every method throws a `WireFault`, and nothing else, when they are not as they must be. */
export class Reader {
  private readonly bytes: Uint8Array
  private at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  get offset(): number {
    return this.at
  }

  fault(kind: DecodeErrorKind, message: string, offset = this.at): WireFault {
    return new WireFault({ kind, offset, message })
  }

  byte(what: string): number {
    const value = this.bytes[this.at]
    if (value === undefined) throw this.fault('Truncated', `the frame ends before ${what}`)
    this.at += 1
    return value
  }

  flag(what: string): boolean {
    const value = this.byte(what)
    if (value > 1) throw this.fault('OutOfRange', `${what} is ${value}, neither 0 nor 1`, this.at - 1)
    return value === 1
  }

  uint(min: number, max: number, what: string): number {
    const start = this.at
    const first = this.byte(what)
    const value = first < 0x80 ? first : this.varint(first, start, what)
    if (value < min || value > max) {
      throw this.fault('OutOfRange', `${what} is ${value}, outside ${min}..${max}`, start)
    }
    return value
  }

  integer(what: string): number {
    return this.uint(0, MAX_INTEGER, what)
  }

  term(): number {
    return this.uint(0, MAX_TERM, 'term')
  }

  raw(length: number, what: string): Uint8Array {
    if (length > this.bytes.byteLength - this.at) throw this.fault('Truncated', `the frame ends within ${what}`)
    // Not `subarray`, which gives a Buffer of a Buffer.
    const view = new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + this.at, length)
    this.at += length
    return view
  }

  /** A view of the frame, not a copy. */
  data(max: number, what: string): Uint8Array {
    const start = this.at
    const length = this.integer(what)
    if (length > max) throw this.fault('TooLong', `${what} has ${length} bytes, more than ${max}`, start)
    return this.raw(length, what)
  }

  nodeId(): string {
    const start = this.at
    const bytes = this.data(MAX_NODE_ID_BYTES, 'a node id')
    if (bytes.byteLength === 0) throw this.fault('OutOfRange', 'a node id is empty', start)
    try {
      return utf8Decoder.decode(bytes)
    } catch {
      throw this.fault('InvalidText', 'a node id is not UTF-8', start)
    }
  }

  /** How many of something follow, of which each takes at least `bytesEach`: what cannot be there is refused before room is made. */
  count(max: number, bytesEach: number, what: string): number {
    const start = this.at
    const count = this.integer(what)
    if (count > max) throw this.fault('TooLong', `${count} ${what}, more than ${max}`, start)
    if (count * bytesEach > this.bytes.byteLength - this.at) {
      throw this.fault('Truncated', `the frame is too short for ${count} ${what}`, start)
    }
    return count
  }

  end(): void {
    const left = this.bytes.byteLength - this.at
    if (left > 0) throw this.fault('TrailingBytes', `${left} bytes follow the end`)
  }

  private varint(first: number, start: number, what: string): number {
    let value = first & 0x7f
    let last = first
    for (let scale = 128; last >= 0x80; scale *= 128) {
      if (scale > LAST_SCALE) throw this.fault('OutOfRange', `${what} is longer than ${MAX_VARINT_BYTES} bytes`, start)
      last = this.byte(what)
      value += (last & 0x7f) * scale
    }
    if (last === 0) throw this.fault('OutOfRange', `${what} is not in its shortest form`, start)
    return value
  }
}

/** Carries a DecodeError out of the depth of a decoder. No Error: hostile bytes shall not cost a stack trace. */
export class WireFault {
  readonly error: DecodeError

  constructor(error: DecodeError) {
    this.error = error
  }
}

/** What a decoder returns for what it caught. Anything but a WireFault is a mistake of ours, and goes on. */
export function refused(caught: unknown): Extract<Decoded<never>, { ok: false }> {
  if (caught instanceof WireFault) return { ok: false, error: caught.error }
  throw caught
}

function tooLong(): RangeError {
  return new RangeError(`longer than a frame may be (${MAX_FRAME_BYTES} bytes)`)
}

function outOfRange(what: string, value: number, min: number, max: number): RangeError {
  return new RangeError(`${what} must be an integer from ${min} to ${max}, not ${value}`)
}
