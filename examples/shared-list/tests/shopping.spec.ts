/** Three people with a list, and what happens to them on the way. */
import { expect, test } from '@flotilla/playwright'
import type { Page } from '@playwright/test'

const items = (page: Page) => page.getByRole('listitem')

async function add(page: Page, text: string): Promise<void> {
  await page.getByLabel('What is needed').fill(text)
  await page.keyboard.press('Enter')
}

test('what is added without a network is in everybody’s list when it is back', async ({ room }) => {
  const [ada, ben, cy] = await room.openBrowsers(3)
  await room.offline(ada)
  await add(ada, 'bread')
  await add(ben, 'milk')
  await expect(items(cy)).toHaveText(['milk'])
  await expect(ada.getByRole('status')).toHaveText('Kept here: 1 changes wait for the others.')

  await room.online(ada)
  await room.waitForQuiet()
  for (const page of room.pages) await expect(items(page)).toHaveText(['milk', 'bread'])
})

test('of two who buy the same at once one does, and both see it', async ({ room }) => {
  const [ada, ben] = await room.openBrowsers(2)
  await add(ada, 'bread')
  await room.waitForQuiet()
  await room.slow(200)
  await Promise.all([ada.getByLabel('bread').check(), ben.getByLabel('bread').check()])
  await room.waitForQuiet()
  for (const page of [ada, ben]) await expect(page.getByLabel('bread')).toBeChecked()
})

test('a tab that crashes loses nothing that was on its disk, and a list outlives its leader', async ({ room }) => {
  const [ada, ben, cy] = await room.openBrowsers(3)
  const { leader } = await room.waitForAgreement()
  await room.cut(leader)
  await add(leader, 'eggs')
  await expect(items(leader)).toHaveText(['eggs'])
  await room.crash(leader)
  await room.heal()
  const others = [ada, ben, cy].filter(page => page !== leader)
  const { leader: next } = await room.waitForAgreement()
  expect(others).toContain(next)

  await room.reopen(leader)
  await room.waitForQuiet()
  for (const page of room.pages) await expect(items(page)).toHaveText(['eggs'])
})
