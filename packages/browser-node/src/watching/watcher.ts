/**
 * For tests and for teaching: whoever opens a node may watch it, wherever it runs, and disturb it. Of a node that nobody watches
 * none of this is loaded.
 */
import type { Client, Outbox } from '@flotilla/client'
import type { StateMachine } from '@flotilla/cluster'
import type { NodeId, TraceEvent } from '@flotilla/core'

/** What is wrong with a node's surroundings. Plain data: it is cloned on its way into a worker. */
export interface NodeFaults {
  /** As with the cable pulled: no peer is there, and none of the ways by which peers find each other. */
  readonly offline: boolean
  /** Peers to and from which nothing goes, though their links are up. */
  readonly cut: readonly NodeId[]
  /** Added to the way of each frame from here. Milliseconds. */
  readonly delayMs: number
}

export const noFaults: NodeFaults = { offline: false, cut: [], delayMs: 0 }

export interface NodeWatcher {
  /** From the node's first moment on. */
  readonly faults: NodeFaults
  /** What happens at the node that this tab drives, in its order; told from its beginning, a few events at a time. */
  onTrace(events: readonly TraceEvent[]): void
  /** Called once, before anything of the node is there. */
  watch(node: WatchedNode): void
}

export interface WatchedNode {
  readonly client: Pick<Client<never, never>, 'status' | 'on' | 'isReachable'>
  /** This page's copy. */
  readonly machine: Pick<StateMachine<never, never>, 'snapshot'>
  /** The room's name on this disk. */
  readonly room: string
  /** How many of the room may vote. */
  readonly maxVoters: number
  /** See `BrowserNode`. */
  readonly drives: NodeId | undefined
  /** As that of the `BrowserNode`; rejects if that does not open. */
  readonly outbox: Promise<Pick<Outbox<never, never>, 'size'>>
  /** In place of those before. Resolves when they are in force, and everything is told that happened before. */
  setFaults(faults: NodeFaults): Promise<void>
}
