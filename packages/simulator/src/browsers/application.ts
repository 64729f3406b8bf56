/** What runs in a browser's pages and workers: any program on any machine, as the room has to do with it. */
import type { FromHouse, HouseEnd, HouseGround, NodesPage } from '@flotilla/browser-node/ground'
import type { Page } from '../runtime/page.ts'
import type { OpenedNode, OpenTab } from './tab.ts'

export interface Application {
  /** Opens the program in that page. */
  open(open: OpenTab, page: NodesPage): Promise<OpenedNode>
  /** In a worker, or wherever the node is to run. */
  keepHouse(thread: Page, page: HouseEnd<FromHouse>, ground: HouseGround): void
  /** By which a command on a disk is known again. */
  idOf(command: Uint8Array): string
  /** Nothing more is asked for. */
  stop(): void
  /** What can only be said of the whole. `lost`: what all browsers tell as lost. */
  judge(lost: ReadonlySet<string>): void
}
