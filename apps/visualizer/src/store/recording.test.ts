import type { MessageSummary, TraceEvent } from '@flotilla/core'
import { judge, merged, readTrace } from '@flotilla/trace'
import { describe, expect, it } from 'vitest'
import { Script } from '../trace-view/fixtures/script.ts'
import { reduce } from '../trace-view/reduce.ts'
import { emptyView } from '../trace-view/view.ts'
import { Recording } from './recording.ts'

const message = (id: string): MessageSummary => ({ id, from: 'a', to: 'b', type: 'AppendEntries', term: 1, size: 1 })
const at = (node: string, when: number, body: object): TraceEvent => ({ node, at: when, ...body }) as TraceEvent

describe('a recording', () => {
  it('of several nodes has no message arrive before it was sent, whatever their clocks say', () => {
    const a = [
      at('a', 5, { type: 'sent', message: message('m'), delayMs: 0 }),
      at('a', 9, { type: 'applied', index: 1 }),
    ]
    const b = [at('b', 1, { type: 'delivered', message: message('m') }), at('b', 2, { type: 'applied', index: 1 })]
    const order = merged([a, b])
    expect(order.map(({ node, type }) => `${node} ${type}`)).toEqual([
      'a sent',
      'b delivered',
      'b applied',
      'a applied',
    ])
    expect(order.every(({ at: when }, i) => when >= (order[i - 1]?.at ?? 0))).toBe(true)
  })

  it('goes by time where the sending was not seen, and ends even if everything was told the wrong way round', () => {
    const lost = [at('b', 1, { type: 'delivered', message: message('x') })]
    const wrong = [
      at('c', 3, { type: 'delivered', message: message('y') }),
      at('c', 4, { type: 'sent', message: message('y'), delayMs: 0 }),
    ]
    expect(merged([lost, wrong])).toHaveLength(3)
  })

  it('begun in the middle ends as the picture did, and breaks nothing', () => {
    const script = new Script(['a', 'b', 'c']).elect('a').write('x ← 1')
    const before = script.events.reduce(reduce, emptyView)
    const seen = script.events.length
    script.write('x ← 2').write('y ← 3')
    const later = script.events.slice(seen)
    const recording = new Recording(before, 1_000)
    for (const event of later) {
      recording.take(event.node, { events: [event], now: event.at, leftOut: 0 }, 1_000 + event.at, 1)
    }
    const trace = readTrace(recording.text('quiet-otter-42'))
    const after = trace.events.reduce(reduce, emptyView)
    const expected = script.events.reduce(reduce, emptyView)
    for (const [id, node] of expected.nodes) {
      const { term, role, commitIndex, lastApplied, log } = node
      expect(after.nodes.get(id)).toMatchObject({ term, role, commitIndex, lastApplied })
      expect(after.nodes.get(id)?.log.lastIndex).toBe(log.lastIndex)
    }
    expect(judge(trace).flatMap(({ violations }) => violations)).toEqual([])
    expect(trace.title).toBe('room quiet-otter-42: S1, S2, S3')
  })
})
