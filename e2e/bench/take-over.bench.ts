/**
 * How soon somebody else goes on, as a distribution: when the tab that drives a browser's node is closed, crashes or is frozen, until another tab of
 * that browser has a write answered; and when the tab of a leader is, in a room of three nodes in workers, until one of the others has. Where
 * the browser notices (it lets go of a lock that the tab had), the take-over is told from that moment on as well.
 */
import type { Page } from '@playwright/test'
import { crash, drives, freshRoom, leaderOf, open, threeTabs, until, voters, write } from '../fixtures/node-page.ts'
import { freeze, RealBrowser } from '../fixtures/real-browser.ts'
import { serveHarness } from '../servers/pages.ts'

const ROUNDS = 50
const ends = ['closed', 'crashed', 'frozen'] as const

const server = await serveHarness()
const browser = await RealBrowser.start()
try {
  // All of it takes some twenty minutes: who waits sees how far it is.
  for (const how of ends) {
    console.log(`the tab of a browser’s node is ${how}, ${ROUNDS} times …`)
    await takeOver(how)
  }
  for (const how of ends) {
    console.log(`the tab of a leader is ${how}, ${ROUNDS} times …`)
    await leaderLoss(how)
  }
} finally {
  await browser.stop()
  await server.close()
}

/** Of a browser's node, by another of its tabs. */
async function takeOver(how: (typeof ends)[number]): Promise<void> {
  const room = freshRoom()
  const fromTheEnd: number[] = []
  const fromTheLock: number[] = []
  let driver = await open(browser.context, { room })
  let other = await open(browser.context, { room })
  await write(other, 'before')
  for (let round = 0; round < ROUNDS; round++) {
    // Strings, because tsx marks functions’ names with a helper of its own, which the page does not have.
    await driver.evaluate(`void navigator.locks.request('bench ${round}', () => new Promise(() => {}))`)
    await until(
      () =>
        driver
          .evaluate(`navigator.locks.query().then(({ held }) => held.some(lock => lock.name === 'bench ${round}'))`)
          .then(Boolean),
      'it has the lock',
    )
    await other.evaluate(`void (window.fromTheLock = navigator.locks.request('bench ${round}', () => performance.now())
      .then(since => window.nodePage.write('').catch(() => performance.now() - since)))`)
    const begun = performance.now()
    const again = await endOf(driver, other, how)
    await answered(other, `${round}`)
    fromTheEnd.push(performance.now() - begun)
    if (how !== 'frozen') fromTheLock.push(Number(await other.evaluate('window.fromTheLock')))
    const next = await again(room, 'perBrowser')
    await until(async () => (await drives(other)) !== undefined, 'it drives')
    driver = other
    other = next
    await until(() => other.evaluate(() => window.nodePage?.reachable() === true), 'the other follows')
  }
  report(`a browser’s node whose tab is ${how}: until another tab’s write is answered`, fromTheEnd)
  if (how !== 'frozen') report(`a browser’s node whose tab is ${how}: the same, since the browser noticed`, fromTheLock)
}

/** In a room of three, each tab a node. */
async function leaderLoss(how: (typeof ends)[number]): Promise<void> {
  const room = freshRoom()
  const times: number[] = []
  let tabs = await threeTabs(browser.context, room)
  for (let round = 0; round < ROUNDS; round++) {
    const { leader, others } = await leaderOf(tabs)
    const [other] = others
    if (other === undefined) throw new Error('three have others')
    await write(other, 'before')
    const begun = performance.now()
    const again = await endOf(leader, other, how)
    await answered(other, `${round}`)
    times.push(performance.now() - begun)
    tabs = [...others, await again(room, 'perTab')]
    for (const tab of tabs) await until(async () => (await voters(tab)) === 3, 'three voters')
  }
  for (const tab of tabs) await tab.close()
  report(`a leader whose tab is ${how}: until another tab’s write is answered`, times)
}

/** However long it takes: a write that is told to have timed out is followed by another. */
async function answered(page: Page, line: string): Promise<void> {
  while (
    !(await write(page, line).then(
      () => true,
      () => false,
    ))
  );
}

type Again = (room: string, nodes: 'perTab' | 'perBrowser') => Promise<Page>

/** Gives the way to have as many tabs as before. */
async function endOf(page: Page, other: Page, how: (typeof ends)[number]): Promise<Again> {
  switch (how) {
    case 'closed':
      await page.close({ runBeforeUnload: true })
      return (room, nodes) => open(browser.context, { room, nodes })
    case 'crashed':
      await crash(page)
      return (room, nodes) => open(browser.context, { room, nodes })
    case 'frozen': {
      await other.bringToFront()
      await until(() => page.evaluate(() => document.visibilityState === 'hidden'), 'it is hidden')
      const thaw = await freeze(page)
      return async () => {
        await thaw()
        return page
      }
    }
    default:
      return how satisfies never
  }
}

function report(name: string, times: readonly number[]): void {
  const sorted = [...times].sort((a, b) => a - b)
  for (const p of [10, 50, 90, 100] as const) {
    const value = sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? Number.NaN
    const which = p === 100 ? `the longest of ${times.length}` : `p${p} of ${times.length}`
    console.log(JSON.stringify({ name: `${name}, ${which}`, value, unit: 'ms' }))
  }
}
