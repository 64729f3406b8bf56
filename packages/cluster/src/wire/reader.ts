/**
 * Reading of single fields. Whatever another node sent is read here and nowhere else, so this is where every length is
 * compared with the bytes that are there before anything is made of it.
 */
import type { Decoded, DecodeError, DecodeErrorKind } from './frame.ts'
import { MAX_INTEGER, MAX_NODE_ID_BYTES, MAX_TERM } from './limits.ts'
import { MAX_VARINT_BYTES } from './writer.ts'

/** 128⁷: what the eighth byte of a varint counts. */
const LAST_SCALE = 2 ** 49

/** `fatal` refuses surrogates and overlong forms too; without `ignoreBOM` a leading U+FEFF would vanish. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Walks once over hostile bytes. Every method throws a `WireFault`, and nothing else, when they are not as they must be. */
export class Reader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get offset(): number {
    return this.#at
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.byteLength
  }

  fault(kind: DecodeErrorKind, message: string, offset = this.#at): WireFault {
    return new WireFault({ kind, offset, message })
  }

  byte(what: string): number {
    const value = this.#bytes[this.#at]
    if (value === undefined) throw this.fault('Truncated', `the frame ends before ${what}`)
    this.#at += 1
    return value
  }

  flag(what: string): boolean {
    const value = this.byte(what)
    if (value > 1) throw this.fault('OutOfRange', `${what} is ${value}, neither 0 nor 1`, this.#at - 1)
    return value === 1
  }

  uint(min: number, max: number, what: string): number {
    const start = this.#at
    const first = this.byte(what)
    const value = first < 0x80 ? first : this.#varint(first, start, what)
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
    if (length > this.#bytes.byteLength - this.#at) throw this.fault('Truncated', `the frame ends within ${what}`)
    // Not `subarray`, which gives a Buffer of a Buffer.
    const view = new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, length)
    this.#at += length
    return view
  }

  /** Steps over these very bytes, if they are what comes next. */
  skip(expected: Uint8Array): boolean {
    for (let i = 0; i < expected.length; i++) if (this.#bytes[this.#at + i] !== expected[i]) return false
    this.#at += expected.length
    return true
  }

  /** A view of the frame, not a copy. */
  data(max: number, what: string): Uint8Array {
    const start = this.#at
    const length = this.integer(what)
    if (length > max) throw this.fault('TooLong', `${what} has ${length} bytes, more than ${max}`, start)
    return this.raw(length, what)
  }

  nodeId(): string {
    const start = this.#at
    const id = this.text(MAX_NODE_ID_BYTES, 'a node id')
    if (id === '') throw this.fault('OutOfRange', 'a node id is empty', start)
    return id
  }

  text(max: number, what: string): string {
    const start = this.#at
    const bytes = this.data(max, what)
    try {
      return utf8.decode(bytes)
    } catch {
      throw this.fault('InvalidText', `${what} is not UTF-8`, start)
    }
  }

  /** How many of something follow, of which each takes at least `bytesEach`: what cannot be there is refused before room is made. */
  count(max: number, bytesEach: number, what: string): number {
    const start = this.#at
    const count = this.integer(what)
    if (count > max) throw this.fault('TooLong', `${count} ${what}, more than ${max}`, start)
    if (count * bytesEach > this.#bytes.byteLength - this.#at) {
      throw this.fault('Truncated', `the frame is too short for ${count} ${what}`, start)
    }
    return count
  }

  end(): void {
    const left = this.#bytes.byteLength - this.#at
    if (left > 0) throw this.fault('TrailingBytes', `${left} bytes follow the end`)
  }

  #varint(first: number, start: number, what: string): number {
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
