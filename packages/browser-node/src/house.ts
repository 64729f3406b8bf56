/**
 * What a page and the place where its node runs say to each other about the place itself; what a client and a node have to say
 * goes over ports that are handed over here. Both ends are one program, of one version, and nobody else is in between.
 */
import type { MessageEnd } from '@flotilla/client'
import type { ClusterErrorKind } from '@flotilla/cluster'
import type { NodeId, TraceEvent } from '@flotilla/core'
import type { NodeSettings } from './program.ts'
import type { NodeFaults } from './watching/watcher.ts'

/** From the page. */
export type ToHouse =
  /** First. `connections`: where the page makes connections for whoever cannot. `faults`: somebody watches, and asks for these. */
  | {
      readonly kind: 'begin'
      readonly settings: NodeSettings
      readonly room: string
      readonly preferredNode: NodeId | undefined
      readonly connections: MessagePort | undefined
      readonly faults: NodeFaults | undefined
    }
  /** The page hears this of itself; in a worker nobody else says so. */
  | { readonly kind: 'page'; readonly event: PageEvent }
  | { readonly kind: 'alive?'; readonly nonce: number }
  /** In place of those before, at a node that is watched. */
  | { readonly kind: 'faults'; readonly faults: NodeFaults }
  | { readonly kind: 'close' }

/** `frozen` and `thawed`: time stood still in between. */
export type PageEvent = 'hidden' | 'visible' | 'closes' | 'comes back' | 'thawed'

/** From the node's place. */
export type FromHouse =
  /** Where the page's client finds the node from now on. */
  | { readonly kind: 'found'; readonly port: MessageEnd }
  /** The node runs here, under this id; or it does not, `undefined`. */
  | { readonly kind: 'drives'; readonly id: NodeId | undefined }
  | { readonly kind: 'failed'; readonly error: HouseError }
  | { readonly kind: 'alive'; readonly nonce: number }
  /** Of a node that is watched. */
  | { readonly kind: 'trace'; readonly events: readonly TraceEvent[] }
  /** The faults that were asked for are in force, and everything that happened before is told. */
  | { readonly kind: 'disturbed' }
  | { readonly kind: 'closed' }

/** An error that can be cloned. */
export interface HouseError {
  readonly kind: ClusterErrorKind | undefined
  readonly message: string
}

/** What is used of a MessagePort, or of a worker at either end. */
export interface HouseEnd<Out> {
  postMessage(message: Out, transfer?: Transferable[]): void
  onmessage: ((event: MessageEvent) => void) | null
}
