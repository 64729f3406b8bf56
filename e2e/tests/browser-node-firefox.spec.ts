/** Firefox with its node in a worker, as one of a room with Chromiums: nobody drives it, so it introduces itself, and the others see the rest. */
import { expect } from '@playwright/test'
import { test } from '../fixtures/browsers.ts'
import { firefoxAt } from '../fixtures/firefox-tab.ts'
import { addressOf, crash, open, read, until, voters, write } from '../fixtures/node-page.ts'
import { program } from '../fixtures/program.ts'
import { SignaledRoom } from '../fixtures/signaled-room.ts'

test('a room of a Firefox and two Chromiums with nodes in workers agrees, also when one of the Chromiums is gone', {
  tag: '@long',
}, async ({ browser }) => {
  const firefox = program('firefox')
  const signaled = await SignaledRoom.open()
  const room = signaled.asked
  const tabs = [await open(await browser.newContext(), room), await open(await browser.newContext(), room)]
  const fox = await firefoxAt(firefox, addressOf({ ...room, introduces: 'itself' }))
  try {
    for (const tab of tabs) await until(async () => (await voters(tab)) === 3, 'three voters')
    for (const tab of tabs) await until(async () => (await read(tab))?.length === 1, 'it has introduced itself')
    for (const tab of tabs) expect((await read(tab))?.[0]).toMatch(/^a node in a worker of .* Firefox\//)

    const chromiums = await Promise.all(tabs.map(tab => tab.evaluate(() => window.nodePage?.drives())))
    await until(async () => {
      const leader = await tabs[0]?.evaluate(() => window.nodePage?.status()?.leader)
      return leader !== undefined
    }, 'a leader')
    const leader = await tabs[0]?.evaluate(() => window.nodePage?.status()?.leader)
    // Whichever of them goes, Firefox is half of what is left: nothing is agreed on without it.
    const [gone, left] = leader === chromiums[1] ? [tabs[1], tabs[0]] : [tabs[0], tabs[1]]
    if (gone === undefined || left === undefined) throw new Error('two')
    await crash(gone)
    expect(await write(left, 'with Firefox')).toBe(2)
    expect((await read(left))?.length).toBe(2)
  } finally {
    await fox.stop()
    await signaled.close()
  }
})
