/**
 * What Live's page asks of this tab's node, and what it is told. The node may run in a thread of its own, where nothing that the page
 * does holds it up: so all of this is plain data, and nothing is asked that has to be answered at once.
 */
import type { Admission, Clock, ClusterStatus } from '@flotilla/cluster'
import type { NodeId, TraceEvent } from '@flotilla/core'
import type { RoomName } from '../../room/room-address.ts'
import type { RoomHost } from '../../room/room-host.ts'
import type { Consistency } from '../../store/live-store.ts'
import type { Applied } from '../console-api.ts'
import type { ClockReading } from './node-clock.ts'

/** Until it is open, whatever is asked of it waits for that, and rejects where it cannot be opened. */
export interface LiveNode {
  /** Rejects with a ClusterError. */
  readonly opened: Promise<void>
  /** Milliseconds on the node's clock, as everywhere here. Rejects with a ClusterError. */
  set(key: string, value: string, timeoutMs: number): Promise<Written>
  get(key: string, consistency: Consistency, timeoutMs: number): Promise<string | undefined>
  change(change: Change): Promise<void>
  /** As `Cluster.observe`. */
  observe(payload: Uint8Array, to?: NodeId): void
  /** In place of those before. */
  setControls(controls: NodeControls): void
  /** As by a power cut. */
  crash(): void
}

/** A node that is told what becomes of its page. In a page it hears of that by itself. */
export interface ServedNode extends LiveNode {
  /** The page closes. */
  goodbye(): void
  /** The page was frozen, or comes back. */
  resume(): void
  /** To those who watch, before the page is gone. @param events that nobody was told */
  sayLastWords(events: readonly TraceEvent[]): void
}

export interface Written {
  readonly index: number
  readonly term: number
}

/** What people do to a node or to its room, beside reading and writing. */
export type Change =
  | { readonly kind: 'restart' }
  | { readonly kind: 'swapVoter' }
  | { readonly kind: 'setAdmission'; readonly admission: Admission }
  | { readonly kind: 'admit'; readonly id: NodeId; readonly letIn: boolean }
  | { readonly kind: 'remove'; readonly id: NodeId }
  /** Every database that cannot be read, for good. */
  | { readonly kind: 'deleteDamaged' }
  /** The majority is given up: `Cluster.forceNewCluster`. */
  | { readonly kind: 'goOnWithout'; readonly missing: readonly NodeId[] }
  /** Of a node that was left behind, and with it whatever else this browser has of its cluster. The node is over. */
  | { readonly kind: 'forget' }

/** Of the room's controls, what acts on a node. */
export interface NodeControls {
  /** Milliseconds that one of the node's takes. */
  readonly pace: number
  /** Links over which nothing goes, of whichever nodes. */
  readonly cuts: readonly (readonly [NodeId, NodeId])[]
}

/** What a page knows of the room, and its node must. */
export interface LiveRoom extends RoomName {
  readonly host: Pick<RoomHost, 'signaling' | 'nats' | 'ice'>
  /** What is stored of it lies under this name. */
  readonly database: string
  readonly isGuest: boolean
  readonly preferredNode: NodeId | undefined
  readonly controls: NodeControls
}

/** In the order in which it happens. */
export type Told =
  | { readonly kind: 'trace'; readonly event: TraceEvent }
  /** Messages of which the trace does not tell, because there were too many. */
  | { readonly kind: 'leftOut'; readonly count: number }
  | { readonly kind: 'status'; readonly status: ClusterStatus }
  | { readonly kind: 'clock'; readonly reading: ClockReading }
  /** The state machine took this up. */
  | { readonly kind: 'applied'; readonly write: Applied }
  /** The state became another one's altogether. */
  | { readonly kind: 'restored'; readonly snapshot: Uint8Array }
  | { readonly kind: 'identity'; readonly id: NodeId }
  /** What another tab says to this one, unchecked. */
  | { readonly kind: 'observed'; readonly from: NodeId; readonly payload: Uint8Array }
  | { readonly kind: 'linked'; readonly peer: NodeId }
  | { readonly kind: 'goodbye'; readonly peer: NodeId }

export type Tell = (told: Told) => void

/** What of a page its node has to do with. */
export interface NodesPage {
  /** Its timers go on while the page is hidden. */
  readonly clock: Clock
  readonly tell: Tell
  /** The page closes: what it still has to say to others, the node can say now, and never after. */
  closes(): void
}
