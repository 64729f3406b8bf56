/**
 * The replicated state that simulated nodes keep: a few registers, each holding the number of the last write to it,
 * and a hash over every entry ever applied. Small enough to compare after every event, and order shows in it.
 */
import type { Entry } from '@flotilla/core'
import { decodeCommand } from '../ground/command.ts'
import { mix, mixBytes } from '../ground/hash.ts'

export const registerCount = 4

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
