/** Where this tab's node runs: in a worker, where a page that renders for seconds holds up nobody, or in the page where that cannot be. */
import { hearPage, offThePage } from '@flotilla/browser-node/off-the-page'
import { lackOf, thisBrowser } from '../browser.ts'
import type { LiveNode, LiveRoom, NodesPage } from './live-node.ts'
import { NodeOverPort, type NodesPlace } from './node-over-port.ts'

export async function placeNode(room: LiveRoom, page: NodesPage): Promise<LiveNode> {
  // A guest does not vote, and holds up nobody; and where the browser lacks something, what fails for it says so.
  const place = room.isGuest || lackOf(thisBrowser()) !== undefined ? undefined : await startedWorker()
  return place === undefined ? inPage(room, page) : inWorker(room, place, page)
}

function inWorker(room: LiveRoom, place: NodesPlace, { clock, tell, closes }: NodesPage): LiveNode {
  const node = new NodeOverPort(room, place, { clock, tell, another: startedWorker })
  const elsewhere = (): boolean => true
  hearPage(event => {
    if (event === 'closes') closes()
    node.post({ kind: 'page', event })
  }, elsewhere)
  return node
}

/** As soon as it has its code. `undefined` where the browser, or the page's server, lets none have a node. */
function startedWorker(): Promise<NodesPlace | undefined> {
  return new Promise(resolve => {
    const place = offThePage(startWorker, () => {
      place?.end()
      resolve(undefined)
    })
    if (place === undefined) return resolve(undefined)
    place.worker.addEventListener('message', () => resolve(place), { once: true })
  })
}

const startWorker = (): Worker => new Worker(new URL('./node.worker.ts', import.meta.url), { type: 'module' })

async function inPage(room: LiveRoom, page: NodesPage): Promise<LiveNode> {
  // Where a worker does it, its page needs none of this.
  const { nodeInPage } = await import('./in-page.ts')
  return nodeInPage(room, page)
}
