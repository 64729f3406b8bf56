/** A bare node in a worker, as nodes of ours are. */
import { BareNode } from './bare-node.ts'
import { pace } from './pace.ts'

export type BareOrder =
  | { readonly kind: 'add'; readonly channel: RTCDataChannel }
  | { readonly kind: 'once'; readonly of: 'commit' | 'ask' }
  /** So many, one after the other; gives the milliseconds of each. */
  | { readonly kind: 'latencies'; readonly of: 'commit' | 'ask'; readonly count: number }
  /** So many at once, for so long; gives how many a second. */
  | { readonly kind: 'rate'; readonly inFlight: number; readonly forMs: number }
  | { readonly kind: 'close' }

export interface Ordered {
  readonly id: number
  readonly order: BareOrder
}

export interface Told {
  readonly id: number
  readonly told: unknown
}

const opening = BareNode.open(`bare-${crypto.randomUUID()}`)

addEventListener('message', async ({ data: { id, order } }: MessageEvent<Ordered>) => {
  const told = await obey(await opening, order)
  postMessage({ id, told } satisfies Told)
})

const once = (node: BareNode, of: 'commit' | 'ask'): Promise<void> => (of === 'commit' ? node.commit() : node.ask())

async function obey(node: BareNode, order: BareOrder): Promise<unknown> {
  switch (order.kind) {
    case 'add':
      return node.add(order.channel)
    case 'once':
      return once(node, order.of)
    case 'latencies':
      return pace.latencies(() => once(node, order.of), order.count)
    case 'rate':
      return pace.rate(() => node.commit(), order.inFlight, order.forMs)
    case 'close':
      return node.close()
    default:
      return order satisfies never
  }
}
