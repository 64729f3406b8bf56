/**
 * The replicated state that simulated nodes keep: a few registers, each holding the number of the last write to it,
 * and a hash over every entry ever applied. Small enough to compare after every event, and order shows in it.
 */
import type { Entry } from '@flotilla/core'
import { mix, mixBytes } from './hash.ts'

export const registerCount = 4

/** What a client's command says: operation `operation` writes its own number to `key`. Padding makes entries differ in size. */
export interface Command {
  readonly operation: number
  readonly key: number
}

export function encodeCommand(operation: number, key: number, padding: number): Uint8Array {
  const bytes = new Uint8Array(5 + padding)
  new DataView(bytes.buffer).setUint32(0, operation)
  bytes[4] = key
  bytes.fill(operation & 0xff, 5)
  return bytes
}

export function decodeCommand(bytes: Uint8Array): Command {
  const [a = 0, b = 0, c = 0, d = 0, key = 0] = bytes
  return { operation: ((a << 24) | (b << 16) | (c << 8) | d) >>> 0, key }
}

/** For traces and stories. */
export function describeCommand(bytes: Uint8Array): string {
  const { operation, key } = decodeCommand(bytes)
  return `r${key} = ${operation}`
}

export class Machine {
  readonly registers: number[] = new Array<number>(registerCount).fill(0)
  appliedIndex = 0
  /** Over every entry applied, in order. */
  chain = 0

  apply(entry: Entry): void {
    this.appliedIndex = entry.index
    this.chain = mix(mix(this.chain, entry.index), entry.term)
    if (entry.kind !== 'command') return
    this.chain = mixBytes(this.chain, entry.data)
    const { operation, key } = decodeCommand(entry.data)
    this.registers[key] = operation
  }

  /** One number that differs whenever anything in the state does. */
  digest(): number {
    let hash = mix(this.chain, this.appliedIndex)
    for (const value of this.registers) hash = mix(hash, value)
    return hash
  }

  snapshot(): Uint8Array {
    const numbers = [this.appliedIndex, this.chain, ...this.registers]
    const bytes = new Uint8Array(numbers.length * 4)
    const view = new DataView(bytes.buffer)
    numbers.forEach((number, i) => {
      view.setInt32(i * 4, number)
    })
    return bytes
  }

  /** Throws on bytes that no machine wrote: chunks put together wrongly. */
  static restore(bytes: Uint8Array): Machine {
    if (bytes.length !== (2 + registerCount) * 4) throw new RangeError(`a snapshot of ${bytes.length} bytes`)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const machine = new Machine()
    machine.appliedIndex = view.getInt32(0)
    machine.chain = view.getInt32(4)
    for (let i = 0; i < registerCount; i++) machine.registers[i] = view.getInt32(8 + i * 4)
    return machine
  }
}
