/** A page with a browser node, in the place and of the kind that its address says. */
import { type BrowserNode, openNode } from '@flotilla/browser-node'
import type { BareTab } from './bare-tab.ts'
import type { WorkerOrder } from './browser-node.worker.ts'
import { program } from './lines-program.ts'
import { pace } from './pace.ts'

interface NodePage {
  readonly place: 'worker' | 'page'
  /** The node that this tab drives. */
  drives(): string | undefined
  status(): ReturnType<BrowserNode<string, number>['client']['status']>
  reachable(): boolean
  lines(): readonly string[]
  /** Which line of all it became. */
  write(line: string): Promise<number>
  /** Of linearizable reads. */
  read(): Promise<readonly string[]>
  /** Puts it into the outbox; resolves when it is on disk. */
  save(line: string): Promise<void>
  /** Lines that wait in this tab's outbox. */
  waiting(): readonly string[]
  /** Nothing else runs in this page for so long. */
  block(ms: number): void
  /** Of so many writes one after the other, milliseconds each. */
  latencies(count: number): Promise<number[]>
  /** Writes a second, with so many under way. */
  rate(inFlight: number, forMs: number): Promise<number>
  /** What the same costs without Raft, in this very tab. */
  bare(): Promise<BareTab>
  order(order: 'end' | 'hang'): void
  /** This page's wall clock, and its worker's, are so far ahead of the machine's. */
  setClock(aheadMs: number): void
  close(): Promise<void>
  readonly troubles: string[]
}

declare global {
  interface Window {
    nodePage?: NodePage
  }
}

const asked = new URLSearchParams(location.hash.slice(1))
const workerName = crypto.randomUUID()
const worker = (): Worker =>
  new Worker(new URL('./browser-node.worker.ts', import.meta.url), { type: 'module', name: workerName })
const troubles: string[] = []
const node = await openNode({
  room: asked.get('room') ?? 'browser-node',
  nodes: asked.get('nodes') === 'perTab' ? 'perTab' : 'perBrowser',
  program,
  ...(asked.has('secret') && { secret: asked.get('secret') ?? '' }),
  signalingUrls: asked.getAll('signaling'),
  ...(asked.has('within') && { openTimeoutMs: Number(asked.get('within')) }),
  ...(asked.has('ice') && { iceServers: [{ urls: asked.get('ice') ?? '' }] }),
  ...(asked.get('place') !== 'page' && { worker }),
  onTrouble: ({ message }) => troubles.push(message),
})
const { client, machine, outbox } = node
const orders = new BroadcastChannel('orders')
const tellWorker = (order: WorkerOrder): void => orders.postMessage(order)
const wallClock = Date.now

if (asked.has('introduces')) void client.propose(`a node in a ${node.place} of ${navigator.userAgent}`)

window.nodePage = {
  troubles,
  get place() {
    return node.place
  },
  drives: () => node.drives,
  status: () => client.status(),
  reachable: () => client.isReachable,
  lines: () => [...machine.lines],
  write: async line => (await client.propose(line)).result,
  read: () => client.read(() => [...machine.lines]),
  save: line => outbox.submit(line).saved,
  waiting: () => outbox.waiting().map(({ command }) => command),
  block(ms) {
    const end = performance.now() + ms
    while (performance.now() < end);
  },
  latencies: count => pace.latencies(i => client.propose(`${i}`), count),
  rate: (inFlight, forMs) => pace.rate(i => client.propose(`${i}`), inFlight, forMs),
  async bare() {
    const { BareTab } = await import('./bare-tab.ts')
    return new BareTab()
  },
  order: kind => tellWorker({ to: workerName, kind }),
  setClock(aheadMs) {
    Date.now = () => wallClock() + aheadMs
    tellWorker({ to: workerName, kind: 'clock', aheadMs })
  },
  close: () => node.close(),
}
