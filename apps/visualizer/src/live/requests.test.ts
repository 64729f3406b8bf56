import { ClusterError } from '@flotilla/cluster'
import { describe, expect, it, vi } from 'vitest'
import { createLiveStore, MAX_SHOWN_WRITES } from '../store/live-store.ts'
import { Requests } from './requests.ts'

type Node = Awaited<ReturnType<ConstructorParameters<typeof Requests>[0]['opened']>>

/** A node whose answers come when the test says so, in the order of the questions. */
function setUp(pace = 1) {
  const store = createLiveStore('room')
  const asked: { readonly timeoutMs: number; answer(): void; refuse(cause: unknown): void }[] = []
  const ask = <T>(timeoutMs: number, result: T) =>
    new Promise<T>((resolve, reject) => asked.push({ timeoutMs, answer: () => resolve(result), refuse: reject }))
  const node: Node = {
    set: (_, __, timeoutMs) => ask(timeoutMs, { index: 7, term: 2 }),
    get: (key, _, timeoutMs) => ask(timeoutMs, `the value of ${key}`),
  }
  const requests = new Requests({ store, opened: async () => node, pace: () => pace })
  const asks = (count: number) => vi.waitFor(() => expect(asked.length).toBe(count))
  return { store, asked, requests, asks }
}

describe('Requests', () => {
  it('shows a write as sending, and then where it was committed', async () => {
    const { store, asked, requests, asks } = setUp()
    requests.write('x', '1')
    expect(store.getState().writes).toMatchObject([{ key: 'x', value: '1', fate: { kind: 'sending' } }])
    await asks(1)
    asked[0]?.answer()
    await vi.waitFor(() => expect(store.getState().writes[0]?.fate).toEqual({ kind: 'committed', index: 7, term: 2 }))
  })

  it('shows why a write failed, of that write alone', async () => {
    const { store, asked, requests, asks } = setUp()
    requests.write('x', '1')
    requests.write('y', '2')
    await asks(2)
    asked[0]?.refuse(new ClusterError('Overloaded', 'too many'))
    await vi.waitFor(() =>
      expect(store.getState().writes).toMatchObject([
        { key: 'y', fate: { kind: 'sending' } },
        { key: 'x', fate: { kind: 'failed', error: 'Overloaded' } },
      ]),
    )
  })

  it('shows the latest writes only', () => {
    const { store, requests } = setUp()
    for (let i = 0; i <= MAX_SHOWN_WRITES; i++) requests.write('x', String(i))
    const values = store.getState().writes.map(({ value }) => value)
    expect([values.length, values[0], values.at(-1)]).toEqual([MAX_SHOWN_WRITES, String(MAX_SHOWN_WRITES), '1'])
  })

  it('does not show the answer to a question when a later one has taken its place', async () => {
    const { store, asked, requests, asks } = setUp()
    requests.read('x', 'linearizable')
    requests.read('y', 'local')
    await asks(2)
    asked[1]?.answer()
    const answer = { kind: 'answered', key: 'y', consistency: 'local', value: 'the value of y' }
    await vi.waitFor(() => expect(store.getState().read).toEqual(answer))
    asked[0]?.answer()
    // Settled by a promise of its own, so whatever the late answer does is done before this goes on.
    await new Promise(resolve => setTimeout(resolve))
    expect(store.getState().read).toEqual(answer)
  })

  it.each([
    [1, 10_000],
    [50, 3_000],
  ])('at 1/%d of full speed waits %d ms of the node’s time', async (pace, timeoutMs) => {
    const { asked, requests, asks } = setUp(pace)
    void requests.set('x', '1')
    void requests.get('x')
    await asks(2)
    expect(asked.map(each => each.timeoutMs)).toEqual([timeoutMs, timeoutMs])
  })
})
