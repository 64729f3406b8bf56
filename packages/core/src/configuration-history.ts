/**
 * Which configuration is in force (§6; dissertation §4.1): the latest in the log, committed or not. Appending one puts
 * it in force, and truncating it brings back the one before.
 */
import type { Entry } from './entry.ts'
import type { Configuration } from './membership.ts'

interface Placed {
  readonly index: number
  readonly configuration: Configuration
}

/** Every configuration that the log holds, and the one that its compacted prefix ended with. */
export class ConfigurationHistory {
  private placed: [Placed, ...Placed[]]

  constructor(base: Configuration) {
    this.placed = [{ index: 0, configuration: base }]
  }

  get current(): Configuration {
    return this.latest.configuration
  }

  /** Where the configuration in force stands; 0 if it came with the snapshot or from nowhere. */
  get index(): number {
    return this.latest.index
  }

  /** The configuration in force as of `index`. */
  at(index: number): Configuration {
    return this.placed.findLast(placed => placed.index <= index)?.configuration ?? this.placed[0].configuration
  }

  /** Says whether the entry was one. */
  onAppend(entry: Entry): boolean {
    if (entry.kind !== 'configuration') return false
    this.placed.push({ index: entry.index, configuration: entry.data })
    return true
  }

  /** Says whether the configuration in force changed. */
  onTruncate(from: number): boolean {
    const before = this.placed.length
    const [base, ...rest] = this.placed
    this.placed = [base, ...rest.filter(placed => placed.index < from)]
    return this.placed.length < before
  }

  onCompact(index: number): void {
    const base = {
      index: this.placed.findLast(placed => placed.index <= index)?.index ?? 0,
      configuration: this.at(index),
    }
    this.placed = [base, ...this.placed.filter(placed => placed.index > index)]
  }

  /** The log was replaced by a snapshot; what it kept after it stays. */
  onInstall(index: number, configuration: Configuration, keptTail: boolean): void {
    this.placed = [{ index: 0, configuration }, ...(keptTail ? this.placed.filter(placed => placed.index > index) : [])]
  }

  private get latest(): Placed {
    return this.placed.at(-1) ?? this.placed[0]
  }
}
