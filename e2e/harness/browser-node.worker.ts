/** The worker of the browser node under test: as an application writes it, and a way to have bad things befall it without a word. */
import { serveNode } from '@flotilla/browser-node/worker'
import { program } from './lines-program.ts'

serveNode(program)

export type WorkerOrder =
  | { readonly to: string; readonly kind: 'end' | 'hang' }
  /** Its wall clock is so far ahead of the machine's. */
  | { readonly to: string; readonly kind: 'clock'; readonly aheadMs: number }

const wallClock = Date.now
const orders = new BroadcastChannel('orders')
orders.onmessage = ({ data }: MessageEvent<WorkerOrder>) => {
  if (data.to !== self.name) return
  switch (data.kind) {
    case 'end':
      return self.close()
    case 'hang':
      for (const start = performance.now(); performance.now() - start < 600_000; );
      return
    case 'clock': {
      const { aheadMs } = data
      Date.now = () => wallClock() + aheadMs
      return
    }
    default:
      data satisfies never
  }
}
