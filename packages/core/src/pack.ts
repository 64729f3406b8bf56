/**
 * A run of entries packed for keeping: their numbers side by side, their commands in one buffer. A million entries as objects
 * are millions of things that the garbage collector visits again and again; packed they are a few thousand.
 */
import type { Entry } from './entry.ts'
import { invariant } from './invariant.ts'

export class Pack {
  readonly lastIndex: number
  private readonly firstIndex: number
  private readonly terms: Float64Array
  /** As the log counts bytes, up to and with each entry. */
  private readonly ends: Float64Array
  /** Where in `commands` the bytes of each entry end. */
  private readonly commandEnds: Uint32Array
  private readonly commands: Uint8Array
  /** By index, the few that are no commands, as they are. */
  private readonly others = new Map<number, Entry>()

  /** @param entries Contiguous, at least one. Their commands are copied: whatever held them is not held any longer. */
  constructor(entries: readonly Entry[], ends: readonly number[]) {
    const [first] = entries
    invariant(first !== undefined, 'a pack holds something')
    const count = entries.length
    this.firstIndex = first.index
    this.lastIndex = first.index + count - 1
    this.terms = new Float64Array(count)
    this.ends = new Float64Array(ends)
    this.commandEnds = new Uint32Array(count)
    let commandBytes = 0
    for (const entry of entries) if (entry.kind === 'command') commandBytes += entry.data.length
    this.commands = new Uint8Array(commandBytes)
    let at = 0
    for (let i = 0; i < count; i++) {
      const entry = entries[i] ?? first
      this.terms[i] = entry.term
      if (entry.kind === 'command') {
        this.commands.set(entry.data, at)
        at += entry.data.length
      } else this.others.set(entry.index, entry)
      this.commandEnds[i] = at
    }
  }

  termAt(index: number): number {
    return this.terms[index - this.firstIndex] ?? 0
  }

  endOf(index: number): number {
    return this.ends[index - this.firstIndex] ?? 0
  }

  /** Made anew each time; a command's bytes are a view. */
  entryAt(index: number): Entry {
    const other = this.others.size === 0 ? undefined : this.others.get(index)
    if (other !== undefined) return other
    const i = index - this.firstIndex
    const data = this.commands.subarray(i === 0 ? 0 : this.commandEnds[i - 1], this.commandEnds[i])
    return { index, term: this.termAt(index), kind: 'command', data }
  }

  unpack(): { readonly entries: Entry[]; readonly ends: number[] } {
    const entries: Entry[] = []
    for (let index = this.firstIndex; index <= this.lastIndex; index++) entries.push(this.entryAt(index))
    return { entries, ends: Array.from(this.ends) }
  }
}
