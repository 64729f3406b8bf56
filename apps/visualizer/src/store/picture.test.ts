import type { TraceEvent } from '@flotilla/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { catchUp } from '../trace-view/catch-up.ts'
import { Script } from '../trace-view/fixtures/script.ts'
import { entriesBetween } from '../trace-view/log-view.ts'
import { reduceNode } from '../trace-view/reduce.ts'
import { type NodeView, unheardNode } from '../trace-view/view.ts'
import { Picture, type Seen } from './picture.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A picture at node a, whose clock and wall are vitest's. */
function watch() {
  const published: Seen[] = []
  const picture = new Picture(
    seen => void published.push(seen),
    () => Date.now(),
  )
  picture.self = { id: 'a', now: () => Date.now() }
  return { picture, published }
}

function feed(picture: Picture, events: readonly TraceEvent[]) {
  for (const event of events) {
    if (event.node === 'a') picture.own(event)
    else picture.heard(event.node, () => ({ events: [event], now: event.at, catchUp: false, leftOut: 0 }))
  }
}

const visible = ({ log, ...node }: NodeView) => ({
  ...node,
  entries: entriesBetween(log, log.lastIndex - 900, log.lastIndex),
  lastIndex: log.lastIndex,
  durableIndex: log.durableIndex,
})

describe('Picture', () => {
  it('does nothing with an event at once, and shows it soon', () => {
    const { picture, published } = watch()
    const read = vi.fn(() => undefined)
    picture.heard('b', read)
    feed(picture, new Script(['a', 'b', 'c']).elect('a').events)
    expect(read).not.toHaveBeenCalled()
    expect(published).toEqual([])
    vi.advanceTimersByTime(50)
    expect(read).toHaveBeenCalledTimes(1)
    expect(published.map(({ view }) => view.nodes.get('a')?.role)).toEqual(['leader'])
  })

  it('publishes nothing for heartbeats: they change only what moves', () => {
    const { picture, published } = watch()
    const script = new Script(['a', 'b', 'c']).elect('a')
    feed(picture, script.events)
    vi.advanceTimersByTime(50)
    const told = published.length
    const before = script.events.length
    script.timer('a', 300).sent('a', 'b', { type: 'AppendEntries', term: 1, size: 0 })
    feed(picture, script.events.slice(before))
    vi.advanceTimersByTime(50)
    expect(picture.motion.flights.size).toBeGreaterThan(0)
    expect(published).toHaveLength(told)
  })

  it('after a burst of 1,000 writes is where a fresh catch-up would be, having rendered a few times a second', () => {
    const { picture, published } = watch()
    const script = new Script(['a', 'b', 'c'], 0).elect('a')
    feed(picture, script.events)
    for (let i = 0; i < 1_000; i++) {
      const before = script.events.length
      script.write(`key-${i % 7} ← ${i}`)
      feed(picture, script.events.slice(before))
      vi.advanceTimersByTime(3)
    }
    expect(picture.tempo.busy).toBe(true)
    expect(published.length).toBeLessThan(20)
    vi.advanceTimersByTime(2_000)

    expect(published.at(-1)).toMatchObject({ busy: false })
    expect(vi.getTimerCount()).toBe(0)
    for (const id of ['a', 'b', 'c']) {
      const all = script.events.filter(event => event.node === id).reduce(reduceNode, unheardNode(id))
      const fresh = catchUp(all, 0).reduce(reduceNode, unheardNode(id))
      const shown = published.at(-1)?.view.nodes.get(id) ?? unheardNode(id)
      expect(visible(shown)).toEqual(visible(all))
      expect(visible(shown)).toEqual(visible(fresh))
    }
    expect(picture.leftOut).toBeGreaterThan(1_000)
  })

  it('takes its time when rendering is slow, however little happens', async () => {
    const published: number[] = []
    const picture = new Picture(
      () => {
        published.push(Date.now())
        // As React does: rendering comes in a microtask.
        queueMicrotask(() => vi.setSystemTime(Date.now() + 20))
      },
      () => Date.now(),
    )
    picture.poke()
    await vi.advanceTimersByTimeAsync(100)
    picture.poke()
    const asked = Date.now()
    await vi.advanceTimersByTimeAsync(150)
    expect(published).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(100)
    expect(published).toHaveLength(2)
    expect((published[1] ?? 0) - asked).toBeGreaterThanOrEqual(200)
  })

  it('puts no more aside than it should, however late its timer is', () => {
    const { picture } = watch()
    const read = vi.fn(() => undefined)
    for (let i = 0; i < 5_000; i++) picture.heard('b', read)
    expect(read.mock.calls.length).toBeGreaterThan(4_000)
  })

  it('answers with all that has been told, also what waits', () => {
    const { picture } = watch()
    feed(picture, new Script(['a', 'b', 'c']).elect('a').events)
    expect(picture.view.nodes.get('a')?.role).toBe('leader')
  })
})
