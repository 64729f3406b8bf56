/** The browser quits and comes back: the same nodes, with everything they knew. */
import { expect, test } from '../fixtures/cluster.ts'

test.use({ onDisk: true })

test('all tabs closed and opened again are the same nodes, in no lower term, with all values back', async ({
  cluster,
}) => {
  await cluster.open(3)
  await cluster.waitForVoters()
  const keys = Array.from({ length: 20 }, (_, i) => `key-${i}`)
  for (const [i, key] of keys.entries()) await cluster.tabs[i % 3]?.set(key, `value of ${key}`)
  await cluster.waitForEqualLogs()
  const before = await Promise.all(cluster.tabs.map(tab => tab.status()))

  await cluster.reopen()
  await cluster.waitForAgreement()
  const after = await Promise.all(cluster.tabs.map(tab => tab.status()))

  const ids = (statuses: typeof before) => statuses.map(status => status.id).sort()
  expect(ids(after)).toEqual(ids(before))
  expect(new Set(after.map(status => status.clusterId))).toEqual(new Set(before.map(status => status.clusterId)))
  const terms = (statuses: typeof before) => statuses.map(status => status.term)
  expect(Math.min(...terms(after))).toBeGreaterThanOrEqual(Math.max(...terms(before)))
  for (const tab of cluster.tabs) {
    expect(await Promise.all(keys.map(key => tab.get(key, 'linearizable')))).toEqual(keys.map(key => `value of ${key}`))
  }
})

test('a reloaded tab is the node it was, and membership does not change', { tag: '@long' }, async ({ cluster }) => {
  await cluster.open(3)
  await cluster.waitForVoters()
  const [tab] = await cluster.followers()
  if (tab === undefined) throw new Error('three tabs have two followers')
  await tab.set('key', 'value')
  const before = await tab.status()

  await tab.page.reload()
  await tab.joined()
  await cluster.waitForAgreement()
  const after = await tab.status()
  expect(after.id).toBe(before.id)
  expect(after.members).toEqual(before.members)
  expect(await tab.get('key', 'linearizable')).toBe('value')
})
