/**
 * A state machine that can be followed: it is the application's own, and keeps what it was last given, for clients that have
 * a copy of it. Made before the node is opened, and given to both.
 */
import type { AppliedAt, Codec, StateMachine, Synchronous } from '@flotilla/cluster'
import type { FollowedEntry } from './message.ts'

/** Of commands that are kept, all together. A client that is further behind begins with a snapshot. */
const MAX_KEPT_BYTES = 1 << 20
/** Of what each takes beside its bytes. */
const ENTRY_BYTES = 64

export class FollowedMachine<Command, Result> implements StateMachine<Command, Result> {
  readonly command: Codec<Command>
  readonly result: Codec<Result>
  private readonly machine: StateMachine<Command, Result>
  private readonly maxKeptBytes: number
  private kept: FollowedEntry[] = []
  private keptBytes = 0
  /** Of every command after this index it is known whether it is kept: all are. */
  private completeAfter = 0
  /** The bytes of the command that is decoded and not yet applied. */
  private decoded = new Uint8Array()

  constructor(machine: StateMachine<Command, Result>, maxKeptBytes: number = MAX_KEPT_BYTES) {
    this.machine = machine
    this.maxKeptBytes = maxKeptBytes
    this.result = machine.result
    this.command = {
      encode: command => machine.command.encode(command),
      decode: bytes => {
        this.decoded = bytes.slice()
        return machine.command.decode(bytes)
      },
    }
  }

  apply(command: Command, at: AppliedAt): Synchronous<Result> {
    // Before the machine has it: what it throws is part of what a copy has to do too.
    this.keep({ ...at, command: this.decoded })
    return this.machine.apply(command, at)
  }

  snapshot(): Uint8Array {
    return this.machine.snapshot()
  }

  comparable(): Uint8Array | undefined {
    const { machine } = this
    return machine.comparable === undefined ? machine.snapshot() : machine.comparable()
  }

  restore(snapshot: Uint8Array): void {
    this.machine.restore(snapshot)
    this.kept = []
    this.keptBytes = 0
    this.completeAfter = Number.POSITIVE_INFINITY
  }

  /** The commands after this index, oldest first, of at most so many bytes but at least one; `undefined` if not all are kept. */
  since(index: number, maxBytes: number): readonly FollowedEntry[] | undefined {
    if (index < this.completeAfter) return undefined
    const first = this.kept.findIndex(entry => entry.index > index)
    if (first < 0) return []
    const entries: FollowedEntry[] = []
    let bytes = 0
    for (const entry of this.kept.slice(first)) {
      bytes += entry.command.byteLength + ENTRY_BYTES
      if (entries.length > 0 && bytes > maxBytes) break
      entries.push(entry)
    }
    return entries
  }

  /** The index of the last command that is kept; 0 if none is. */
  get last(): number {
    return this.kept.at(-1)?.index ?? 0
  }

  private keep(entry: FollowedEntry): void {
    // Between a snapshot and the first command after it there is no other.
    if (this.completeAfter === Number.POSITIVE_INFINITY) this.completeAfter = entry.index - 1
    this.kept.push(entry)
    this.keptBytes += entry.command.byteLength + ENTRY_BYTES
    if (this.keptBytes <= this.maxKeptBytes) return
    // Half of it at once: an array is not cut at its front for every command.
    while (this.keptBytes > this.maxKeptBytes / 2 && this.kept.length > 1) this.forgetFirstHalf()
  }

  private forgetFirstHalf(): void {
    const forgotten = this.kept.splice(0, Math.ceil(this.kept.length / 2))
    for (const { command } of forgotten) this.keptBytes -= command.byteLength + ENTRY_BYTES
    this.completeAfter = forgotten.at(-1)?.index ?? this.completeAfter
  }
}
