/** `window.flotilla`: the node of this tab, for the browser's console and for tests. There from the first moment on. */
import type { ClusterStatus } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import type { Consistency } from '../store/live-store.ts'

export interface FlotillaStatus extends Omit<ClusterStatus, 'state'> {
  /** `opening`: the node has no database yet, and everything else here is empty. */
  readonly state: ClusterStatus['state'] | 'opening' | 'broken'
  readonly room: string
  readonly pace: number
  /** Peers behind links that are cut on purpose. */
  readonly cut: readonly NodeId[]
  /** Events of other tabs' traces that did not fit the schema. */
  readonly refusedObservations: number
  /** Events of messages that the picture leaves out because there are too many to follow. */
  readonly unshownMessages: number
}

/** What a status says of the node while there is none. */
export const NO_NODE: Omit<ClusterStatus, 'state'> = {
  id: '',
  name: undefined,
  clusterId: undefined,
  failure: undefined,
  role: 'follower',
  term: 0,
  votedFor: undefined,
  leader: undefined,
  lastIndex: 0,
  commitIndex: 0,
  lastApplied: 0,
  snapshotIndex: 0,
  members: [],
  followers: [],
  waitingFor: undefined,
  admission: 'open',
  key: undefined,
  waiting: [],
  refusal: undefined,
  damaged: [],
  transportFailure: undefined,
  strangers: [],
  ignored: [],
  obstacles: [],
}

export interface Applied {
  readonly index: number
  readonly term: number
  readonly key: string
  readonly value: string
}

export interface Flotilla {
  /** Removes a member of the room; gives why not, if it could not be done. */
  remove(id: NodeId): Promise<unknown>
  status(): FlotillaStatus
  /** Resolves when the write is committed; rejects with a ClusterError, or an InvalidWrite where nothing was sent. */
  set(key: string, value: string): Promise<{ readonly index: number; readonly term: number }>
  get(key: string, options?: { readonly consistency?: Consistency }): Promise<string | undefined>
  /** Every write applied here since the page was loaded or the node started again, in order (the last 50,000 at least). */
  history(): readonly Applied[]
  /** Cuts the links between this tab's node and these, at both ends. */
  cut(ids: readonly NodeId[]): void
  /** Heals every link of the room. */
  heal(): void
  /** As by a power cut. The tab stays. */
  crash(): void
  restart(): Promise<void>
  setPace(pace: number): void
}

declare global {
  interface Window {
    flotilla: Flotilla
  }
}
