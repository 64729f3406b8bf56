/**
 * What a test and a page under test have in common: an object that the test puts into the page before any of the page's own code
 * runs, and that `forTests` fills. Where it is missing, nobody tests.
 */
import type { NodeFaults } from '@flotilla/browser-node'
import type { TraceEvent } from '@flotilla/core'

export interface PageEnd {
  /** By which the contexts of a test find each other. */
  readonly signalingUrls: readonly string[]
  /** The page's code called `forTests`. */
  isAsked: boolean
  /** The page opened a node with what that gave. */
  node: NodeEnd | undefined
}

export interface NodeEnd {
  report(): Promise<TabReport>
  stateDigest(): Promise<StateDigest>
  /** Resolves when they are in force, and everything is told that happened before. */
  setFaults(faults: NodeFaults): Promise<void>
}

/** How a tab is doing. Plain data. */
export interface TabReport {
  /** The node that the page speaks to answers. */
  readonly isReachable: boolean
  /** Which node that is, in this tab or in another of its browser; `undefined` before the page has heard of one. */
  readonly node: string | undefined
  /** The node that this very tab drives. */
  readonly drives: string | undefined
  readonly clusterId: string | undefined
  readonly role: string | undefined
  readonly term: number
  readonly leader: string | undefined
  /** Its node votes, or all the votes there may be are others’. */
  readonly isSettled: boolean
  /** S1, S2, … by node. */
  readonly names: Readonly<Record<string, string>>
  readonly commitIndex: number
  /** Up to where the page's copy of the state has come. */
  readonly applied: number
  /** Changes of this browser that the log does not have yet, as far as this tab knows. */
  readonly pending: number
  /** Why the node did not open. */
  readonly failure: string | undefined
}

/** The state of the page's copy at one index, in so many bytes. */
export interface StateDigest {
  readonly applied: number
  readonly digest: string
}

declare global {
  // A `var` is how TypeScript declares what is on globalThis.
  var __flotillaTest: PageEnd | undefined
  var __flotillaTrace: ((events: readonly TraceEvent[]) => Promise<void>) | undefined
}
