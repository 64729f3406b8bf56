/** One of the bench's nodes, in a process of its own as an edge node is, and a bare node beside it. It does what it is told, one thing at a time. */
import { join } from 'node:path'
import { jsonCodec, type StateMachine } from '@flotilla/cluster'
import { endProcess, openEdgeNode } from '../src/index.ts'
import { BareNode } from './bare-node.ts'

/** What is timed. */
export type Timed = 'commit' | 'write' | 'ping' | 'exchange' | 'exchangeOfThree' | 'exchangeInTurn' | 'ask' | 'askThree'

export type Order =
  | { readonly order: 'offer' }
  | { readonly order: 'accept' | 'accepted'; readonly sdp: string }
  | { readonly order: 'role' }
  | { readonly order: 'times'; readonly of: Timed; readonly count: number }
  | { readonly order: 'rate'; readonly of: Timed; readonly count: number; readonly atOnce: number }
  | { readonly order: 'end' }

export interface Told {
  readonly sdp?: string
  readonly role?: string
  readonly voters?: number
  /** Milliseconds each. */
  readonly times?: readonly number[]
  /** A second. */
  readonly rate?: number
  /** Of the processor, in this process so far. */
  readonly processorMs: number
}

const PAYLOAD = 'x'.repeat(98)

const [link = '', signaling = '', folder = '', start] = process.argv.slice(2)
const node = await openEdgeNode({
  link,
  signaling,
  dataDir: join(folder, 'node'),
  machine: machine(),
  start: start === 'open' ? 'open' : 'join',
})
const bare = new BareNode(join(folder, 'bare'))

const acts: Readonly<Record<Timed, () => Promise<unknown>>> = {
  commit: () => node.cluster.propose(PAYLOAD),
  write: () => bare.write(),
  ping: () => bare.ping(),
  exchange: () => bare.exchange(2),
  exchangeOfThree: () => bare.exchange(3),
  exchangeInTurn: () => bare.exchangeInTurn(),
  ask: () => bare.ask(2),
  askThree: () => bare.ask(3),
}

process.on('message', (order: Order) => void obey(order).then(tell))
// Whatever becomes of who gives the orders.
process.on('disconnect', () => process.exit(1))
tell({})

function tell(told: Omit<Told, 'processorMs'>): void {
  const { user, system } = process.cpuUsage()
  process.send?.({ ...told, processorMs: (user + system) / 1_000 } satisfies Told)
}

async function obey(order: Order): Promise<Omit<Told, 'processorMs'>> {
  switch (order.order) {
    case 'offer':
      return { sdp: await bare.offer() }
    case 'accept':
      return { sdp: await bare.accept(order.sdp) }
    case 'accepted':
      await bare.accepted(order.sdp)
      return {}
    case 'role': {
      const { role, members } = node.cluster.status()
      return { role, voters: members.filter(({ voter }) => voter).length }
    }
    case 'times':
      return { times: await timesOf(order.count, acts[order.of]) }
    case 'rate':
      return { rate: await rateOf(order.count, order.atOnce, acts[order.of]) }
    case 'end':
      bare.close()
      await node.close()
      return endProcess(0)
    default:
      return order satisfies never
  }
}

async function timesOf(count: number, act: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    const begun = performance.now()
    await act()
    times.push(performance.now() - begun)
  }
  return times
}

/** Calls a second, of so many under way at a time. */
async function rateOf(count: number, atOnce: number, act: () => Promise<unknown>): Promise<number> {
  let left = count
  const begun = performance.now()
  const worker = async (): Promise<void> => {
    while (left-- > 0) await act()
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return count / ((performance.now() - begun) / 1_000)
}

function machine(): StateMachine<string, number> {
  let count = 0
  return {
    command: jsonCodec(String),
    result: jsonCodec(Number),
    apply: () => ++count,
    snapshot: () => new TextEncoder().encode(String(count)),
    restore: bytes => {
      count = Number(new TextDecoder().decode(bytes))
    },
  }
}
