/** Entries packed for keeping: their commands in one buffer, made into entries again one by one when somebody asks. */
import { ENTRY_OVERHEAD_BYTES, type Entry } from './entry.ts'
import { invariant } from './invariant.ts'

export class Pack {
  private readonly firstIndex: number
  /** As the log counts bytes, of these entries alone, up to and with each. */
  private readonly ends: Uint32Array
  /** Each entry has as much room as it is counted for beyond its overhead; what is no command leaves its own empty. */
  private readonly commands: Uint8Array
  /** Undefined if all have the same. */
  private readonly terms: Float64Array | undefined
  private readonly term: number
  /** By index, the few that are no commands, as they are. Undefined for none, as in nearly every pack. */
  private readonly others: ReadonlyMap<number, Entry> | undefined

  /**
   * @param entries Contiguous, at least one. Their commands are copied: whatever held them is not held any longer.
   * @param ends Of as many; kept.
   */
  constructor(firstIndex: number, entries: readonly Entry[], ends: Uint32Array) {
    const first = entries[0]
    const last = entries[entries.length - 1]
    invariant(first !== undefined && last !== undefined, 'a pack holds something')
    this.firstIndex = firstIndex
    this.ends = ends
    const commands = new Uint8Array(this.startOf(entries.length))
    this.term = first.term
    // Terms never descend, so what is between two equal ones is equal, too.
    this.terms = last.term === first.term ? undefined : Float64Array.from(entries, ({ term }) => term)
    let others: Map<number, Entry> | undefined
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i] ?? first
      if (entry.kind === 'command') commands.set(entry.data, this.startOf(i))
      else others = (others ?? new Map<number, Entry>()).set(entry.index, entry)
    }
    this.commands = commands
    this.others = others
  }

  termAt(i: number): number {
    return this.terms?.[i] ?? this.term
  }

  /** Made anew each time; a command's bytes are a view. */
  entryAt(i: number): Entry {
    const index = this.firstIndex + i
    const other = this.others?.get(index)
    if (other !== undefined) return other
    const data = this.commands.subarray(this.startOf(i), this.startOf(i + 1))
    return { index, term: this.termAt(i), kind: 'command', data }
  }

  private startOf(i: number): number {
    return (this.ends[i - 1] ?? 0) - i * ENTRY_OVERHEAD_BYTES
  }
}
