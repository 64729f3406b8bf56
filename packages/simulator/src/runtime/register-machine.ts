/**
 * What simulated applications replicate: a few registers, each holding the number of the last write to it, and a hash
 * over all commands. Every command that takes effect is shown to the checks.
 */
import type { AppliedAt, Codec, StateMachine } from '@flotilla/cluster'
import { type Command, decodeCommand, encodeCommand } from '../ground/command.ts'
import { mix } from '../ground/hash.ts'

/** Enough that the history of each is short: the search for an order grows with what is open at once. */
export const registerCount = 12

/** A command for this register is refused, by every node alike. */
export const refusedKey = 200

/** A command for this one is refused too, but only when something has changed: by every node alike. */
export const hastyKey = 201

/** What the machine throws on purpose. */
export class OnPurpose extends Error {}

export interface Effect {
  readonly operation: number
  readonly key: number
  readonly index: number
  readonly term: number
  /** What the register held before; undefined where the machine refused. */
  readonly previous: number | undefined
}

export interface MachineWatch {
  applied(effect: Effect, chain: number): void
  /** The last command that the snapshot has, and the hash over all of them. */
  restored(lastCommandIndex: number, chain: number): void
  /** It was asked for a snapshot that it cannot give. */
  mute(): void
}

export interface PaddedCommand extends Command {
  readonly padding: number
}

const command: Codec<PaddedCommand> = {
  encode: ({ operation, key, padding }) => encodeCommand(operation, key, padding),
  decode: bytes => ({ ...decodeCommand(bytes), padding: bytes.length - 5 }),
}

const result: Codec<number> = {
  encode: value => {
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setUint32(0, value)
    return bytes
  },
  decode: bytes => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0),
}

export class RegisterMachine implements StateMachine<PaddedCommand, number> {
  readonly command = command
  readonly result = result
  registers: number[] = new Array<number>(registerCount).fill(0)
  lastCommandIndex = 0
  /** Over every command applied, in order. */
  chain = 0
  /** It cannot say what its state is, for now. */
  isMute = false
  readonly #watch: MachineWatch

  constructor(watch: MachineWatch) {
    this.#watch = watch
  }

  /** Gives what the register held before. */
  apply({ operation, key }: PaddedCommand, { index, term }: AppliedAt): number {
    const isRefused = key === refusedKey || key === hastyKey
    const previous = isRefused ? undefined : (this.registers[key] ?? 0)
    if (!isRefused) this.registers[key] = operation
    if (key !== refusedKey) {
      this.lastCommandIndex = index
      this.chain = mix(mix(mix(this.chain, index), term), operation)
    }
    this.#watch.applied({ operation, key, index, term, previous }, this.chain)
    if (previous === undefined) throw new OnPurpose('no such register')
    return previous
  }

  snapshot(): Uint8Array {
    if (this.isMute) {
      this.#watch.mute()
      throw new OnPurpose('not now')
    }
    const numbers = [this.lastCommandIndex, this.chain, ...this.registers]
    const bytes = new Uint8Array(numbers.length * 4)
    const view = new DataView(bytes.buffer)
    numbers.forEach((number, i) => {
      view.setInt32(i * 4, number)
    })
    return bytes
  }

  restore(bytes: Uint8Array): void {
    if (bytes.length !== (2 + registerCount) * 4) throw new RangeError(`a snapshot of ${bytes.length} bytes`)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.lastCommandIndex = view.getInt32(0)
    this.chain = view.getInt32(4)
    this.registers = this.registers.map((_, i) => view.getInt32(8 + i * 4))
    this.#watch.restored(this.lastCommandIndex, this.chain)
  }
}
