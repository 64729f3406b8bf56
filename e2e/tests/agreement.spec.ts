/** Tabs find each other and elect one leader, soon. */
import { expect, test } from '../fixtures/cluster.ts'

for (const count of [3, 5]) {
  test(`${count} tabs have one leader, and all agree on it, within 3 s of the last one's load`, async ({ cluster }) => {
    await cluster.open(count)
    await cluster.waitForAgreement() // one leader, in one term, by every tab's account
    const lastLoad = Math.max(...cluster.tabs.map(tab => tab.loadedAt))
    expect(performance.now() - lastLoad).toBeLessThan(3_000)

    const statuses = await Promise.all(cluster.tabs.map(tab => tab.status()))
    expect(new Set(statuses.map(status => status.clusterId)).size).toBe(1)
    expect(new Set(statuses.map(status => status.id)).size).toBe(count)
  })
}
