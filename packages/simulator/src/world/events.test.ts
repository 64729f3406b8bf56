import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventQueue } from './events.ts'

test('events come out in the order of time, and of entry within one instant', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), times => {
      const queue = new EventQueue<{ at: number; order: number; nth: number }>()
      times.forEach((at, nth) => {
        queue.push({ at, order: 0, nth })
      })
      const expected = times.map((at, nth) => ({ at, nth })).sort((a, b) => a.at - b.at || a.nth - b.nth)
      const actual: { at: number; nth: number }[] = []
      for (let event = queue.pop(); event !== undefined; event = queue.pop())
        actual.push({ at: event.at, nth: event.nth })
      expect(actual).toEqual(expected)
      expect(queue.size).toBe(0)
    }),
  )
})

test('events put in while others are taken out find their place', () => {
  const queue = new EventQueue<{ at: number; order: number }>()
  for (const at of [5, 1, 3]) queue.push({ at, order: 0 })
  expect(queue.pop()?.at).toBe(1)
  queue.push({ at: 2, order: 0 })
  queue.push({ at: 9, order: 0 })
  expect([queue.pop()?.at, queue.pop()?.at, queue.pop()?.at, queue.pop()?.at, queue.pop()]).toEqual([
    2,
    3,
    5,
    9,
    undefined,
  ])
})
