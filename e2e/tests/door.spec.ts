/** Rooms whose members are asked before anybody is let in, in real browsers over the server of `npm start`. */
import { type Browser, expect } from '@playwright/test'
import { foundByAxe } from '../fixtures/axe.ts'
import { test } from '../fixtures/browsers.ts'
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
  expect(await foundByAxe(inside.page, '.room-door', '.door-switch')).toEqual([])
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

test('whoever is removed does not come back by the old link; the room has a new one, also for who was away', {
  tag: '@long',
}, async ({ browser }) => {
  const room = server.newRoom()
  const contexts = await Promise.all([0, 1, 2, 3].map(() => browser.newContext()))
  const tabs = await Promise.all(contexts.map(context => Tab.open(context, room)))
  await Promise.all(tabs.map(tab => tab.joined()))
  await expect
    .poll(async () => (await Promise.all(tabs.map(tab => tab.status()))).map(({ members }) => votersIn(members)))
    .toEqual([4, 4, 4, 4])
  const [stays, removed, away, other] = tabs
  if (!stays || !removed || !away || !other) throw new Error('four tabs')
  await away.page.close()
  const [id, idAway] = [await removed.id(), (await stays.status()).members.map(member => member.id)]
  await stays.page.evaluate(async id => window.flotilla?.remove(id), id)
  await expect(removed.page.getByRole('heading', { name: 'This node was removed from the room.' })).toBeVisible()

  for (const tab of [stays, other]) await expect.poll(() => tab.page.url()).not.toContain(room)
  const link = stays.page.url()
  expect(other.page.url()).toBe(link)
  await expect(stays.page.getByText('The room has a new link')).toBeVisible()
  await stays.set('said', 'without it')

  await removed.page.reload()
  const stranger = await Tab.open(await browser.newContext(), room)
  for (const { page } of [removed, stranger])
    await expect(page.getByRole('heading', { name: 'This link does not lead into the room any more.' })).toBeVisible()

  const [, , contextAway] = contexts
  if (contextAway === undefined) throw new Error('its context')
  const back = await Tab.open(contextAway, room)
  await back.joined()
  await expect.poll(() => back.get('said', 'local')).toBe('without it')
  await expect.poll(() => back.page.url()).toBe(link)
  expect(idAway).toContain(await back.id())

  const newcomer = await Tab.open(await browser.newContext(), link)
  await newcomer.joined()
  await expect.poll(() => newcomer.get('said', 'local')).toBe('without it')
  // The new link leads to what this browser has stored under the old one.
  const before = await back.id()
  await back.page.reload()
  await back.joined()
  expect(await back.id()).toBe(before)
  await expect.poll(() => back.get('said', 'linearizable')).toBe('without it')
})

const votersIn = (members: readonly { readonly voter: boolean }[]): number =>
  members.filter(({ voter }) => voter).length
