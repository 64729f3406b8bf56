/**
 * `@flotilla/browser-node/off-the-page`: a worker for a node, and what both sides have to do for each other there, whatever else they
 * say. `openNode` stands on it; so may who needs more of a node than its client has, as teaching does.
 */
import { channelsCanMove, connectForWorker } from '@flotilla/webrtc-transport'

export type { PageEvent } from './house.ts'
export { hearPage, liveThrough, tellThisThread } from './page-life.ts'
export { Pulse } from './pulse.ts'

export interface OffThePage {
  readonly worker: Worker
  /** For `connectThroughPage` in the worker, which cannot make connections. */
  readonly connections: MessagePort
  /** At once, and without a word to whoever is in there; its peers are told. */
  end(): void
}

/**
 * `undefined` where this browser lets no worker have a channel: then a node runs in the page.
 *
 * @param failed the worker will never answer: its code cannot be loaded, or is wrong
 */
export function offThePage(start: () => Worker, failed: (why: string) => void): OffThePage | undefined {
  if (!channelsCanMove()) return undefined
  const worker = start()
  // What is thrown later is the application's, and the worker goes on; before it has said anything there is nothing to go on.
  let spoke = false
  worker.addEventListener('message', () => {
    spoke = true
  })
  worker.addEventListener('error', event => {
    if (!spoke) failed(event.message ?? 'the worker does not start')
  })
  const { port1, port2 } = new MessageChannel()
  const closeConnections = connectForWorker(port1)
  return {
    worker,
    connections: port2,
    end() {
      worker.terminate()
      closeConnections()
    },
  }
}
