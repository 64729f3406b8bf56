/** The worker of a tab that is soaked: an application's, which can be made to end or hang without a word. */
import { serveNode } from '@flotilla/browser-node/worker'
import { RegisterBank } from './register-bank.ts'

serveNode({ machine: () => new RegisterBank() })

export interface WorkerOrder {
  /** A worker's name. */
  readonly to: string
  readonly order: 'end' | 'hang'
}

const orders = new BroadcastChannel('soak-orders')
orders.onmessage = ({ data: { to, order } }: MessageEvent<WorkerOrder>) => {
  if (to !== self.name) return
  if (order === 'end') return self.close()
  for (const start = performance.now(); performance.now() - start < 600_000; );
}
