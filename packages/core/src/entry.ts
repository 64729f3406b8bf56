/**
 * What the log holds (Raft paper, figure 2: "each entry contains command for state machine, and term when entry was
 * received by leader").
 */
import type { Configuration, NodeId } from './membership.ts'

/** A client's command, opaque to Raft: encoded once by the proposer, never re-encoded on the way. */
export interface CommandEntry {
  readonly index: number
  readonly term: number
  readonly kind: 'command'
  readonly data: Uint8Array
}

/** What a leader appends first in its term, so that entries of earlier terms can commit (§5.4.2, §8). */
export interface NoOpEntry {
  readonly index: number
  readonly term: number
  readonly kind: 'noop'
  readonly data: null
}

/** A configuration, in force from the moment it is appended (§6; dissertation §4.1). */
export interface ConfigurationEntry {
  readonly index: number
  readonly term: number
  readonly kind: 'configuration'
  readonly data: Configuration
}

/**
 * One entry of the replicated log. Indexes start at 1 and terms never descend along a log.
 * All three kinds have the same fields in the same order, so that V8 sees one shape.
 */
export type Entry = CommandEntry | NoOpEntry | ConfigurationEntry

/** Room for a term, a kind and a length. */
export const ENTRY_OVERHEAD_BYTES = 16

/**
 * What an entry is counted as by every limit in bytes: no less than it takes on the wire and on disk, whichever integers it
 * has. (`packages/cluster/src/wire` tests that against its encoding.)
 */
export function entryBytes(entry: Entry): number {
  // Not `byteLength`, which V8 does not inline.
  if (entry.kind === 'command') return entry.data.length + ENTRY_OVERHEAD_BYTES
  return entry.kind === 'noop' ? ENTRY_OVERHEAD_BYTES : configurationBytes(entry.data) + ENTRY_OVERHEAD_BYTES
}

/** As `entryBytes`, of a configuration by itself: of each member its id and a name, of each voter a place among them. */
export function configurationBytes({ members, voters, oldVoters, expelled }: Configuration): number {
  let bytes = 32 + 4 * voters.length
  for (const { id } of members) bytes += idBytes(id) + 16
  for (const id of oldVoters) bytes += idBytes(id) + 4
  for (const id of expelled) bytes += idBytes(id) + 4
  return bytes
}

/** In UTF-8 no code unit takes more than three bytes. */
const idBytes = (id: NodeId): number => 3 * id.length

/** The state machine as of `index`, replacing the log up to and including it (§7). */
export interface Snapshot {
  readonly index: number
  readonly term: number
  /** The configuration in force at `index`, as the log had it there. */
  readonly configuration: Configuration
  /** The state machine's own bytes, opaque to Raft. */
  readonly data: Uint8Array
}
