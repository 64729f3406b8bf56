/** Tabs that are no members of the room that they ask, over data channels. */
import { type BrowserContext, expect, type Page } from '@playwright/test'
// From its source: Playwright knows nothing of the `source` condition, and the suite needs nothing that is built.
import { portConformance } from '../../packages/client/src/conformance/port.ts'
import { test } from '../fixtures/browsers.ts'
import { conformanceTests } from '../fixtures/conformance.ts'
import { crash, drives, freshRoom, threeTabs } from '../fixtures/node-page.ts'
import type {} from '../harness/outside.ts'
import { harnessAddress } from '../surroundings.ts'

conformanceTests(
  'A port between a tab that is no member and a node conforms',
  'outside.html',
  portConformance.map(({ name }) => name),
)

test('a tab that is no member writes and reads, and leaves nothing behind', async ({ context }) => {
  const { outside, all } = await oneOutside(context)
  expect(await outside.evaluate(() => window.outside?.write('from outside'))).toBe(1)
  expect(await outside.evaluate(() => window.outside?.read())).toEqual(['from outside'])
  for (const tab of all) await expect.poll(() => tab.evaluate(() => window.nodePage?.status()?.members.length)).toBe(3)
})

test('a tab that is no member goes on when the node that it asks has crashed', { tag: '@long' }, async ({
  context,
}) => {
  const { outside, all } = await oneOutside(context)
  expect(await outside.evaluate(() => window.outside?.write('from outside'))).toBe(1)

  const asked = await outside.evaluate(() => window.outside?.node())
  const places = await Promise.all(all.map(drives))
  const gone = all[places.indexOf(asked)]
  if (gone === undefined) throw new Error(`no tab drives ${asked}`)
  const [other] = all.filter(tab => tab !== gone)
  if (other === undefined) throw new Error('no other')
  await crash(gone)
  expect(await outside.evaluate(() => window.outside?.write('and again'))).toBe(2)
  expect(await outside.evaluate(() => window.outside?.read())).toEqual(['from outside', 'and again'])
  expect(await other.evaluate(() => window.nodePage?.status()?.members.length)).toBe(3)
})

async function oneOutside(context: BrowserContext): Promise<{ readonly outside: Page; readonly all: readonly Page[] }> {
  const room = freshRoom()
  const all = await threeTabs(context, room)
  const outside = await context.newPage()
  await outside.goto(new URL('outside.html', harnessAddress).href)
  await outside.waitForFunction(() => window.outside !== undefined, undefined, { polling: 100 })
  await outside.evaluate(room => window.outside?.enter(room), room)
  return { outside, all }
}
