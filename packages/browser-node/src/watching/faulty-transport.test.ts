import { memoryNetwork, type TransportHandler } from '@flotilla/cluster'
import { transportConformance } from '@flotilla/cluster/conformance'
import { describe, expect, test } from 'vitest'
import { FaultyTransport } from './faulty-transport.ts'

class Surroundings {
  offline = false
  readonly cut = new Set<string>()
  readonly #listeners = new Set<() => void>()
  readonly isOffline = (): boolean => this.offline
  readonly isCut = (peer: string): boolean => this.offline || this.cut.has(peer)
  readonly onChanged = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  change(change: () => void): void {
    change()
    for (const listener of this.#listeners) listener()
  }
}

describe('without faults it keeps what every transport promises', () => {
  for (const { name, run } of transportConformance) {
    test(name, () => {
      const network = memoryNetwork()
      return run({ transport: room => new FaultyTransport(network.transport(room), new Surroundings()) })
    })
  }
})

/** Two nodes; deliveries happen when `settle` is called. */
async function pair() {
  const jobs: (() => void)[] = []
  const network = memoryNetwork({ schedule: job => jobs.push(job) })
  const surroundings = new Surroundings()
  const log: string[] = []
  const handler = (self: string): TransportHandler => ({
    onFrame: (from, [first]) => log.push(`${self} has ${first} from ${from}`),
    onPeer: (peer, up) => log.push(`${self} ${up ? 'gains' : 'loses'} ${peer}`),
  })
  const a = new FaultyTransport(network.transport('room'), surroundings)
  const b = network.transport('room')
  await a.open('a', handler('a'))
  await b.open('b', handler('b'))
  const settle = (): readonly string[] => {
    while (jobs.length > 0) jobs.shift()?.()
    return log.splice(0)
  }
  settle()
  return { a, b, surroundings, settle }
}

test('over a cut nothing goes either way, and its link looks as before', async () => {
  const { a, b, surroundings, settle } = await pair()
  surroundings.change(() => surroundings.cut.add('b'))
  a.send('b', Uint8Array.of(1), 'normal')
  b.send('a', Uint8Array.of(2), 'normal')
  expect(settle()).toEqual([])
  expect(a.peers()).toEqual(['b'])
  surroundings.change(() => surroundings.cut.delete('b'))
  a.send('b', Uint8Array.of(3), 'normal')
  b.send('a', Uint8Array.of(4), 'normal')
  expect(settle()).toEqual(['b has 3 from a', 'a has 4 from b'])
})

test('who is offline loses its peers, and gains them again; the others hear nothing of it meanwhile', async () => {
  const { a, b, surroundings, settle } = await pair()
  surroundings.change(() => {
    surroundings.offline = true
  })
  expect(settle()).toEqual(['a loses b'])
  expect(a.peers()).toEqual([])
  a.send('b', Uint8Array.of(1), 'bulk')
  b.send('a', Uint8Array.of(2), 'bulk')
  expect(settle()).toEqual([])
  surroundings.change(() => {
    surroundings.offline = false
  })
  expect(settle()).toEqual(['a gains b'])
  expect(a.peers()).toEqual(['b'])
})

test('a peer that comes while a node is offline is there when it is back', async () => {
  const jobs: (() => void)[] = []
  const network = memoryNetwork({ schedule: job => jobs.push(job) })
  const surroundings = new Surroundings()
  surroundings.offline = true
  const log: string[] = []
  const a = new FaultyTransport(network.transport('room'), surroundings)
  await a.open('a', { onFrame: () => {}, onPeer: (peer, up) => log.push(`${up} ${peer}`) })
  await network.transport('room').open('b', { onFrame: () => {}, onPeer: () => {} })
  while (jobs.length > 0) jobs.shift()?.()
  expect(log).toEqual([])
  surroundings.change(() => {
    surroundings.offline = false
  })
  expect(log).toEqual(['true b'])
})
