/**
 * Everything that can happen to a cluster, as data: a run is a list of these. The seeded driver draws them, a replay
 * reads them from a list, and an exhaustive search can enumerate them; the world performs them and knows no chance.
 *
 * Faults of the network are not among them: a message that is lost is one that is never delivered.
 */
import type { MembershipChange, Message, NodeId, RecoveredState } from '@flotilla/core'

/** One message on its way. */
export interface Envelope {
  /** Counts up from 1 over the whole run. */
  readonly number: number
  readonly from: number
  readonly to: number
  /** As it was sent. */
  readonly message: Message
  /** As it travels; `undefined` when the run does without the codec. */
  readonly bytes: Uint8Array | undefined
}

export type Action =
  /** Again for a duplicate, or late for a replay of an old one. */
  | { readonly type: 'deliver'; readonly node: number; readonly envelope: Envelope }
  /** Its deadline has come, or may have. */
  | { readonly type: 'tick'; readonly node: number }
  /** The oldest unit under way to its disk is durable. */
  | { readonly type: 'flush'; readonly node: number }
  | {
      readonly type: 'propose'
      readonly node: number
      readonly client: number
      readonly key: number
      readonly padding: number
      /** Many commands in one call; one if that is not said. */
      readonly times?: number
      readonly drain: boolean
    }
  | {
      readonly type: 'read'
      readonly node: number
      readonly client: number
      readonly key: number
      readonly drain: boolean
    }
  | { readonly type: 'change'; readonly node: number; readonly changes: readonly MembershipChange[] }
  | { readonly type: 'transfer'; readonly node: number; readonly to: NodeId | undefined; readonly atOnce: boolean }
  /** Its host takes a snapshot of what it has applied. */
  | { readonly type: 'compact'; readonly node: number }
  | { readonly type: 'drain'; readonly node: number }
  | { readonly type: 'resume'; readonly node: number }
  /** Power off; the disk keeps the first `keep` units under way. */
  | { readonly type: 'crash'; readonly node: number; readonly keep: number }
  /** Power off after so many more effects. */
  | { readonly type: 'fuse'; readonly node: number; readonly effects: number; readonly keep: number }
  /**
   * Not where the disk does not open; and one that is not what was written is as good as none: its node never comes back.
   * `unchecked`: it comes back all the same. No host may do that; a planted bug does.
   */
  | { readonly type: 'restart'; readonly node: number; readonly unchecked?: true }
  /** A crash that takes the disk, and with it the identity. */
  | { readonly type: 'vanish'; readonly node: number }
  /** It starts again under its old id with nothing on its disk. No host may do that; a planted bug does. */
  | { readonly type: 'wipe'; readonly node: number }
  /** A node with a new id appears; `initial` is what its disk holds. It starts at once. */
  | { readonly type: 'appear'; readonly node: number; readonly id: NodeId; readonly initial: RecoveredState }
  /** From now on its disk refuses every unit, and does not open. */
  | { readonly type: 'failDisk'; readonly node: number }
  /** Its disk has room for so many more entries. `believed`: its host does not notice; no host may do that, a planted bug does. */
  | { readonly type: 'fillDisk'; readonly node: number; readonly room: number; readonly believed?: true }
  /** It neither fails nor is full any more. */
  | { readonly type: 'repairDisk'; readonly node: number }
  /** Somebody makes a copy of its disk, … */
  | { readonly type: 'copyDisk'; readonly node: number }
  /** … and puts the latest copy back in its place. */
  | { readonly type: 'rollBack'; readonly node: number }
  /** One bit on its disk is not what was written. */
  | { readonly type: 'flip'; readonly node: number; readonly record: number; readonly bit: number }

export type ActionType = Action['type']

export const actionCodes: Readonly<Record<ActionType, number>> = {
  deliver: 1,
  tick: 2,
  flush: 3,
  propose: 4,
  read: 5,
  change: 6,
  transfer: 7,
  compact: 8,
  drain: 9,
  resume: 10,
  crash: 11,
  fuse: 12,
  restart: 13,
  vanish: 14,
  appear: 15,
  wipe: 16,
  failDisk: 17,
  fillDisk: 18,
  repairDisk: 19,
  copyDisk: 20,
  rollBack: 21,
  flip: 22,
}
