import { describe, expect, test } from 'vitest'
import { transportConformance } from '../conformance/transport.ts'
import { memoryNetwork } from './memory-transport.ts'

describe('the transport in memory keeps what every transport promises', () => {
  for (const { name, run } of transportConformance) {
    test(name, () => run(memoryNetwork()))
  }
})

test('nothing happens before the scheduler says so, and then in the order it was asked', async () => {
  const jobs: (() => void)[] = []
  const network = memoryNetwork({ schedule: job => jobs.push(job) })
  const [a, b] = [network.transport('room'), network.transport('room')]
  const log: string[] = []
  const handler = (self: string) => ({
    onFrame: (from: string, frame: Uint8Array) => log.push(`${self} has ${frame[0]} from ${from}`),
    onPeer: (peer: string, up: boolean) => log.push(`${self} ${up ? 'gains' : 'loses'} ${peer}`),
  })
  await a.open('a', handler('a'))
  await b.open('b', handler('b'))
  a.send('b', Uint8Array.of(1), 'normal')
  a.send('b', Uint8Array.of(2), 'normal')
  expect(log).toEqual([])
  for (const job of jobs.splice(0)) job()
  expect(log).toEqual(['b gains a', 'a gains b', 'b has 1 from a', 'b has 2 from a'])
})

test('the scheduler is called as a plain function: a page’s queueMicrotask throws "Illegal invocation" otherwise', async () => {
  const receivers: unknown[] = []
  const network = memoryNetwork({
    schedule(this: unknown, job: () => void) {
      receivers.push(this)
      queueMicrotask(job)
    },
  })
  for (const id of ['a', 'b']) await network.transport('room').open(id, { onFrame: () => {}, onPeer: () => {} })
  expect(receivers).toEqual([undefined, undefined])
})

test('what was sent before a close arrives before the news of it', async () => {
  const network = memoryNetwork()
  const [a, b] = [network.transport('room'), network.transport('room')]
  const log: string[] = []
  await a.open('a', { onFrame: () => {}, onPeer: () => {} })
  const heard = new Promise<void>(resolve => {
    const onPeer = (_: string, up: boolean) => {
      log.push(up ? 'up' : 'down')
      if (!up) resolve()
    }
    void b.open('b', { onFrame: () => log.push('frame'), onPeer })
  })
  a.send('b', Uint8Array.of(1), 'urgent')
  await a.close()
  await heard
  expect(log).toEqual(['up', 'frame', 'down'])
})

test('a name that is taken is refused', async () => {
  const network = memoryNetwork()
  const handler = { onFrame: () => {}, onPeer: () => {} }
  await network.transport('room').open('a', handler)
  await expect(network.transport('room').open('a', handler)).rejects.toMatchObject({ kind: 'SignalingFailed' })
})
