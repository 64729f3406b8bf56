/** A tab of a simulated browser, its page, and the thread where its node runs or would run. */
import type { PageEvent } from '@flotilla/browser-node/ground'
import type { NodeStatus } from '@flotilla/client'
import type { NodeId } from '@flotilla/core'
import type { Page } from '../runtime/page.ts'
import type { PageClock } from '../runtime/page-clock.ts'

/** A thread, and its timers. */
export interface Thread {
  readonly page: Page
  readonly clock: PageClock
}

export interface Tab {
  /** By its index. */
  readonly browser: number
  readonly name: string
  open: OpenTab | undefined
  /** So many pages so far. */
  pages: number
}

export interface OpenTab extends Thread {
  readonly tab: Tab
  /** A worker, or the page itself; `undefined` while there is none. */
  house: Thread | undefined
  /** There was one before. */
  hadPlace: boolean
  node: OpenedNode | undefined
  /** It is closing as a tab does that has the time. */
  isLeaving: boolean
  /** What becomes of the page, for whoever listens. */
  hear: (event: PageEvent) => void
}

/** What of an opened node is looked at, whatever its commands are. */
export interface OpenedNode {
  status(): NodeStatus | undefined
  isReachable(): boolean
  /** The node that this very tab drives. */
  drives(): NodeId | undefined
  /** Of the state that its page has a copy of: equal for equal states. */
  digest(): number
  /** Asks for something that must come to an end now. Gives what says why it has not, until it has. */
  insist(): () => string | undefined
  close(): Promise<void>
}
