/** Tabs find each other and elect one leader. How soon is measured by a bench. */
import { expect, test } from '../fixtures/cluster.ts'

for (const count of [3, 5]) {
  test(`${count} tabs opened at once are one cluster with one leader`, {
    tag: count > 3 ? '@long' : [],
  }, async ({ cluster }) => {
    await cluster.open(count)
    await cluster.waitForAgreement() // one leader, in one term, by every tab's account
    const statuses = await Promise.all(cluster.tabs.map(tab => tab.status()))
    expect(new Set(statuses.map(status => status.clusterId)).size).toBe(1)
    expect(new Set(statuses.map(status => status.id)).size).toBe(count)
  })
}
