/** In Node, with a ticker in place of the worker; in a real page the same clock runs the conformance suite end to end. */
import { describe, expect, test } from 'vitest'
import { clockConformance } from '../conformance/clock.ts'
import { until } from '../conformance/until.ts'
import { type Ticker, workerClock } from './worker-clock.ts'

/** Does what the worker does, on this thread. */
class LocalTicker implements Ticker {
  onmessage: Ticker['onmessage'] = null
  onerror: Ticker['onerror'] = null
  readonly asked: (number | null)[] = []
  terminated = false
  #timeout: ReturnType<typeof setTimeout> | undefined

  postMessage(delayMs: number | null): void {
    this.asked.push(delayMs)
    clearTimeout(this.#timeout)
    if (delayMs !== null) this.#timeout = setTimeout(() => this.say('tick'), delayMs)
  }

  say(data: string): void {
    this.onmessage?.(new MessageEvent('message', { data }))
  }

  fail(): void {
    const event = new Event('error', { cancelable: true })
    this.onerror?.(Object.assign(event, { message: 'refused', filename: '', lineno: 0, colno: 0, error: null }))
  }

  /** From now on it does nothing, and says nothing of it. */
  die(): void {
    clearTimeout(this.#timeout)
    this.postMessage = () => undefined
  }

  terminate(): void {
    this.terminated = true
    clearTimeout(this.#timeout)
  }
}

describe('ticked by a worker, the clock keeps what every clock promises', () => {
  for (const { name, run } of clockConformance) {
    test(name, async () => {
      const ticker = new LocalTicker()
      const clock = workerClock(() => ticker)
      ticker.say('ready')
      await run(clock)
      clock.close()
    })
  }
})

describe('where no worker can start, it keeps them too', () => {
  for (const { name, run } of clockConformance) {
    test(name, async () => {
      const clock = workerClock(() => {
        throw new Error('refused by the content security policy')
      })
      expect(clock.ticking).toBe('page')
      await run(clock)
      clock.close()
    })
  }
})

test('without Worker in the platform the page ticks', () => {
  const clock = workerClock()
  expect(clock.ticking).toBe('page')
  clock.close()
})

test('the page ticks until the worker is ready, which then takes over what is pending', async () => {
  const ticker = new LocalTicker()
  const clock = workerClock(() => ticker)
  let fired = 0
  clock.setTimer(clock.now(), () => fired++)
  await until(() => fired === 1, 'a timer fires before the worker is ready')
  expect(ticker.asked).toEqual([])

  clock.setTimer(clock.now() + 20, () => fired++)
  ticker.say('ready')
  expect(clock.ticking).toBe('worker')
  expect(ticker.asked).toHaveLength(1)
  await until(() => fired === 2, 'the worker makes it fire')
  clock.close()
})

test('a worker that fails, early or late, gives its timers back to the page', async () => {
  for (const wasReady of [false, true]) {
    const ticker = new LocalTicker()
    const clock = workerClock(() => ticker)
    if (wasReady) ticker.say('ready')
    let fired = false
    clock.setTimer(clock.now() + 5, () => {
      fired = true
    })
    ticker.fail()
    expect(clock.ticking).toBe('page')
    expect(ticker.terminated).toBe(true)
    await until(() => fired, 'the timer fires all the same')
    clock.close()
  }
})

test('after close nothing fires, and the worker is gone', async () => {
  const ticker = new LocalTicker()
  const clock = workerClock(() => ticker)
  ticker.say('ready')
  let fired = false
  clock.setTimer(clock.now() + 5, () => {
    fired = true
  })
  clock.close()
  ticker.say('tick')
  expect(ticker.terminated).toBe(true)
  const other = workerClock(() => {
    throw new Error('none')
  })
  await new Promise<void>(resolve => other.setTimer(other.now() + 20, resolve))
  ticker.say('tick')
  expect(fired).toBe(false)
})

test('a worker that dies without a word does not take the timers along: the page runs them, and another worker takes over', async () => {
  const tickers: LocalTicker[] = []
  const clock = workerClock(() => {
    const ticker = new LocalTicker()
    tickers.push(ticker)
    return ticker
  })
  tickers[0]?.say('ready')
  let fired = 0
  clock.setTimer(clock.now() + 5, () => fired++)
  tickers[0]?.die()
  await until(() => fired === 1, 'the timer of the dead worker fires all the same')

  clock.setTimer(clock.now() + 5, () => fired++)
  await until(() => fired === 2, 'the next one too')
  expect(tickers).toHaveLength(2)
  expect(tickers[0]?.terminated).toBe(true)
  tickers[1]?.say('ready')
  expect(clock.ticking).toBe('worker')
  clock.setTimer(clock.now() + 5, () => fired++)
  await until(() => fired === 3, 'and those of its successor')
  expect(tickers).toHaveLength(2)
  clock.close()
})

test('a worker whose ticks come late, since the whole page is late, is not taken for dead', async () => {
  const tickers: LocalTicker[] = []
  const clock = workerClock(() => {
    const ticker = new LocalTicker()
    tickers.push(ticker)
    return ticker
  })
  tickers[0]?.say('ready')
  tickers[0]?.die()
  for (let round = 1; round <= 3; round++) {
    let fired = false
    clock.setTimer(clock.now() + 1, () => {
      fired = true
    })
    await until(() => fired, `the page runs timer ${round}`)
    // Its tick was waiting behind the page's own timer.
    tickers[0]?.say('tick')
  }
  expect(tickers).toHaveLength(1)
  clock.close()
})
