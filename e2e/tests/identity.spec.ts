/** Who a tab is: never somebody whom another tab already is, and never a second cluster beside the first. */
import { rounds } from '../../scripts/lib/long-run.mjs'
import { expect, newRoom, TabCluster, test } from '../fixtures/cluster.ts'

const TIMES = rounds(1, 20)

test('a duplicated tab becomes a new node of the same cluster', async ({ cluster }) => {
  await cluster.open(1)
  const [original] = cluster.tabs
  if (original === undefined) throw new Error('one tab was opened')
  await original.set('key', 'value')
  await original.page.evaluate(() => sessionStorage.setItem('copied with the tab', 'yes'))
  const before = await original.status()

  const duplicate = await cluster.duplicate(original)
  const copied = await duplicate.page.evaluate(() => sessionStorage.getItem('copied with the tab'))
  expect(copied, 'the browser copied sessionStorage').toBe('yes')
  await cluster.waitForVoters()

  const [first, second] = await Promise.all([original.status(), duplicate.status()])
  expect(first.id).toBe(before.id)
  expect(second.id).not.toBe(before.id)
  expect(second.clusterId).toBe(before.clusterId)
  expect(await duplicate.get('key', 'linearizable')).toBe('value')
})

test(`two tabs opened at the same moment on an empty origin make one cluster, ${TIMES} times out of ${TIMES}`, async ({
  browser,
}) => {
  for (let time = 0; time < TIMES; time++) {
    // A new context has nothing stored. The room is the same each time: nothing may be left of the last one.
    const cluster = await TabCluster.start(() => browser.newContext(), SAME_ROOM)
    await cluster.open(2)
    await cluster.waitForVoters()
    const statuses = await Promise.all(cluster.tabs.map(tab => tab.status()))
    expect(new Set(statuses.map(({ clusterId }) => clusterId)).size).toBe(1)
    const ids = statuses.map(({ id }) => id).sort()
    for (const { members } of statuses) expect(members.map(({ id }) => id).sort()).toEqual(ids)
    await cluster.stop()
  }
})

const SAME_ROOM = newRoom()
