/** Rooms whose tabs close at bad moments, and whose disks are damaged: whoever is left goes on. */
import { expect, newRoom, Tab, test } from '../fixtures/cluster.ts'
import { until } from '../fixtures/until.ts'

const damagedOf = (tab: Tab): Promise<readonly string[] | undefined> =>
  tab.page.evaluate(() => window.flotilla?.status().damaged.map(({ nodeId }) => nodeId))

const leads = (tab: Tab): Promise<true | undefined> => tab.status().then(({ role }) => role === 'leader' || undefined)

// The second was never let in, or a learner for good: nobody ever led again, and the closed tab was named as the leader.
for (const delayMs of [0, 100, 200]) {
  test(`a first tab that is closed ${delayMs} ms after the second opened is not waited for for ever`, {
    tag: '@long',
  }, async ({ context }) => {
    const address = newRoom()
    const first = await Tab.open(context, address)
    await first.joined()
    await first.set('key', 'before')
    const founder = await first.id()
    const second = await Tab.open(context, address)
    await second.joined()
    await second.page.waitForTimeout(delayMs)
    await first.close()

    await until('the second leads', () => leads(second))
    await second.set('key', 'after')
    expect((await second.status()).leader).toBe(await second.id())
    expect((await second.history()).map(({ value }) => value)).toEqual(['before', 'after'])

    const third = await Tab.open(context, address)
    await third.joined()
    await until('the third votes', async () => {
      const { id, members } = await third.status()
      return members.some(member => member.id === id && member.voter) || undefined
    })
    expect([await second.id(), await third.id()]).toContain(founder)
    await third.set('key', 'by the third')
  })
}

// Nobody had said that the tab was gone, so its vote was waited for until it was opened again.
for (const [who, details] of [
  ['leader', {}],
  ['follower', { tag: '@long' }],
] as const) {
  test(
    `a room of two in which the ${who}’s tab crashes goes on in the other, in the same browser`,
    details,
    async ({ cluster }) => {
      await cluster.open(2)
      const leader = await cluster.waitForVoters()
      const [follower] = await cluster.followers()
      if (follower === undefined) throw new Error('one follows')
      const [crashes, stays] = who === 'leader' ? [leader, follower] : [follower, leader]
      await crashes.set('key', 'before')
      await cluster.crash(crashes)
      await until(
        'what the other writes is committed',
        async () => (await stays.trySet('key', 'after')).ok || undefined,
      )
      expect((await stays.history()).map(({ value }) => value)).toEqual(expect.arrayContaining(['before', 'after']))
      await until('it votes alone', async () => {
        const { members } = await stays.status()
        return members.filter(({ voter }) => voter).length === 1 || undefined
      })
    },
  )
}

// It took up the first node, whose configuration was out of date, and waited for the second, whose database lay free.
test('a room closed one tab at a time opens in one tab, as the node that was closed last', { tag: '@long' }, async ({
  cluster,
}) => {
  const [first, second] = await cluster.open(2)
  if (first === undefined || second === undefined) throw new Error('two tabs')
  await cluster.waitForVoters()
  await cluster.close(first)
  await second.set('key', 'last')
  const last = await second.id()
  await cluster.close(second)

  const [again] = await cluster.open(1)
  if (again === undefined) throw new Error('one tab')
  await until('it leads', () => leads(again))
  expect(await again.id()).toBe(last)
  expect(await again.get('key', 'linearizable')).toBe('last')
})

// One damaged database made every tab of the browser fail to open.
test('a damaged database is passed over and named, and the other tabs open', { tag: '@long' }, async ({ cluster }) => {
  await cluster.open(3)
  await cluster.waitForVoters()
  const [first] = cluster.tabs
  if (first === undefined) throw new Error('three tabs')
  await first.set('key', 'kept')
  await cluster.waitForEqualLogs()
  const damaged = await first.id()
  const room = new URLSearchParams(new URL(cluster.address).hash.slice(1)).get('room') ?? ''
  // A page of this origin that is in another room, and drives nothing of this one.
  const elsewhere = await first.page.context().newPage()
  await elsewhere.goto(newRoom())
  for (const tab of cluster.tabs) await cluster.close(tab)
  await elsewhere.evaluate(
    name =>
      new Promise<void>((done, failed) => {
        const opening = indexedDB.open(name)
        opening.onerror = () => failed(opening.error)
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('records', 'readwrite')
          transaction.objectStore('records').put({ index: 2, term: 'none', kind: 'noop', data: null }, 2)
          transaction.oncomplete = () => {
            opening.result.close()
            done()
          }
        }
      }),
    `flotilla/${room}/${damaged}`,
  )
  await elsewhere.close()

  const opened = await cluster.open(3)
  const leader = await cluster.waitForAgreement()
  expect(await leader.get('key', 'linearizable')).toBe('kept')
  const ids = await Promise.all(opened.map(tab => tab.id()))
  expect(ids).not.toContain(damaged)
  for (const tab of opened) expect(await damagedOf(tab)).toEqual([damaged])
  const [tab] = opened
  if (tab === undefined) throw new Error('three tabs')
  await expect(tab.page.getByRole('heading', { level: 1 })).toHaveText(/cannot be read/)
  await tab.page.getByRole('button', { name: 'Delete it' }).click()
  await until('nothing is damaged any more', async () => (await damagedOf(tab))?.length === 0 || undefined)
  await expect(tab.page.getByRole('heading', { level: 1 })).not.toHaveText(/cannot be read/)
})

// With two of three out of reach nobody can be asked what is committed, and the page showed nothing but its last snapshot.
test('one tab of three shows what it had, when nobody else comes back', { tag: '@long' }, async ({ cluster }) => {
  await cluster.open(3)
  const leader = await cluster.waitForVoters()
  await leader.set('key', 'kept')
  await cluster.waitForEqualLogs()
  const ids = await Promise.all(cluster.tabs.map(tab => tab.id()))
  for (const tab of cluster.tabs) {
    const { commitIndex } = await tab.status()
    await until('its disk remembers what is committed', () => remembersCommitted(tab, commitIndex))
  }
  const context = leader.page.context()
  // All at once: whoever closes last takes nobody over.
  await Promise.all(cluster.tabs.map(tab => tab.crash()))

  const alone = await Tab.open(context, cluster.address)
  await until('it has opened', async () => ids.includes((await alone.status()).id) || undefined)
  await until('it shows what it had', async () => (await alone.get('key', 'local')) === 'kept' || undefined)
  await expect(alone.page.getByRole('heading', { level: 1 })).toHaveText(/^No majority/)
})

/** Whether the disk of this tab's node says so. */
function remembersCommitted(tab: Tab, index: number): Promise<true | undefined> {
  return tab.page.evaluate(
    ([room, least]) =>
      new Promise<true | undefined>((done, failed) => {
        const opening = indexedDB.open(`flotilla/${room}/${window.flotilla?.status().id}`)
        opening.onerror = () => failed(opening.error)
        opening.onsuccess = () => {
          const { result: db } = opening
          const asked = db.transaction('records').objectStore('records').get('commitIndex')
          asked.onsuccess = () => {
            db.close()
            done(asked.result?.index >= least || undefined)
          }
        }
      }),
    [new URLSearchParams(new URL(tab.page.url()).hash.slice(1)).get('room') ?? '', index] as const,
  )
}
