/**
 * 64 bits over numbers and bytes, fast and without allocation: two lanes in the manner of MurmurHash3, each with constants of its
 * own. It notices what went wrong by accident; whoever means harm can find two states of one hash.
 */

export class StateHash {
  #a = 0x9747b28c
  #b = 0x3c6ef372
  #words = 0

  number(value: number): void {
    this.#word(value | 0)
    this.#word((value / 2 ** 32) | 0)
  }

  /** Its length first, so that what follows is told apart from it. */
  bytes(bytes: Uint8Array): void {
    this.number(bytes.byteLength)
    const whole = bytes.byteLength & ~3
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let at = 0; at < whole; at += 4) this.#word(view.getInt32(at, true))
    let rest = 0
    for (let at = whole; at < bytes.byteLength; at++) rest = (rest << 8) | view.getUint8(at)
    if (whole < bytes.byteLength) this.#word(rest)
  }

  /** 16 lower-case hexadecimal digits. */
  digest(): string {
    const a = finished(this.#a ^ this.#words)
    const b = finished(this.#b ^ this.#words ^ a)
    return hex(a) + hex(b)
  }

  #word(word: number): void {
    this.#words++
    const a = this.#a ^ Math.imul(rotated(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593)
    this.#a = (Math.imul(rotated(a, 13), 5) + 0xe6546b64) | 0
    const b = this.#b ^ Math.imul(rotated(Math.imul(word, 0x239b961b), 17), 0xab0e9789)
    this.#b = (Math.imul(rotated(b, 19), 5) + 0x561ccd1b) | 0
  }
}

const rotated = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits))

function finished(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0')
