/** What the page says, and offers, where it cannot run a node or cannot reach the others. */
import type { Page } from '@playwright/test'
import { expect, newRoom, test } from '../fixtures/cluster.ts'
import { visualizerAddress } from '../surroundings.ts'

const headline = (page: Page) => page.getByRole('heading', { level: 1 })
const lights = (page: Page) => page.locator('.lights')

test('a browser without Web Locks, WebRTC or BroadcastChannel is named as the reason', async ({ context }) => {
  const lacking = async (...names: readonly string[]) => {
    const page = await context.newPage()
    await page.addInitScript(names => {
      for (const name of names) {
        const owner = name === 'locks' ? Navigator.prototype : globalThis
        Object.defineProperty(owner, name, { value: undefined, configurable: true })
      }
    }, names)
    await page.goto(newRoom())
    return page
  }
  const noLocks = await lacking('locks')
  await expect(headline(noLocks)).toHaveText(/^This browser has no Web Locks/)
  await expect(noLocks.getByRole('button', { name: 'Try again' })).toBeVisible()

  // It ran, and its light was green, though nobody could ever be reached.
  for (const [name, title] of [
    ['RTCPeerConnection', /this browser has no WebRTC/],
    ['BroadcastChannel', /this browser has no BroadcastChannel/],
  ] as const) {
    const page = await lacking(name)
    await expect(headline(page)).toHaveText(title)
    await expect(lights(page)).toHaveText('no way to other tabs')
    // What is stored here can be used all the same.
    await page.getByRole('button', { name: 'Write' }).click()
    await expect(page.getByRole('row', { name: 'x 1' })).toBeVisible()
  }
})

test('a room whose name is none offers a new one, and a deleted database a reload', async ({ page }) => {
  await page.goto(`${visualizerAddress}#room=not%20a%20room!`)
  await expect(headline(page)).toHaveText('This room’s name cannot be used.')
  await page.getByRole('link', { name: 'New room' }).click()
  await page.waitForFunction(() => window.flotilla?.status().clusterId !== undefined)
  await expect(page).toHaveTitle(/^S1 · leader · [a-z]+-[a-z]+-\d+$/)

  // "Start it again" stood there, and could not help.
  await page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) {
      if (name?.includes('flotilla')) indexedDB.deleteDatabase(name)
    }
  })
  await expect(headline(page)).toHaveText('This node’s database is gone, or cannot be used.')
  await expect(page.getByRole('button', { name: 'Start it again' })).toBeHidden()
  await page.getByRole('button', { name: 'Reload the page' }).click()
  await page.waitForFunction(() => window.flotilla?.status().role === 'leader')
})
