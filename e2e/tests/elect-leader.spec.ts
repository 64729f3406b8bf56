/** Election only, in real tabs: exactly one is in charge, and another as soon as that one is gone. */
import { randomUUID } from 'node:crypto'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import type {} from '../harness/elect.ts'
import { harnessAddress } from '../surroundings.ts'

test('of three tabs exactly one is in charge; it closes, and another is', async ({ context }) => {
  let tabs = await open(context, 3)
  const first = await inCharge(tabs)
  const { term } = await current(first)
  await expect(first.getByRole('status')).toHaveText('In charge.')

  await first.close({ runBeforeUnload: true })
  tabs = tabs.filter(tab => tab !== first)
  const second = await inCharge(tabs)
  expect((await current(second)).term).toBeGreaterThan(term)

  // Two are left and know it, and the last one goes on alone.
  await second.waitForFunction(() => window.election?.status().members.filter(({ voter }) => voter).length === 2)
  await second.close({ runBeforeUnload: true })
  const last = await inCharge(tabs.filter(tab => tab !== second))
  await expect(last.getByRole('status')).toHaveText('In charge.')
})

test('a tab that crashes is replaced, and one that is opened again stands by', async ({ context }) => {
  const tabs = await open(context, 3)
  const first = await inCharge(tabs)
  const devtools = await context.newCDPSession(first)
  devtools.send('Page.crash').catch(() => 'nobody is left to answer')
  await first.waitForEvent('crash')
  const rest = tabs.filter(tab => tab !== first)
  const second = await inCharge(rest)

  await first.close()
  const again = await context.newPage()
  await again.goto(second.url())
  expect(await inCharge([...rest, again])).toBe(second)
  await expect(again.getByRole('status')).toHaveText('Standing by.')
})

test('a tab that resigns stands by, and another is in charge', async ({ context }) => {
  const tabs = await open(context, 3)
  const first = await inCharge(tabs)
  await first.evaluate(() => window.election?.resign())
  expect(await inCharge(tabs)).not.toBe(first)
})

test('a tab that is hidden hands over to one that is seen, and stands by also when it is seen again', {
  tag: '@long',
}, async ({ context }) => {
  const tabs = await open(context, 3)
  const first = await inCharge(tabs)
  await show(first, 'hidden')
  await expect(first.getByRole('status')).toHaveText('Standing by.')
  const second = await inCharge(tabs)
  expect(second).not.toBe(first)
  await show(first, 'visible')
  expect(await inCharge(tabs)).toBe(second)
})

/** As the browser would say it; under Playwright every tab passes for visible. */
async function show(tab: Page, state: DocumentVisibilityState): Promise<void> {
  await tab.evaluate(state => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, value: state })
    document.dispatchEvent(new Event('visibilitychange'))
  }, state)
}

/** Opens the tabs in a room of their own, and waits until each of them votes. */
async function open(context: BrowserContext, count: number): Promise<Page[]> {
  const address = new URL(`elect.html#room=${randomUUID()}`, harnessAddress).href
  const tabs: Page[] = []
  for (let i = 0; i < count; i += 1) {
    const page = await context.newPage()
    await page.goto(address)
    tabs.push(page)
  }
  for (const tab of tabs) {
    await tab.waitForFunction(
      count => window.election?.status().members.filter(({ voter }) => voter).length === count,
      count,
    )
  }
  return tabs
}

async function current(tab: Page): Promise<{ leader: string | undefined; isMe: boolean; term: number; id: string }> {
  return tab.evaluate(() => {
    const { election } = window
    return { leader: undefined, isMe: false, term: 0, ...election?.current, id: election?.id ?? '' }
  })
}

/** Waits until exactly one of the tabs is in charge and all of them say that it is that one; gives it. */
async function inCharge(tabs: readonly Page[]): Promise<Page> {
  let found: Page | undefined
  await expect(async () => {
    const all = await Promise.all(tabs.map(current))
    const [one, ...more] = all.filter(({ isMe }) => isMe)
    expect(one).toBeDefined()
    expect(more).toEqual([])
    expect(all.map(({ leader }) => leader)).toEqual(tabs.map(() => one?.id))
    found = tabs[all.findIndex(({ isMe }) => isMe)]
  }).toPass({ timeout: 120_000, intervals: [20] })
  if (found === undefined) throw new Error('one is in charge')
  return found
}
