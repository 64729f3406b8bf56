/**
 * A checker's own copy of one node's log, in numbers: for each index the entry's term and a hash of the whole prefix up
 * to it. Two logs agree up to an index exactly if their prefix hashes there do.
 */
import type { Configuration, Entry } from '@flotilla/core'
import { mix, mixBytes, mixText } from '../ground/hash.ts'

export interface PlacedConfiguration {
  readonly index: number
  readonly configuration: Configuration
}

export class ShadowLog {
  /** Everything up to here is compacted. */
  base = 0
  baseTerm = 0
  baseHash = 0
  private readonly terms: number[] = []
  private readonly hashes: number[] = []
  /** Payload bytes up to each entry, from where this log began to be counted. */
  private readonly bytes: number[] = []
  private baseBytes = 0
  /** Those in the log, oldest first, and before them the last that is compacted. */
  readonly configurations: PlacedConfiguration[] = []

  get last(): number {
    return this.base + this.terms.length
  }

  get lastTerm(): number {
    return this.terms.at(-1) ?? this.baseTerm
  }

  get lastHash(): number {
    return this.hashes.at(-1) ?? this.baseHash
  }

  has(index: number): boolean {
    return index >= this.base && index <= this.last
  }

  /** -1 where there is nothing to read. */
  termAt(index: number): number {
    return index === this.base ? this.baseTerm : (this.terms[index - this.base - 1] ?? -1)
  }

  /** `undefined` where there is nothing to read. */
  hashAt(index: number): number | undefined {
    return index === this.base ? this.baseHash : this.hashes[index - this.base - 1]
  }

  /** Payload bytes of the entries after `from`, up to and with `to`, as far as they are here. */
  bytesBetween(from: number, to: number): number {
    return this.bytesUpTo(to) - this.bytesUpTo(from)
  }

  private bytesUpTo(index: number): number {
    if (index <= this.base) return this.baseBytes
    return this.bytes[index - this.base - 1] ?? this.bytes.at(-1) ?? this.baseBytes
  }

  /** The configuration in force: the last one in the log. */
  get configuration(): PlacedConfiguration | undefined {
    return this.configurations.at(-1)
  }

  append(entry: Entry, hash: number): void {
    this.terms.push(entry.term)
    this.hashes.push(hash)
    this.bytes.push((this.bytes.at(-1) ?? this.baseBytes) + payloadBytes(entry))
    if (entry.kind === 'configuration') this.configurations.push({ index: entry.index, configuration: entry.data })
  }

  truncate(from: number): void {
    const length = Math.max(0, from - this.base - 1)
    if (length >= this.terms.length) return
    this.terms.length = length
    this.hashes.length = length
    this.bytes.length = length
    while (this.configurations.length > 0 && (this.configurations.at(-1)?.index ?? 0) >= from) this.configurations.pop()
  }

  /** Starts after a snapshot instead; entries beyond it stay. */
  compact(index: number, term: number, hash: number, configuration: Configuration): void {
    const gone = Math.min(index - this.base, this.terms.length)
    this.terms.splice(0, gone)
    this.hashes.splice(0, gone)
    this.baseBytes = this.bytes[gone - 1] ?? this.baseBytes
    this.bytes.splice(0, gone)
    this.base = index
    this.baseTerm = term
    this.baseHash = hash
    let placed = 0
    while (this.configurations.length > 0 && (this.configurations[0]?.index ?? 0) <= index) {
      placed = this.configurations.shift()?.index ?? 0
    }
    this.configurations.unshift({ index: placed, configuration })
  }

  clear(): void {
    this.copyFrom(new ShadowLog())
  }

  copyFrom(other: ShadowLog): void {
    this.base = other.base
    this.baseTerm = other.baseTerm
    this.baseHash = other.baseHash
    replace(this.terms, other.terms)
    replace(this.hashes, other.hashes)
    this.baseBytes = other.baseBytes
    replace(this.bytes, other.bytes)
    replace(this.configurations, other.configurations)
  }
}

function replace<T>(target: T[], source: readonly T[]): void {
  target.length = 0
  for (const item of source) target.push(item)
}

/** What a client wrote. */
export const payloadBytes = (entry: Entry): number => (entry.kind === 'command' ? entry.data.byteLength : 0)

const kinds = { command: 1, noop: 2, configuration: 3 } as const

/** The prefix hash after `entry`, given the one before it. */
export function extendHash(before: number, entry: Entry): number {
  const head = mix(mix(mix(before, entry.index), entry.term), kinds[entry.kind])
  if (entry.kind === 'command') return mixBytes(head, entry.data)
  return entry.kind === 'noop' ? head : mix(head, configurationHash(entry.data))
}

export function configurationHash(configuration: Configuration): number {
  let hash = mix(configuration.namesGiven, configuration.voters.length)
  for (const member of configuration.members) hash = mixText(mixText(hash, member.id), member.name)
  for (const id of configuration.voters) hash = mixText(hash, id)
  hash = mix(hash, configuration.oldVoters.length)
  for (const id of configuration.oldVoters) hash = mixText(hash, id)
  return hash
}
