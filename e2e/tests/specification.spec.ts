/** Real tabs do nothing that the specification does not allow: Quint follows their trace, step by step. */
import { expect, test } from '@flotilla/playwright'
import type { Page } from '@playwright/test'
import { type Served, serveExample } from '../fixtures/example.ts'
import { needsQuint, saidOf } from '../fixtures/specification.ts'

let served: Served | undefined
test.use({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from it what a fixture needs
  baseURL: async ({}, use) => {
    served ??= await serveExample('shared-list')
    await use(served.address)
  },
  roomTimeout: 120_000,
})
test.afterAll(() => served?.close())

const items = (page: Page) => page.getByRole('listitem')

async function add(page: Page, text: string): Promise<void> {
  await page.getByLabel('What is needed').fill(text)
  await page.keyboard.press('Enter')
}

test('three tabs, whose leader is cut off, then another crashes, and another is closed, are allowed by the specification', {
  tag: '@long',
}, async ({ room }) => {
  await needsQuint()
  const people = await room.openBrowsers(3)
  const { leader: first } = await room.waitForAgreement()
  for (const [i, page] of people.entries()) await add(page, `of tab ${i + 1}`)

  await room.cut([first])
  const others = people.filter(page => page !== first)
  await add(first, 'of who is alone')
  for (const page of others) await add(page, 'of the other two')
  for (const page of others) await expect(items(page)).toHaveCount(5)
  await room.heal()
  const { leader: second } = await room.waitForQuiet()
  for (const page of people) await expect(items(page)).toHaveCount(6)

  await room.crash(second)
  const left = people.filter(page => page !== second)
  const [writer = first] = left
  await add(writer, 'without it')
  for (const page of left) await expect(items(page)).toHaveCount(7)
  const again = await room.reopen(second)
  await expect(items(again)).toHaveCount(7)
  const { leader: third } = await room.waitForQuiet()

  await room.close(third)
  const [one = again, other = again] = room.pages
  await add(one, 'without a third')
  await expect(items(other)).toHaveCount(8)
  await room.waitForQuiet()

  expect(await saidOf(await room.trace('three tabs'))).toEqual([
    expect.stringMatching(/: (\d+) of \1 steps are allowed$/),
    '1 passed, 0 failed',
  ])
})
