import type { MessageSummary, TraceEvent } from '@flotilla/core'
import { merged, readTrace } from '@flotilla/trace'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RoomTrace } from './room-trace.ts'

const message = (id: string): MessageSummary => ({ id, from: 'a', to: 'b', type: 'AppendEntries', term: 1, size: 0 })

test('nothing arrives before it was sent, though the clock of who heard it is behind', () => {
  const a: readonly TraceEvent[] = [
    { node: 'a', at: 10, type: 'sent', message: message('1'), delayMs: 0 },
    { node: 'a', at: 11, type: 'applied', index: 1 },
  ]
  const b: readonly TraceEvent[] = [
    { node: 'b', at: 9.5, type: 'delivered', message: message('1') },
    { node: 'b', at: 9.6, type: 'applied', index: 1 },
  ]
  const events = merged([b, a])
  expect(events.map(({ node, type }) => `${node} ${type}`)).toEqual(['a sent', 'b delivered', 'b applied', 'a applied'])
  expect(events.map(({ at }) => at)).toEqual([10, 10, 10, 11])
})

test('a message of which nobody tells that it was sent holds nothing up', () => {
  const b: readonly TraceEvent[] = [{ node: 'b', at: 1, type: 'delivered', message: message('of a tab that crashed') }]
  expect(merged([b])).toEqual(b)
})

test('whatever the clocks say, every event is there once, each tab’s in its own order, and time does not go back', () => {
  const part = (node: string) =>
    fc
      .array(
        fc.record({ at: fc.integer({ min: 0, max: 20 }), id: fc.integer({ min: 0, max: 5 }), isSent: fc.boolean() }),
      )
      .map(told =>
        told.map(({ at, id, isSent }): TraceEvent => {
          const about = { node, at, message: message(String(id)) }
          return isSent ? { ...about, type: 'sent', delayMs: 0 } : { ...about, type: 'delivered' }
        }),
      )
  fc.assert(
    fc.property(part('a'), part('b'), part('c'), (...parts) => {
      const events = merged(parts)
      const untimed = ({ at: _, ...event }: TraceEvent): unknown => event
      for (const [i, node] of ['a', 'b', 'c'].entries())
        expect(events.filter(event => event.node === node).map(untimed)).toEqual(parts[i]?.map(untimed))
      expect(events).toHaveLength(parts.flat().length)
      expect(events.every(({ at }, i) => i === 0 || at >= (events[i - 1]?.at ?? 0))).toBe(true)
    }),
  )
})

test('a node that dies with its tab is told to be dead, in a file that can be read', () => {
  const trace = new RoomTrace<string>()
  trace.add('tab 1', [{ node: 'a', at: 1, type: 'applied', index: 1 }])
  trace.died('tab 1', 'the test crashed its tab')
  trace.died('a tab that told nothing', 'the test crashed its tab')
  const { title, events } = readTrace(trace.text('a test'))
  expect(title).toBe('a test')
  expect(events.map(({ node, type }) => `${node} ${type}`)).toEqual(['a applied', 'a crashed'])
})
