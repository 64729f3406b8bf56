/** Several machines on one log, as the one state machine that a node runs. */
import { type AppliedAt, type Codec, jsonCodec, type StateMachine } from '@flotilla/cluster'
import { type StateCommand, stateCommandCodec } from './command.ts'
import type { AnyMachine } from './definition.ts'
import { type Applied, MachineCopy, type StoredCopy } from './machine-copy.ts'

/** What became of a command on this copy of the state. */
export type Outcome =
  | { readonly kind: Applied }
  /** On every node alike, and without effect. */
  | { readonly kind: 'rejected'; readonly reason: unknown }

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The machine to give to a node: `openCluster({ machine: new ReplicatedMachines([todos]) })`, or to a client as its copy. */
export class ReplicatedMachines implements StateMachine<StateCommand, Applied> {
  readonly command: Codec<StateCommand> = stateCommandCodec
  readonly result: Codec<Applied> = jsonCodec(value => (value === 'waiting' ? 'waiting' : 'applied'))
  /** Told of every command when it has run here. */
  onApplied: (command: StateCommand, outcome: Outcome) => void = () => undefined
  /** Told when all of the state is another at once. */
  onRestored: () => void = () => undefined
  private readonly machines: ReadonlyMap<string, AnyMachine>
  private copies: Map<string, MachineCopy>

  /** @throws RangeError if two have the same name */
  constructor(machines: readonly AnyMachine[]) {
    this.machines = new Map(machines.map(machine => [machine.name, machine]))
    if (this.machines.size < machines.length) throw new RangeError('two machines of one name')
    this.copies = this.begun()
  }

  copy(machine: string): MachineCopy {
    let copy = this.copies.get(machine)
    if (copy === undefined) {
      copy = new MachineCopy(this.machines.get(machine))
      this.copies.set(machine, copy)
    }
    return copy
  }

  /** The machines that the code here knows. */
  get known(): readonly AnyMachine[] {
    return [...this.machines.values()]
  }

  /** The names of those of which the room runs a version that the code here does not know. */
  outdated(): readonly string[] {
    return [...this.copies].filter(([, copy]) => copy.isOutdated).map(([name]) => name)
  }

  apply(command: StateCommand, { index }: AppliedAt): Applied {
    try {
      const kind = this.copy(command.machine).apply(command, index)
      this.onApplied(command, { kind })
      return kind
    } catch (reason) {
      this.onApplied(command, { kind: 'rejected', reason })
      throw reason
    }
  }

  snapshot(): Uint8Array {
    // Of machines that nothing ever changed nothing is said: not every page has the same ones.
    const names = [...this.copies].filter(([, copy]) => !copy.isBlank).map(([name]) => name)
    const stored = names.sort().map((name): readonly [string, StoredCopy] => [name, this.copy(name).stored()])
    return encoder.encode(JSON.stringify(stored))
  }

  /** Code that is older than the room's keeps what it cannot run, and has another state meanwhile. */
  comparable(): Uint8Array | undefined {
    return this.outdated().length > 0 ? undefined : this.snapshot()
  }

  restore(snapshot: Uint8Array): void {
    const stored: unknown = JSON.parse(decoder.decode(snapshot))
    if (!Array.isArray(stored)) throw new TypeError('no snapshot of machines')
    const copies = this.begun()
    for (const [name, copy] of stored.map(storedCopy)) {
      const restored = copies.get(name) ?? new MachineCopy(this.machines.get(name))
      restored.restore(copy)
      copies.set(name, restored)
    }
    this.copies = copies
    this.onRestored()
  }

  private begun(): Map<string, MachineCopy> {
    return new Map([...this.machines].map(([name, machine]) => [name, new MachineCopy(machine)]))
  }
}

function storedCopy(entry: unknown): readonly [string, StoredCopy] {
  if (!Array.isArray(entry) || entry.length !== 2 || typeof entry[0] !== 'string') throw new TypeError('no machine')
  const copy: unknown = entry[1]
  if (typeof copy !== 'object' || copy === null) throw new TypeError('no machine')
  const { version, history, waiting } = copy as Partial<StoredCopy>
  if (!Number.isSafeInteger(version) || !Array.isArray(history) || !Array.isArray(waiting))
    throw new TypeError('no machine')
  // Written by `snapshot` of a member; the parts are what `stored` gave.
  return [entry[0], copy as StoredCopy]
}
