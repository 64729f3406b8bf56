import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { HangWatch } from './hang-watch.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const never = (): Promise<void> => new Promise(() => {})

test('a write that ends is what it was, and leaves no timer behind', async () => {
  const watch = new HangWatch()
  await watch.giveUp(Promise.resolve())
  await expect(watch.giveUp(Promise.reject(new Error('full')))).rejects.toThrow('full')
  expect(vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(1_000)
  expect(vi.getTimerCount()).toBe(0)
})

test('all that is under way is given up when none of it has ended for a minute', async () => {
  const watch = new HangWatch()
  const outcomes = [watch.giveUp(never()), watch.giveUp(never())].map(write => write.catch(({ kind }) => kind))
  vi.advanceTimersByTime(60_000)
  expect(await Promise.all(outcomes)).toEqual(['Unavailable', 'Unavailable'])
})

test('what is slow is not given up while others end', async () => {
  const watch = new HangWatch()
  let isGivenUp = false
  watch.giveUp(never()).catch(() => {
    isGivenUp = true
  })
  for (let i = 0; i < 4; i++) {
    vi.advanceTimersByTime(50_000)
    await watch.giveUp(Promise.resolve())
  }
  expect(isGivenUp).toBe(false)
  vi.advanceTimersByTime(60_000)
  await Promise.resolve()
  expect(isGivenUp).toBe(true)
})
