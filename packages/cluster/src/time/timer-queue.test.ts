import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Cancel } from './clock.ts'
import { TimerQueue } from './timer-queue.ts'

test('timers fire in the order of their times, whatever was set and cancelled between', () => {
  const action = fc.record({ at: fc.integer({ min: 0, max: 50 }), cancels: fc.option(fc.nat(40), { nil: undefined }) })
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), actions => {
      const queue = new TimerQueue(
        () => 100,
        () => {},
      )
      const fired: string[] = []
      const set: { at: number; serial: number; name: string }[] = []
      const cancelled = new Set<string>()
      const cancelOf: Cancel[] = []
      for (const [serial, { at, cancels }] of actions.entries()) {
        const name = `${at}/${serial}`
        set.push({ at, serial, name })
        cancelOf.push(queue.set(at, () => fired.push(name)))
        const victim = cancels === undefined ? undefined : set[cancels]
        if (victim === undefined) continue
        cancelOf[victim.serial]?.()
        cancelled.add(victim.name)
      }
      queue.run()
      const expected = set
        .filter(({ name }) => !cancelled.has(name))
        .sort((a, b) => a.at - b.at || a.serial - b.serial)
        .map(({ name }) => name)
      expect(fired).toEqual(expected)
      expect(queue.earliest).toBe(Number.POSITIVE_INFINITY)
    }),
  )
})

test('the host is asked for the earliest time only, and told when there is nothing to wait for', () => {
  const asked: number[] = []
  const queue = new TimerQueue(
    () => 0,
    at => asked.push(at),
  )
  const cancelFirst = queue.set(20, () => {})
  queue.set(30, () => {})
  const cancelThird = queue.set(10, () => {})
  expect(asked).toEqual([20, 10])
  cancelThird()
  cancelFirst()
  expect(queue.earliest).toBe(30)
  queue.arm()
  expect(asked).toEqual([20, 10, 30])
})

test('a callback that throws does not keep the others from firing', () => {
  const asked: number[] = []
  const fired: string[] = []
  const queue = new TimerQueue(
    () => 10,
    at => asked.push(at),
  )
  queue.set(1, () => {
    throw new Error('mine')
  })
  queue.set(2, () => fired.push('other'))
  expect(() => queue.run()).toThrow('mine')
  expect(asked.at(-1)).toBe(2)
  queue.run()
  expect(fired).toEqual(['other'])
})

test('a timer that sets itself again in the past does not hold up the host', () => {
  const queue = new TimerQueue(
    () => 10,
    () => {},
  )
  let fired = 0
  const again = (): void => {
    fired++
    queue.set(0, again)
  }
  queue.set(0, again)
  queue.run()
  expect(fired).toBe(1)
})
