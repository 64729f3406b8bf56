/** What is written in one tab is in every tab, in one order. */
import { expect, test } from '../fixtures/cluster.ts'

test("100 writes from a follower's tab all commit and are readable in every tab, in the same order", async ({
  cluster,
}) => {
  await cluster.open(3)
  await cluster.waitForVoters()
  const [follower] = await cluster.followers()
  if (follower === undefined) throw new Error('three tabs have two followers')

  const keys = Array.from({ length: 100 }, (_, i) => `key-${i}`)
  // The first half one after the other, the rest all at once.
  const written: { key: string; index: number }[] = []
  for (const key of keys.slice(0, 50)) written.push({ key, ...(await follower.set(key, `value of ${key}`)) })
  written.push(
    ...(await Promise.all(keys.slice(50).map(async key => ({ key, ...(await follower.set(key, `value of ${key}`)) })))),
  )

  const inLogOrder = written.sort((a, b) => a.index - b.index)
  expect(new Set(written.map(write => write.index)).size).toBe(100)
  expect(inLogOrder.slice(0, 50).map(write => write.key)).toEqual(keys.slice(0, 50))

  for (const tab of cluster.tabs) {
    const values = await Promise.all(keys.map(key => tab.get(key, 'linearizable')))
    expect(values).toEqual(keys.map(key => `value of ${key}`))
    const history = await tab.history()
    expect(history.map(({ key, index }) => ({ key, index }))).toEqual(
      inLogOrder.map(({ key, index }) => ({ key, index })),
    )
  }
})

test('a value written in any tab is read in all of them, and a later one replaces it', { tag: '@long' }, async ({
  cluster,
}) => {
  await cluster.open(3)
  await cluster.waitForVoters()
  for (const [i, writer] of cluster.tabs.entries()) {
    await writer.set('colour', `colour ${i}`)
    for (const reader of cluster.tabs) expect(await reader.get('colour', 'linearizable')).toBe(`colour ${i}`)
  }
})
