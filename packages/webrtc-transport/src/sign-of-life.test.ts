import { describe, expect, it } from 'vitest'
import { BrowserLocks } from './browser-locks.ts'
import { cryptoDone as settled } from './counted-crypto.ts'
import { signsByLocks } from './sign-of-life.ts'

function browser() {
  const locks = new BrowserLocks()
  const tab = () => {
    const { locks: here, end } = locks.thread()
    return { signs: signsByLocks(here), end }
  }
  return { locks, tab }
}

describe('a sign of life', () => {
  it('ends with the tab, and all who wait are told once, without being asked', async () => {
    const { tab } = browser()
    const [dies, ...others] = [tab(), tab(), tab(), tab()]
    dies?.signs.give('a', 'one')
    const over: number[] = []
    for (const [i, { signs }] of others.entries()) signs.whenOver('a', 'one', () => over.push(i))
    await settled()
    expect(over).toEqual([])
    dies?.end()
    await settled()
    expect(over.sort()).toEqual([0, 1, 2])
  })

  it('of a session that nobody in this browser has, nothing is known, however many look at once', async () => {
    const { locks, tab } = browser()
    const over: string[] = []
    for (let i = 0; i < 5; i += 1) tab().signs.whenOver('a', 'elsewhere', () => over.push('a'))
    await settled()
    expect(over).toEqual([])
    expect([locks.held, locks.waiting]).toEqual([0, 0])
  })

  it('a node’s is not another’s, though it says that it has that one’s session', async () => {
    const { tab } = browser()
    const [dies, waits] = [tab(), tab()]
    dies.signs.give('a', 'one')
    const over: string[] = []
    for (const [node, session] of [
      ['b', 'one'],
      ['a","one', ''],
      ['a', 'two'],
    ] as const)
      waits.signs.whenOver(node, session, () => over.push(node))
    await settled()
    dies.end()
    await settled()
    expect(over).toEqual([])
  })

  it('who waits no more is told nothing, and leaves nothing behind', async () => {
    const { locks, tab } = browser()
    const [dies, waits] = [tab(), tab()]
    const end = dies.signs.give('a', 'one')
    const over: string[] = []
    const forget = Array.from({ length: 300 }, () => waits.signs.whenOver('a', 'one', () => over.push('a')))
    const atOnce = waits.signs.whenOver('a', 'one', () => over.push('a'))
    atOnce()
    await settled()
    expect([locks.held, locks.waiting]).toEqual([1, 300])
    for (const stop of forget) stop()
    await settled()
    expect([locks.held, locks.waiting]).toEqual([1, 0])
    end()
    await settled()
    expect([locks.held, locks.waiting, over.length]).toEqual([0, 0, 0])
  })

  it('one that is ended before the browser has granted it is none', async () => {
    const { locks, tab } = browser()
    tab().signs.give('a', 'one')()
    await settled()
    expect([locks.held, locks.waiting]).toEqual([0, 0])
  })

  it('a browser that refuses locks is no error', async () => {
    const signs = signsByLocks({ request: () => Promise.reject(new DOMException('not here', 'SecurityError')) })
    const over: string[] = []
    signs.give('a', 'one')()
    signs.whenOver('a', 'one', () => over.push('a'))()
    await settled()
    expect(over).toEqual([])
  })
})
