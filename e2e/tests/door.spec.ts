/** Rooms whose members are asked before anybody is let in, in real browsers over the server of `npm start`. */
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, expect, test } from '@playwright/test'
import { RoomServer } from '../fixtures/room-server.ts'
import { Tab } from '../fixtures/tab.ts'

let server: RoomServer
test.beforeAll(async () => {
  server = await RoomServer.start()
})
test.afterAll(() => server.stop())

test('a newcomer waits and says so until a person lets it in by keyboard; one that is refused is told', async ({
  browser,
}) => {
  const room = server.newRoom()
  const inside = await opened(browser, room)
  await inside.joined()
  await inside.set('secret', 'of the members')
  await inside.page.getByLabel('Ask before letting a device in').check()
  await expect(inside.page.getByText('The link alone lets nobody in.')).toBeVisible()

  const newcomer = await opened(browser, room)
  await expect(newcomer.page.getByRole('heading', { name: 'You wait to be let in.' })).toBeVisible()
  const code = await codeOf(newcomer)
  await expect(inside.page.getByText('Let this device in?')).toBeVisible()
  const found = await new AxeBuilder({ page: inside.page }).include('.door').include('.door-switch').analyze()
  expect(found.violations).toEqual([])
  expect(await newcomer.status()).toMatchObject({ state: 'joining', refusal: 'Waiting', lastIndex: 0 })
  await inside.page.getByRole('button', { name: `Let in ${code}` }).focus()
  await inside.page.keyboard.press('Enter')
  await newcomer.joined()
  await expect.poll(() => newcomer.get('secret', 'local')).toBe('of the members')
  await expect(inside.page.getByText('Let this device in?')).toBeHidden()

  const unwelcome = await opened(browser, room)
  await expect(unwelcome.page.getByRole('heading', { name: 'You wait to be let in.' })).toBeVisible()
  // Whichever member answers, it counts for all.
  await newcomer.page.getByRole('button', { name: `Refuse ${await codeOf(unwelcome)}` }).click()
  await expect(unwelcome.page.getByRole('heading', { name: 'You were not let in.' })).toBeVisible()
  await expect(inside.page.getByText('Let this device in?')).toBeHidden()
  expect((await unwelcome.status()).lastIndex).toBe(0)
})

async function opened(browser: Browser, room: string): Promise<Tab> {
  return Tab.open(await browser.newContext(), room)
}

const codeOf = async (tab: Tab): Promise<string> => {
  const advice = await tab.page.getByText('It is').textContent()
  return /It is (\w{4} \w{4})\./.exec(advice ?? '')?.[1] ?? 'no code is shown'
}
