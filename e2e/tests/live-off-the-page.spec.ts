/** Live's node runs in a worker, where nothing that its page does holds up the room; and in the page where a browser has it so. */
import type { BrowserContext, Page, Worker } from '@playwright/test'
import { expect, TabCluster, test } from '../fixtures/cluster.ts'
import { Seen } from '../fixtures/seen.ts'

test('a leader whose page stands still for ten seconds leads on, and what other tabs write is committed', {
  tag: '@long',
}, async ({ cluster }) => {
  await cluster.open(3)
  const leader = await cluster.waitForVoters()
  const { term } = await leader.status()
  const [other] = await cluster.followers()
  if (other === undefined) throw new Error('three tabs')
  expect(nodeWorkers(leader.page)).toHaveLength(1)

  let standsStill = true
  const standing = standStill(leader.page, 10_000).finally(() => {
    standsStill = false
  })
  const terms: number[] = []
  let meanwhile = 0
  while (standsStill) {
    const written = await other.set('x', `${terms.length}`)
    terms.push(written.term)
    if (standsStill) meanwhile = terms.length
  }
  await standing
  expect(meanwhile).toBeGreaterThan(0)
  expect(new Set(terms)).toEqual(new Set([term]))
  expect(await cluster.waitForAgreement()).toBe(leader)
  expect((await leader.status()).term).toBe(term)

  // What its page missed is in its picture all the same.
  await cluster.waitForEqualLogs()
  await expect(leader.page.getByRole('row', { name: `x ${terms.length - 1}`, exact: true })).toBeVisible()
  expect(await leader.history()).toEqual(await other.history())
  expect(cluster.complaints).toEqual([])
})

test('a leader whose worker ends without a word comes back in another, as the node it was', { tag: '@long' }, async ({
  cluster,
}) => {
  await cluster.open(3)
  const leader = await cluster.waitForVoters()
  const id = await leader.id()
  await leader.set('x', 'before')
  const [worker] = nodeWorkers(leader.page)
  if (worker === undefined) throw new Error('the node has a worker')
  const another = leader.page.waitForEvent('worker')
  // Never answered: there is nobody left to.
  worker.evaluate(() => self.close()).catch(() => {})
  await another

  await cluster.waitForVoters()
  expect(await leader.id()).toBe(id)
  await leader.set('x', 'after')
  await cluster.waitForEqualLogs()
  const [other] = cluster.tabs.filter(tab => tab !== leader)
  if (other === undefined) throw new Error('three tabs')
  expect(await leader.history()).toEqual(await other.history())
  for (const tab of cluster.tabs)
    await expect(tab.page.getByRole('row', { name: 'x after', exact: true })).toBeVisible()
})

test('tabs whose workers are held up and whose pages say nothing when they close together are shown as closed all the same', async ({
  cluster,
}) => {
  await cluster.open(4)
  const leader = await cluster.waitForVoters()
  const [one, two] = await cluster.followers()
  if (one === undefined || two === undefined) throw new Error('three follow')
  const closing = [one, two]
  const ids = await Promise.all(closing.map(tab => tab.id()))
  for (const { page } of closing) {
    await page.evaluate(() => {
      BroadcastChannel.prototype.postMessage = () => {}
      RTCDataChannel.prototype.send = () => {}
    })
    await holdUpWorker(page)
  }
  await Promise.all(closing.map(tab => cluster.close(tab)))
  const seen = new Seen(leader)
  for (const id of ids) await expect(seen.node(id)).toHaveAccessibleName(/, tab closed/)
})

test('where a browser lets no worker have a channel, nodes run in their pages, and Live is the same', async ({
  browser,
}) => {
  const cluster = await TabCluster.start(async () => {
    const context = await browser.newContext()
    await withoutTransfer(context)
    return context
  })
  try {
    await cluster.open(3)
    const leader = await cluster.waitForVoters()
    for (const { page } of cluster.tabs) expect(nodeWorkers(page)).toHaveLength(0)
    const [one, two] = await cluster.followers()
    if (one === undefined || two === undefined) throw new Error('three tabs')
    await one.set('x', 'from a page')
    expect(await two.get('x', 'linearizable')).toBe('from a page')
    await cluster.waitForEqualLogs()
    expect(await two.history()).toEqual(await one.history())

    // A closing tab hands over, and is known to have been closed.
    const id = await leader.id()
    await cluster.close(leader)
    await cluster.waitForAgreement()
    await expect(new Seen(two).node(id)).toHaveAccessibleName(/, tab closed/)
    expect(cluster.complaints).toEqual([])
  } finally {
    await cluster.stop()
  }
})

function nodeWorkers(page: Page): readonly Worker[] {
  // Clocks tick in workers of a few lines, which are in no file.
  return page.workers().filter(worker => !worker.url().startsWith('blob:'))
}

function standStill(page: Page, ms: number): Promise<void> {
  return page.evaluate(ms => {
    const end = performance.now() + ms
    while (performance.now() < end);
  }, ms)
}

/** For as long as its page is there. */
async function holdUpWorker(page: Page): Promise<void> {
  const [worker] = nodeWorkers(page)
  if (worker === undefined) throw new Error('the node has a worker')
  await worker.evaluate(() => {
    setTimeout(() => {
      for (;;);
    })
  })
}

function withoutTransfer(context: BrowserContext): Promise<unknown> {
  return context.addInitScript(() => {
    const post = MessagePort.prototype.postMessage
    MessagePort.prototype.postMessage = function (this: MessagePort, ...args: unknown[]) {
      if (args[0] instanceof RTCDataChannel) throw new DOMException('not here', 'DataCloneError')
      Reflect.apply(post, this, args)
    }
  })
}
