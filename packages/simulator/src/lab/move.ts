/**
 * Everything that a person can do to a cluster in the Lab, as data: a run is its setup and a list of these. Nodes are named
 * by their ids, messages by the names that post.ts gives them.
 */
import type { MembershipChange, NodeId } from '@flotilla/core'

export type Move =
  /** The timers of these nodes run out now, in this order, whatever their clocks showed. */
  | { readonly type: 'timeout'; readonly nodes: readonly NodeId[] }
  /** One message arrives now, … */
  | { readonly type: 'deliver'; readonly message: string }
  /** … or never, … */
  | { readonly type: 'drop'; readonly message: string }
  /** … or twice, … */
  | { readonly type: 'duplicate'; readonly message: string }
  /** … or so much later, … */
  | { readonly type: 'delay'; readonly message: string; readonly ms: number }
  /** … or not until somebody says so. */
  | { readonly type: 'hold'; readonly message: string }
  | { readonly type: 'release'; readonly message: string }
  /** What `from` sends to `to` is lost from now on; the other direction is not touched. */
  | { readonly type: 'cut'; readonly from: NodeId; readonly to: NodeId }
  | { readonly type: 'heal'; readonly from: NodeId; readonly to: NodeId }
  /** Nothing passes between nodes of different groups; whoever is in no group talks to everybody. */
  | { readonly type: 'partition'; readonly groups: readonly (readonly NodeId[])[] }
  | { readonly type: 'healAll' }
  /** Power off. `flushed`: what is on its way to the disk still gets there. */
  | { readonly type: 'crash'; readonly node: NodeId; readonly flushed: boolean }
  /** `emptied`: with nothing on its disk, under its old name. That is outside what Raft assumes. */
  | { readonly type: 'restart'; readonly node: NodeId; readonly emptied: boolean }
  /** The process stands still; what is sent to it waits. */
  | { readonly type: 'freeze'; readonly node: NodeId }
  | { readonly type: 'thaw'; readonly node: NodeId }
  /** Its clock runs this many times as fast. */
  | { readonly type: 'clock'; readonly node: NodeId; readonly rate: number }
  | { readonly type: 'write'; readonly node: NodeId; readonly key: number }
  /** `local`: answered from what this node has applied, asking nobody. */
  | { readonly type: 'read'; readonly node: NodeId; readonly key: number; readonly local: boolean }
  | { readonly type: 'change'; readonly node: NodeId; readonly changes: readonly MembershipChange[] }
  | { readonly type: 'transfer'; readonly node: NodeId; readonly to: NodeId }
  | { readonly type: 'compact'; readonly node: NodeId }
  /** A node that belongs to nothing yet, with an empty disk. */
  | { readonly type: 'appear'; readonly node: NodeId }

export type MoveType = Move['type']

/** A move and where in its run it was made: after so many events, at this virtual time. */
export interface PlacedMove {
  readonly after: number
  readonly at: number
  readonly move: Move
}
