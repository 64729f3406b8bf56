/** What the checkers know of one node, put together from what it was seen to do and nothing else. */
import type { NodeId, PersistUnit, RaftStatus } from '@flotilla/core'
import { ShadowLog } from './shadow-log.ts'

export class NodeView {
  readonly id: NodeId
  /** How often it has started. */
  incarnation = 0
  up = false
  /** Its disk is gone for good, and with it this identity. */
  vanished = false
  /** What it has handed out to be written, durable or not. */
  readonly log = new ShadowLog()
  /** What its disk holds. */
  readonly durable = new ShadowLog()
  durableTerm = 0
  durableVote: NodeId | undefined = undefined
  /** It was asked to hand over without waiting until its heir is up to date. */
  handsOverAtOnce = false
  /** Handed out, not yet durable, with the prefix hash of each entry. */
  readonly pending: { readonly unit: PersistUnit; readonly hashes: readonly number[] }[] = []
  /** After the latest event here, and after the one before it in this incarnation. */
  status: RaftStatus | undefined = undefined
  previous: RaftStatus | undefined = undefined
  /** What its own clock showed at its latest step. */
  reading = 0
  /** What it showed when it took its latest input: a host may let what follows wait, and core knows of no later time. */
  steppedAt = 0
  /** When it would campaign if it heard nothing more, by that clock; Infinity where that is not known. */
  deadline = Number.POSITIVE_INFINITY
  /** It took inputs that its host has not drained. */
  hasMoreToSay = false
  /** The last index applied by its host. */
  applied = 0

  constructor(id: NodeId) {
    this.id = id
  }
}
