/** A minority cut off cannot commit and says so; the majority can; healed, all logs are equal. */
import { expect, test } from '../fixtures/cluster.ts'

for (const withLeader of [true, false]) {
  test(`two of five tabs cut off ${withLeader ? 'with' : 'without'} the leader`, async ({ cluster }) => {
    test.setTimeout(120_000)
    await cluster.open(5)
    const leader = await cluster.waitForVoters()
    const followers = await cluster.followers()
    const minority = withLeader ? [leader, ...followers.slice(0, 1)] : followers.slice(0, 2)
    const majority = cluster.tabs.filter(tab => !minority.includes(tab))
    await leader.set('before', 'the cut')

    await cluster.cut(minority)
    await cluster.waitForAgreement({ tabs: majority })
    for (const [i, tab] of majority.entries()) await tab.set(`majority-${i}`, 'committed')

    const outcomes = await Promise.all(
      minority.map((tab, i) => tab.trySet(`minority-${i}`, 'must not be acknowledged')),
    )
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ ok: false, kind: expect.stringMatching(/^(Timeout|NotLeader|Overloaded)$/) })
    }
    for (const tab of minority) {
      await expect
        .poll(async () => (await tab.status()).leader, { message: 'the cut-off say they have no leader' })
        .toBeUndefined()
      expect(await tab.get('majority-0', 'local')).toBeUndefined()
    }
    await cluster.waitForAgreement({ tabs: majority })

    await cluster.heal()
    await cluster.waitForAgreement()
    const last = await majority[0]?.set('after', 'the cut')
    await Promise.all(cluster.tabs.map(tab => tab.applied(last?.index ?? 0)))
    await cluster.waitForEqualLogs()

    const histories = await Promise.all(cluster.tabs.map(tab => tab.history()))
    for (const history of histories) expect(history).toEqual(histories[0])
    for (const tab of cluster.tabs) {
      for (const i of majority.keys()) expect(await tab.get(`majority-${i}`, 'local')).toBe('committed')
      expect(await tab.get('before', 'local')).toBe('the cut')
      expect(await tab.get('after', 'local')).toBe('the cut')
    }
  })
}
