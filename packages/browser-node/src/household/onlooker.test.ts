import type { Port } from '@flotilla/client'
import { describe, expect, it } from 'vitest'
import { Browser } from './fixtures/browser.ts'
import { Onlooker } from './onlooker.ts'

class Watching {
  readonly found: (Port | undefined)[] = []
  readonly onlooker: Onlooker

  constructor(browser: Browser) {
    const tab = { later: (run: () => void) => queueMicrotask(run) }
    this.onlooker = new Onlooker({
      room: 'room',
      name: 'onlooker',
      locks: browser.locksOf(tab),
      channel: name => browser.channelOf(tab, name),
      clock: browser.clock,
      random: () => browser.random(),
      found: port => void this.found.push(port),
    })
  }

  get hasNode(): boolean {
    return this.found.at(-1) !== undefined
  }
}

describe('an onlooker', () => {
  it('finds whoever drives, at once, and whoever drives next', async () => {
    const browser = new Browser()
    const first = browser.open()
    await browser.until(() => first.drives)
    const second = browser.open()
    const watching = new Watching(browser)
    await browser.until(() => watching.hasNode, 200)
    await first.close()
    await browser.until(() => second.drives && watching.found.length === 2, 200)
    expect(watching.hasNode).toBe(true)
  })

  it('never drives, also where it is alone: it says that nobody is there, and finds whoever comes', async () => {
    const browser = new Browser()
    const watching = new Watching(browser)
    await browser.until(() => watching.found.length === 1, 10_000)
    expect(watching.hasNode).toBe(false)
    await browser.pass(60_000)
    expect(watching.found).toHaveLength(1)
    const tab = browser.open()
    await browser.until(() => tab.drives, 200)
    await browser.until(() => watching.hasNode, 2_000)
    tab.crash()
    await browser.until(() => !watching.hasNode, 10_000)
    expect(browser.epoch).toBe(1)
  })

  it('takes no turn away from a tab of the household', async () => {
    const browser = new Browser()
    const first = browser.open()
    await browser.until(() => first.drives)
    const watching = new Watching(browser)
    await browser.until(() => watching.hasNode)
    const second = browser.open()
    await browser.until(() => second.found === 1)
    watching.onlooker.close()
    watching.onlooker.close()
    await first.close()
    await browser.until(() => second.drives, 200)
    expect(watching.found).toHaveLength(1)
  })
})
