/** Nodes off the page: in workers, one for each tab or one for all tabs of a browser, with a page that may do what it likes. */
import { expect, type Page } from '@playwright/test'
import { test } from '../fixtures/browsers.ts'
import {
  type Asked,
  addressOf,
  crash,
  drives,
  freshRoom,
  leaderOf,
  open,
  read,
  save,
  threeTabs,
  until,
  voters,
  write,
} from '../fixtures/node-page.ts'
import { SignaledRoom } from '../fixtures/signaled-room.ts'

test('three tabs with nodes in workers agree, and one that blocks its page for two seconds holds nobody up', async ({
  context,
}) => {
  const tabs = await threeTabs(context, freshRoom())
  for (const tab of tabs) expect(await tab.evaluate(() => window.nodePage?.place)).toBe('worker')
  const { leader, others } = await leaderOf(tabs)
  const [other, third] = others
  if (other === undefined || third === undefined) throw new Error('no other')
  await write(other, 'before')
  const termBefore = await other.evaluate(() => window.nodePage?.status()?.term)

  let blocked = true
  const blocking = leader
    .evaluate(() => window.nodePage?.block(2_000))
    .then(() => {
      blocked = false
    })
  let written = 0
  while (blocked) {
    await write(other, `meanwhile ${written}`)
    if (blocked) written += 1
  }
  await blocking
  // All of them went through the leader whose page stood still.
  expect(written).toBeGreaterThan(0)
  expect(await other.evaluate(() => window.nodePage?.status()?.term)).toBe(termBefore)
  for (const tab of tabs) expect((await read(tab))?.slice(0, 1 + written).length).toBe(1 + written)
})

test('a page whose node cannot open is told what of its options is wrong, and which signalling server has not answered', async ({
  context,
}) => {
  const errorOf = async (asked: Omit<Asked, 'room'>): Promise<string> => {
    const page = await context.newPage()
    const failed = page.waitForEvent('pageerror')
    await page.goto(addressOf({ room: freshRoom(), ...asked }))
    const { message } = await failed
    await page.close()
    return message
  }
  expect(await errorOf({ ice: 'nowhere' })).toContain('nowhere')
  expect(await errorOf({ within: '0' })).toContain('openTimeoutMs must be greater than 0, not 0')
  expect(await errorOf({ signaling: 'nonsense' })).toContain('not nonsense')
  expect(await errorOf({ within: '2000', signaling: 'ws://127.0.0.1:1/signaling?token=1' })).toMatch(
    /within 2000 ms: no answer from the signalling server ws:\/\/127\.0\.0\.1:1\/signaling$/,
  )
})

test('a node whose browser keeps channels in the page runs there, and is one of the same room', async ({ context }) => {
  const tabs = await threeTabs(context, freshRoom(), ['page', undefined, undefined])
  expect(await tabs[0]?.evaluate(() => window.nodePage?.place)).toBe('page')
  for (const [i, tab] of tabs.entries()) expect(await write(tab, `line ${i}`)).toBe(i + 1)
  for (const tab of tabs) expect(await read(tab)).toEqual(['line 0', 'line 1', 'line 2'])
})

test('a leader’s worker that ends without a word is missed by its peers and its page, and its node comes back', {
  tag: '@long',
}, async ({ context }) => {
  const tabs = await threeTabs(context, freshRoom())
  const { leader, others } = await leaderOf(tabs)
  const [other] = others
  if (other === undefined) throw new Error('no other')
  await write(other, 'before')
  const id = await drives(leader)
  await leader.evaluate(() => window.nodePage?.order('end'))
  expect(await write(other, 'after')).toBe(2)
  await until(
    async () => (await leader.evaluate(() => window.nodePage?.troubles.length)) === 1,
    'its page has replaced it',
  )
  expect(await read(leader)).toEqual(['before', 'after'])
  expect(await drives(leader)).toBe(id)
})

test('a tab that is closed while its worker hangs says goodbye to other browsers all the same, and is missed before one that crashed earlier', async ({
  browser,
}) => {
  const signaled = await SignaledRoom.open()
  const room = signaled.asked
  // To its own browser’s tabs a lock tells of every end.
  const [here, there] = [await browser.newContext(), await browser.newContext()]
  const tabs = await Promise.all([here, there, there].map(context => open(context, { ...room, nodes: 'perTab' })))
  const [stays, crashed, closed] = tabs
  if (stays === undefined || crashed === undefined || closed === undefined) throw new Error('three')
  for (const tab of tabs) await until(async () => (await voters(tab)) === 3, 'three voters')
  const ids = [await drives(crashed), await drives(closed)]
  await closed.evaluate(() => window.nodePage?.order('hang'))
  await crash(crashed)
  await closed.close({ runBeforeUnload: true })
  expect(await firstMissed(stays, ids)).toEqual([true, false])
  for (const context of [here, there]) await context.close()
  await signaled.close()
})

test('a tab of the same browser that crashes is missed before one of another browser that crashed earlier', {
  tag: '@long',
}, async ({ browser }) => {
  const signaled = await SignaledRoom.open()
  const room = signaled.asked
  const [here, there] = [await browser.newContext(), await browser.newContext()]
  const tabs = await Promise.all([here, there, here].map(context => open(context, { ...room, nodes: 'perTab' })))
  const [stays, farther, nearer] = tabs
  if (stays === undefined || farther === undefined || nearer === undefined) throw new Error('three')
  for (const tab of tabs) await until(async () => (await voters(tab)) === 3, 'three voters')
  const ids = [await drives(farther), await drives(nearer)]
  await crash(farther)
  await crash(nearer)
  expect(await firstMissed(stays, ids)).toEqual([true, false])
  for (const context of [here, there]) await context.close()
  await signaled.close()
})

test('the tabs of a browser are one node; closing the one that drives it hands it to the next, and all of it is there again later', async ({
  context,
}) => {
  const room = freshRoom()
  const first = await open(context, { room })
  const second = await open(context, { room })
  const third = await open(context, { room })
  const id = await drives(first)
  expect(id).toBeDefined()
  expect(await drives(second)).toBeUndefined()
  expect(await write(first, 'one')).toBe(1)
  expect(await write(second, 'two')).toBe(2)
  expect(await read(third)).toEqual(['one', 'two'])
  expect(await voters(third)).toBe(1)

  await first.close({ runBeforeUnload: true })
  expect(await write(third, 'three')).toBe(3)
  expect(await read(second)).toEqual(['one', 'two', 'three'])
  await until(async () => [await drives(second), await drives(third)].includes(id), 'one of them drives the same node')

  await second.close()
  await third.close()
  const later = await open(context, { room })
  expect(await later.evaluate(() => window.nodePage?.lines())).toEqual(['one', 'two', 'three'])
  expect(await write(later, 'four')).toBe(4)
  expect(await drives(later)).toBe(id)
})

test('what was saved while no majority was there outlives its tab’s crash, and is in the log once when there is one', {
  tag: '@long',
}, async ({ context }) => {
  const room = freshRoom()
  const tabs = await threeTabs(context, room)
  const [first, second, third] = tabs
  if (first === undefined || second === undefined || third === undefined) throw new Error('three')
  await write(first, 'before')
  for (const tab of [second, third]) {
    await tab.evaluate(() => window.nodePage?.order('hang'))
    await crash(tab)
  }
  for (const line of ['a', 'b', 'c']) await save(first, line)
  expect(await first.evaluate(() => window.nodePage?.waiting())).toEqual(['a', 'b', 'c'])
  await crash(first)

  const later = [
    await open(context, { room, nodes: 'perTab' }),
    await open(context, { room, nodes: 'perTab' }),
    await open(context, { room, nodes: 'perTab' }),
  ]
  for (const tab of later) {
    await until(async () => (await read(tab))?.length === 4, 'what was saved is in the log')
    expect(await read(tab)).toEqual(['before', 'a', 'b', 'c'])
    await until(async () => (await tab.evaluate(() => window.nodePage?.waiting().length)) === 0, 'nothing waits')
  }
})

test('browsers that share a room are a node each, however many tabs they have, and one goes on when its tabs are closed', {
  tag: '@long',
}, async ({ browser }) => {
  const signaled = await SignaledRoom.open()
  const room = signaled.asked
  const contexts = await Promise.all([0, 1, 2].map(() => browser.newContext()))
  const tabs = await Promise.all(contexts.map(context => open(context, room)))
  const more = await Promise.all(contexts.map(context => open(context, room)))
  for (const tab of [...tabs, ...more]) await until(async () => (await voters(tab)) === 3, 'three voters')
  const ids = await Promise.all(tabs.map(drives))
  expect(new Set(ids).size).toBe(3)
  expect(await Promise.all(more.map(drives))).toEqual([undefined, undefined, undefined])

  const { leader } = await leaderOf(tabs)
  const leading = tabs.indexOf(leader)
  for (const [i, tab] of more.entries()) await write(tab, `through a follower ${i}`)
  await leader.close({ runBeforeUnload: true })
  const [next] = more.slice(leading)
  if (next === undefined) throw new Error('the browser has another tab')
  expect(await write(next, 'after')).toBe(4)
  await until(async () => (await drives(next)) === ids[leading], 'its other tab drives the same node')
  for (const tab of more) expect((await read(tab))?.length).toBe(4)

  for (const context of contexts) await context.close()
  await signaled.close()
})

test('a browser whose user clears its storage is another of the room at once, with all of it, and the room goes on', {
  tag: '@long',
}, async ({ browser }) => {
  const signaled = await SignaledRoom.open()
  const contexts = await Promise.all([0, 1, 2].map(() => browser.newContext()))
  const tabs = await Promise.all(contexts.map(context => open(context, signaled.asked)))
  for (const tab of tabs) await until(async () => (await voters(tab)) === 3, 'three voters')
  const { leader } = await leaderOf(tabs)
  await write(leader, 'before')
  const id = await drives(leader)

  const session = await leader.context().newCDPSession(leader)
  await session.send('Storage.clearDataForOrigin', { origin: new URL(leader.url()).origin, storageTypes: 'all' })
  await until(async () => ![undefined, id].includes(await drives(leader)), 'it is another node')
  for (const [i, tab] of tabs.entries()) expect(await write(tab, `after ${i}`)).toBe(i + 2)
  for (const tab of tabs) expect(await read(tab)).toEqual(['before', 'after 0', 'after 1', 'after 2'])
  await save(leader, 'saved')
  await until(async () => (await read(leader))?.at(-1) === 'saved', 'what is saved there from now on is sent')

  const another = await drives(leader)
  await leader.reload()
  await leader.waitForFunction(() => window.nodePage !== undefined, undefined, { polling: 100 })
  await until(async () => (await drives(leader)) === another, 'it is on its disk now')
  expect((await read(leader))?.length).toBe(5)

  for (const context of contexts) await context.close()
  await signaled.close()
})

/** Whether each of those nodes is linked, as soon as one of them is not. */
async function firstMissed(tab: Page, ids: readonly (string | undefined)[]): Promise<readonly unknown[]> {
  let seen: readonly unknown[] = []
  await until(async () => {
    seen = await tab.evaluate(ids => {
      const members = window.nodePage?.status()?.members ?? []
      return ids.map(id => members.find(member => member.id === id)?.connected)
    }, ids)
    return seen.includes(false)
  }, 'one of them is missed')
  return seen
}
