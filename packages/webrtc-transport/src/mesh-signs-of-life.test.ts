import { describe, expect, it } from 'vitest'
import { BrowserLocks } from './browser-locks.ts'
import { cryptoDone as settled } from './counted-crypto.ts'
import { newNodeIdentity } from './node-keys.ts'
import { type Tab, VirtualRoom } from './room-in-virtual-time.ts'
import { signsByLocks } from './sign-of-life.ts'
import { encodeSignal } from './signal.ts'

interface TabWithThread extends Tab {
  /** Its process is gone: it says nothing, and its browser lets go of what it held. */
  die(): void
}

/** A tab of that browser. */
function open(room: VirtualRoom, browser: BrowserLocks, id: string): TabWithThread {
  const { locks, end } = browser.thread()
  const tab = room.open(id, true, { signs: signsByLocks(locks) })
  const die = (): void => {
    tab.crash()
    end()
  }
  return { ...tab, die }
}

async function linked(...tabs: readonly Tab[]): Promise<void> {
  for (const tab of tabs) expect(tab.mesh.peers()).toHaveLength(tabs.length - 1)
  await settled()
}

describe('signs of life in the mesh', () => {
  it('a tab that is gone without a word has said goodbye for all who were linked to it, and is not looked for', async () => {
    const [room, browser] = [new VirtualRoom(), new BrowserLocks()]
    const [a, b, c] = [open(room, browser, 'a'), open(room, browser, 'b'), open(room, browser, 'c')]
    room.run(1_000)
    await linked(a, b, c)
    a.die()
    await settled()
    expect([b.byes, c.byes]).toEqual([['a'], ['a']])
    room.run(1_000)
    expect([b.mesh.peers(), c.mesh.peers()]).toEqual([['c'], ['b']])
    const made = room.connectionsMade
    room.run(3_600_000)
    expect(room.connectionsMade).toBe(made)
    await settled()
    expect([browser.held, browser.waiting]).toEqual([2, 2])
  })

  it('its connection may be the first to go', async () => {
    const [room, browser] = [new VirtualRoom(), new BrowserLocks()]
    const [a, b] = [open(room, browser, 'a'), open(room, browser, 'b')]
    room.run(1_000)
    await linked(a, b)
    room.breakLink('a', 'b')
    expect(b.byes).toEqual([])
    a.die()
    await settled()
    expect(b.byes).toEqual(['a'])
  })

  it('two that are gone at once are both missed at once', async () => {
    const [room, browser] = [new VirtualRoom(), new BrowserLocks()]
    const [a, b, c] = [open(room, browser, 'a'), open(room, browser, 'b'), open(room, browser, 'c')]
    room.run(1_000)
    await linked(a, b, c)
    a.die()
    b.die()
    await settled()
    expect([...c.byes].sort()).toEqual(['a', 'b'])
  })

  it('a tab that stands still is not gone', async () => {
    const [room, browser] = [new VirtualRoom(), new BrowserLocks()]
    const [a, b] = [open(room, browser, 'a'), open(room, browser, 'b')]
    room.run(1_000)
    await linked(a, b)
    a.crash()
    room.run(600_000)
    await settled()
    expect(b.byes).toEqual([])
  })

  it('of the tabs of another browser nothing is said', async () => {
    const room = new VirtualRoom()
    const browsers = [new BrowserLocks(), new BrowserLocks()]
    const [a, b] = browsers.map((browser, i) => open(room, browser, i === 0 ? 'a' : 'b'))
    if (a === undefined || b === undefined) throw new Error('two tabs')
    room.run(1_000)
    await linked(a, b)
    expect(browsers.map(({ waiting }) => waiting)).toEqual([0, 0])
    a.die()
    await settled()
    expect(b.byes).toEqual([])
  })

  it('who says goodbye and is then gone has said so once', async () => {
    const [room, browser] = [new VirtualRoom(), new BrowserLocks()]
    const [a, b] = [open(room, browser, 'a'), open(room, browser, 'b')]
    room.run(1_000)
    await linked(a, b)
    a.mesh.close()
    await settled()
    room.run(10)
    a.die()
    await settled()
    expect(b.byes).toEqual(['a'])
    room.run(1_000)
    b.mesh.close()
    await settled()
    expect([browser.held, browser.waiting]).toEqual([0, 0])
  })

  it('a page that comes back from the back/forward cache gives another sign, and a reloaded tab is waited for anew', async () => {
    const [room, browser] = [new VirtualRoom(), new BrowserLocks()]
    const [a, b] = [open(room, browser, 'a'), open(room, browser, 'b')]
    room.run(1_000)
    await linked(a, b)
    a.mesh.sayBye()
    room.run(1_000)
    a.mesh.startOver()
    room.run(1_000)
    await linked(a, b)
    expect([browser.held, browser.waiting]).toEqual([2, 2])

    a.crash()
    const again = open(room, browser, 'a')
    room.run(1_000)
    await linked(again, b)
    again.die()
    await settled()
    expect(b.byes).toEqual(['a', 'a'])
  })

  it('nobody is waited for before it has shown who it is: whoever may signal cannot say by a lock that another has gone', async () => {
    const [room, browser] = [new VirtualRoom(), new BrowserLocks()]
    const credentials = await newNodeIdentity()
    const { locks } = browser.thread()
    const self = credentials.nodeId
    room.open(self, true, {
      signs: signsByLocks(locks),
      credentials: { self, keys: credentials.keys, topic: () => 'room' },
    })
    const victim = await newNodeIdentity()
    room.post('stranger', encodeSignal({ type: 'hello', from: victim.nodeId, session: 'made up' }))
    // Of this browser, even: who could do this could do anything to its tabs.
    const made = browser.thread()
    signsByLocks(made.locks).give(victim.nodeId, 'made up')
    room.run(100)
    await settled()
    expect(browser.waiting).toBe(0)
  })
})
