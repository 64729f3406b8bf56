/** What an invariant may look at: one optional method per kind of observation. */
import type { Entry, Message, NodeId, PersistUnit, Snapshot } from '@flotilla/core'
import type { Ghost } from './ghost.ts'
import type { NodeView } from './view.ts'

export interface Violation {
  /** The invariant's name. */
  readonly property: string
  readonly detail: string
}

/** Called only when something is wrong, so the text may be dear. */
export type Report = (detail: string) => void

export interface Invariant {
  /** As in `docs/invariants.md`. */
  readonly number: number
  readonly name: string
  /** It restarted from its disk, or for the first time. */
  started?(node: NodeView): void
  /** It handed this out to be written; `node.status` tells of it already, `node.log` not yet. */
  issuing?(node: NodeView, unit: PersistUnit): void
  /** This entry is about to go to the end of `node.log`, which then has this prefix hash. */
  appending?(node: NodeView, entry: Entry, hash: number): void
  /** `node.durable` and its term and vote are about to change by this. */
  becomingDurable?(node: NodeView, unit: PersistUnit): void
  /** It leads a term it did not lead before; the ghost does not know yet. */
  elected?(node: NodeView, term: number): void
  /** Its commit index rose while it led `term`. The ghost does not know yet. */
  committing?(node: NodeView, from: number, to: number, term: number): void
  /** After a step: `node.status` is new, `node.previous` what it was. */
  stepped?(node: NodeView): void
  sent?(node: NodeView, message: Message): void
  /** It is about to take this message; `node.status` does not tell of it yet. */
  receiving?(node: NodeView, message: Message): void
  /** It took this message, the `number`th of all, and `node.status` tells of it. */
  received?(node: NodeView, message: Message, number: number): void
  /** Its host applied this; `digest` is of the state after it. */
  applied?(node: NodeView, entry: Entry, digest: number): void
  /** Its host replaced its state by this snapshot's; `digest` is of the state after it. */
  restored?(node: NodeView, snapshot: Snapshot, digest: number): void
  /** A read that was asked for when the ghost's commit index was `commitAtCall`, and so many messages sent, may be answered at `index`. */
  readReady?(node: NodeView, index: number, commitAtCall: number, messagesAtCall: number): void
  /** A client was told that its write is committed at this place. */
  acknowledged?(operation: number, index: number, term: number): void
  crashed?(node: NodeView): void
}

export type InvariantFactory = (ghost: Ghost, report: Report) => Invariant

/** Whether a majority of `voters` satisfies `holds`. Nobody is no majority. */
export function isMajority(voters: readonly NodeId[], holds: (id: NodeId) => boolean): boolean {
  let count = 0
  for (const id of voters) if (holds(id)) count++
  return 2 * count > voters.length
}
