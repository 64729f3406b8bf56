/** The worker of the browser node under test: as an application writes it, and a way to have it end or hang without a word. */
import { serveNode } from '@flotilla/browser-node/worker'
import { program } from './lines-program.ts'

serveNode(program)

const orders = new BroadcastChannel('orders')
orders.onmessage = ({ data }: MessageEvent<{ readonly to: string; readonly order: 'end' | 'hang' }>) => {
  if (data.to !== self.name) return
  if (data.order === 'end') self.close()
  for (const start = performance.now(); data.order === 'hang'; ) if (performance.now() - start > 600_000) return
}
