import { describe, expect, it } from 'vitest'
import { Browser, type Tab } from './fixtures/browser.ts'
import { decodeWord } from './words.ts'

const drivers = (browser: Browser): Tab[] => browser.tabs.filter(({ alive, drives }) => alive && drives)

async function three(): Promise<{ browser: Browser; driver: Tab; others: [Tab, Tab] }> {
  const browser = new Browser()
  const driver = browser.open()
  await browser.until(() => driver.drives)
  const others: [Tab, Tab] = [browser.open(), browser.open()]
  await browser.until(() => others.every(({ found }) => found === 1))
  return { browser, driver, others }
}

describe('the tabs of a browser', () => {
  it('have one that drives the node, and the others follow it', async () => {
    const { browser, driver, others } = await three()
    expect(drivers(browser)).toEqual([driver])
    expect([driver.foundHere, driver.found]).toEqual([1, 0])
    expect(browser.epoch).toBe(1)
    expect(others.map(({ node }) => node)).toEqual([undefined, undefined])
  })

  it.each(['close', 'crash'] as const)('hand the node over at once when the one that drives it %ss', async how => {
    const { browser, driver, others } = await three()
    await driver[how]()
    await browser.until(() => drivers(browser).length === 1, 200)
    const [next] = drivers(browser)
    const rest = others.filter(tab => tab !== next)
    await browser.until(() => rest.every(({ found }) => found === 2), 200)
    expect(next?.owns).toBe(true)
    expect(driver.ends).toEqual(how === 'close' ? ['close'] : [])
  })

  it('hand the node over also when it cannot be closed as it should', async () => {
    const { browser, driver, others } = await three()
    browser.closesFail = true
    await expect(driver.household.close()).rejects.toThrow('no disk')
    await browser.until(() => others.some(({ drives }) => drives), 200)
  })

  it('take the node from a tab that is frozen, which says nothing in its name when it wakes up, and follows', async () => {
    const { browser, driver, others } = await three()
    driver.freeze()
    await browser.until(() => others.some(({ drives }) => drives), 15_000)
    const next = others.find(({ drives }) => drives)
    expect(next?.owns).toBe(true)
    expect(driver.owns).toBe(false)
    driver.thaw()
    await browser.until(() => driver.found === 1)
    expect(driver.ends).toEqual(['abandon'])
    expect(drivers(browser)).toEqual([next])
    // And it has its turn again when it comes.
    for (const tab of others) tab.crash()
    await browser.until(() => driver.drives, 200)
    expect(driver.owns).toBe(true)
  })

  it('leave the node alone when they wake up with a lock that was taken from them in their sleep', async () => {
    const { browser, driver, others } = await three()
    const [asleep, awake] = others
    asleep.freeze()
    driver.crash()
    await browser.until(() => awake.drives, 15_000)
    expect(browser.epoch).toBe(2)
    asleep.thaw()
    await browser.until(() => asleep.found === 2)
    expect(browser.epoch).toBe(2)
    expect(awake.owns).toBe(true)
  })

  it('do not take the node from one that answers, however long they have been open', async () => {
    const { browser, driver } = await three()
    await browser.pass(120_000)
    expect(drivers(browser)).toEqual([driver])
    expect(browser.epoch).toBe(1)
  })

  it('that stood still all together go on as they were', async () => {
    const { browser, driver, others } = await three()
    for (const tab of browser.tabs) tab.freeze()
    await browser.pass(60_000)
    for (const tab of [...others, driver]) tab.thaw()
    await browser.pass(30_000)
    expect(browser.epoch).toBe(1)
    expect(drivers(browser)).toEqual([driver])
  })

  it('call again where the one that drives does not serve them', async () => {
    const { browser, others } = await three()
    const [forgotten] = others
    // As if the browser had given its lock away for a moment.
    browser.lose(`flotilla-household/room/tab/${forgotten.name}`)
    await browser.until(() => forgotten.found === 2)
    expect(browser.epoch).toBe(1)
  })

  it('try again, one after the other, for as long as the node does not open', async () => {
    const browser = new Browser()
    browser.opensFail = true
    const tabs = [browser.open(), browser.open()]
    await browser.until(() => tabs.every(({ failures }) => failures > 1))
    browser.opensFail = false
    await browser.until(() => drivers(browser).length === 1)
    await browser.until(() => tabs.every(({ found, foundHere }) => found + foundHere === 1))
  })

  it('open what there is when the node has lost its database', async () => {
    const { browser, driver } = await three()
    driver.household.lost()
    await browser.until(() => drivers(browser).some(({ owns }) => owns))
    expect(driver.ends).toEqual(['abandon'])
    expect(drivers(browser)).toHaveLength(1)
  })

  it('come to one driver whatever closes, crashes, freezes and thaws', async () => {
    const browser = new Browser()
    for (let round = 0; round < 300; round++) {
      const alive = browser.tabs.filter(tab => tab.alive)
      const tab = alive[Math.floor(browser.random() * alive.length)]
      const dice = browser.random()
      if (tab === undefined || alive.length < 2 || (dice < 0.3 && alive.length < 6)) browser.open()
      else if (dice < 0.5) tab.crash()
      else if (dice < 0.6) await tab.close()
      else if (dice < 0.8) tab.freeze()
      else tab.thaw()
      await browser.pass(browser.random() * (dice < 0.1 ? 20_000 : 500))
      const owners = browser.tabs.filter(each => each.alive && each.owns)
      expect(owners.length).toBeLessThanOrEqual(1)
    }
    for (const tab of browser.tabs) if (tab.alive) tab.thaw()
    await browser.until(() => drivers(browser).length === 1)
    await browser.pass(10_000)
    const [driver] = drivers(browser)
    expect(driver?.owns).toBe(true)
    const fresh = browser.open()
    await browser.until(() => fresh.found === 1)
  })
})

describe('what the tabs say', () => {
  it.each([
    undefined,
    null,
    'who',
    {},
    { kind: 'who' },
    { kind: 'who', from: 1 },
    { kind: 'call', from: 'a', to: 'b' },
    { kind: 'alive', from: 'a', serves: 'yes' },
    { kind: 'driver', from: 'x'.repeat(10_000) },
  ])('%o is no word of it', data => {
    expect(decodeWord(data)).toBeUndefined()
  })
})
