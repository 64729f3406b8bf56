/** A page that came over plain http from another machine, which localhost hides: here by a name that leads to this one. */
import { chromium, expect } from '@playwright/test'
import { test } from '../fixtures/browsers.ts'
import { RoomServer } from '../fixtures/room-server.ts'
import { Tab } from '../fixtures/tab.ts'
import { launchOptions } from '../surroundings.ts'

test('a page over plain http says that it is a guest, sees what the members do, keeps nothing and never votes', {
  tag: '@long',
}, async ({ context }) => {
  const server = await RoomServer.start()
  const room = server.newRoom()
  const args = [...(launchOptions.args ?? []), '--host-resolver-rules=MAP class.test 127.0.0.1']
  const elsewhere = await chromium.launch({ ...launchOptions, args })
  try {
    const member = await Tab.open(context, room)
    await member.joined()
    await member.set('key', 'by a member')
    const guest = await Tab.open(await elsewhere.newContext(), room.replace('localhost', 'class.test'))
    expect(await guest.page.evaluate(() => isSecureContext)).toBe(false)
    await expect(guest.page.getByText('You are a guest.')).toBeVisible()
    await guest.joined()
    await expect.poll(() => guest.get('key', 'local')).toBe('by a member')
    await member.set('key', 'again')
    await expect.poll(() => guest.get('key', 'local')).toBe('again')

    // A second tab is let in after it, and votes: the guest was passed over.
    const second = await Tab.open(context, room)
    await second.joined()
    const id = await guest.id()
    const votes = async () => (await member.status()).members.map(({ id, voter }) => [id, voter] as const)
    await expect.poll(async () => new Map(await votes()).get(await second.id())).toBe(true)
    expect(new Map(await votes()).get(id)).toBe(false)
    expect(await guest.page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0)

    await guest.page.close()
    await expect.poll(async () => new Map(await votes()).has(id)).toBe(false)
  } finally {
    await elsewhere.close()
    await server.stop()
  }
})
