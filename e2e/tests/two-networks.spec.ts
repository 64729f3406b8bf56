/** A room on two machines, imitated by two network namespaces, whose browsers may or may not reach each other. */
import { expect, test } from '@playwright/test'
import { newFragment, RoomServer } from '../fixtures/room-server.ts'
import { Tab } from '../fixtures/tab.ts'
import { type Side, TwoNetworks } from '../fixtures/two-networks.ts'
import { until } from '../fixtures/until.ts'

test.describe('two machines', { tag: '@long' }, () => {
  let networks: TwoNetworks
  let server: RoomServer
  test.beforeEach(async () => {
    networks = await TwoNetworks.make()
    server = await RoomServer.start(0, '0.0.0.0')
  })
  test.afterEach(async () => {
    await networks?.close()
    await server?.stop()
  })

  test('that reach each other are linked directly, also over a line that loses and delays, and after cuts of one way', async () => {
    const [a, b] = await bothIn()
    await linked([a, b], 'direct')
    await writes([a, b], 20)

    for (const side of ['a', 'b'] as const)
      networks.set(side, { kind: 'bad', lossPercent: 5, delayMs: 60, jitterMs: 20 })
    await writes([a, b], 30)

    for (const side of ['a', 'b'] as const) {
      networks.set('a', { kind: 'open' })
      networks.set('b', { kind: 'open' })
      networks.set(side, { kind: 'cut' })
      await linked([a, b], 'relayed')
      await writes([a, b], 10)
    }
    networks.set('a', { kind: 'open' })
    networks.set('b', { kind: 'open' })
    await linked([a, b], 'direct')
    await writes([a, b], 10)
  })

  test('that do not are linked through the server, lose nothing, and meet when they can', async () => {
    for (const side of ['a', 'b'] as const) networks.set(side, { kind: 'cut' })
    const [a, b] = await bothIn()
    await linked([a, b], 'relayed')
    const acknowledged = await writes([a, b], 100)
    await expect(a.page.getByText('relayed', { exact: true }).first()).toBeVisible()

    for (const side of ['a', 'b'] as const) networks.set(side, { kind: 'open' })
    const more = writes([a, b], 100)
    await linked([a, b], 'direct')
    acknowledged.push(...(await more))
    for (const tab of [a, b]) {
      await tab.get('count', 'linearizable')
      const applied = (await tab.history()).map(({ value }) => value)
      expect(applied).toEqual(expect.arrayContaining(acknowledged))
    }
  })

  test('whose names for themselves (mDNS) nobody resolves are linked through the server', async () => {
    for (const side of ['a', 'b'] as const) networks.set(side, { kind: 'noMulticast' })
    const [a, b] = await bothIn({ showsAddresses: false })
    await linked([a, b], 'relayed')
    await writes([a, b], 20)
  })

  async function bothIn(options = {}): Promise<readonly [Tab, Tab]> {
    const fragment = newFragment()
    const enter = async (side: Side): Promise<Tab> => {
      const browser = await networks.browserAt(side, options)
      const context = await browser.newContext({ ignoreHTTPSErrors: true })
      return Tab.open(context, `https://${networks.hostFor(side)}:${server.port}/${fragment}`)
    }
    const a = await enter('a')
    await a.joined()
    const b = await enter('b')
    await b.joined()
    return [a, b]
  }
})

/** Waits until all see each other as voters that are linked in this way, and know a leader. */
async function linked(tabs: readonly Tab[], way: 'direct' | 'relayed'): Promise<void> {
  await until(`${tabs.length} voters that are linked: ${way}`, async () => {
    const seen = await Promise.all(tabs.map(tab => tab.status()))
    const agree = seen.every(
      ({ id, leader, members }) =>
        leader !== undefined &&
        members.length === tabs.length &&
        members.every(member => member.voter && (member.id === id || member.link === way)),
    )
    return agree || undefined
  })
}

/** Each tab in turn; gives what was acknowledged, which is all of it. */
async function writes(tabs: readonly Tab[], count: number): Promise<string[]> {
  const written: string[] = []
  for (let i = 0; i < count; i += 1) {
    const value = `${crypto.randomUUID()}`
    await tabs[i % tabs.length]?.set('count', value)
    written.push(value)
  }
  return written
}
