/** Every bound of the wire format (`docs/wire-protocol.md`). Encoders refuse what is beyond them, decoders do not believe it. */
import { MAX_MEMBERS } from '@flotilla/core'
import { MAX_FRAME_BYTES } from '../transport.ts'

/** Far beyond any real election count, and far enough from 2⁵³ that no frame can bring a term to where integers stop being exact. */
export const MAX_TERM = 2 ** 48

/** Indexes, rounds, sequences: every integer that a JavaScript number holds exactly. */
export const MAX_INTEGER = Number.MAX_SAFE_INTEGER

export const MAX_PRIORITY = 255

export const MAX_NODE_ID_BYTES = 64

/** In each list of a configuration. What a leader admits is less; this only bounds what a decoder makes room for. */
export const MAX_LISTED_MEMBERS = MAX_MEMBERS

/** Two full lists of ids, each with its length and a number. */
export const MAX_CONFIGURATION_BYTES = 2 * MAX_LISTED_MEMBERS * (MAX_NODE_ID_BYTES + 16)

export const MAX_ENTRIES_PER_FRAME = 65_536

/** What a frame takes beside entries, or beside a chunk and a configuration, is less. */
const MAX_FRAME_OVERHEAD_BYTES = 1024

/** Leaves room for the rest of the frame, so that any entry that can be appended can also be replicated. */
export const MAX_ENTRY_DATA_BYTES = MAX_FRAME_BYTES - MAX_FRAME_OVERHEAD_BYTES

/** A client has no more under way (`SESSION_WINDOW`). */
export const MAX_PROPOSALS_PER_FRAME = 1024

/** Of several proposals in one frame, each counted with `PROPOSAL_OVERHEAD_BYTES`. */
export const MAX_PROPOSALS_BYTES = MAX_FRAME_BYTES - MAX_FRAME_OVERHEAD_BYTES

/** Its number, and its length. */
export const PROPOSAL_OVERHEAD_BYTES = 16

/** Of entries, as core counts them (`entryBytes`), in one AppendEntries. */
export const MAX_BYTES_PER_MESSAGE = MAX_FRAME_BYTES - MAX_FRAME_OVERHEAD_BYTES

/** Of a snapshot in one InstallSnapshot, beside its configuration. */
export const MAX_SNAPSHOT_CHUNK_BYTES = MAX_FRAME_BYTES - MAX_FRAME_OVERHEAD_BYTES - MAX_CONFIGURATION_BYTES

/** A reason is a sentence for people. */
export const MAX_REASON_BYTES = 1024

export const MAX_SNAPSHOT_BYTES = 2 ** 30
