/** A minority cut off cannot commit and says so; the majority can; healed, all logs are equal. */
import { rounds } from '../../scripts/lib/long-run.mjs'
import { expect, test } from '../fixtures/cluster.ts'

test('two of five tabs cut off, with the leader (and without, in the long run)', async ({ cluster }) => {
  await cluster.open(5)
  for (const round of ['with the leader', 'without'].slice(0, rounds(1, 2))) {
    const leader = await cluster.waitForVoters()
    const followers = await cluster.followers()
    const minority = round === 'without' ? followers.slice(0, 2) : [leader, ...followers.slice(0, 1)]
    const majority = cluster.tabs.filter(tab => !minority.includes(tab))
    const key = (name: string) => `${round}: ${name}`
    await leader.set(key('before'), 'the cut')

    await cluster.cut(minority)
    // Begun at once, while some may still take their leader for one.
    const refused = Promise.all(minority.map((tab, i) => tab.trySet(key(`minority-${i}`), 'must not be acknowledged')))
    await cluster.waitForAgreement({ tabs: majority })
    for (const [i, tab] of majority.entries()) await tab.set(key(`majority-${i}`), 'committed')

    for (const outcome of await refused) {
      expect(outcome).toMatchObject({ ok: false, kind: expect.stringMatching(/^(Timeout|NotLeader|Overloaded)$/) })
    }
    for (const tab of minority) {
      await expect
        .poll(async () => (await tab.status()).leader, { message: 'the cut-off say they have no leader' })
        .toBeUndefined()
      expect(await tab.get(key('majority-0'), 'local')).toBeUndefined()
    }
    await cluster.waitForAgreement({ tabs: majority })

    await cluster.heal()
    await cluster.waitForAgreement()
    const last = await majority[0]?.set(key('after'), 'the cut')
    await Promise.all(cluster.tabs.map(tab => tab.applied(last?.index ?? 0)))
    await cluster.waitForEqualLogs()

    const histories = await Promise.all(cluster.tabs.map(tab => tab.history()))
    for (const history of histories) expect(history).toEqual(histories[0])
    for (const tab of cluster.tabs) {
      for (const i of majority.keys()) expect(await tab.get(key(`majority-${i}`), 'local')).toBe('committed')
      expect(await tab.get(key('before'), 'local')).toBe('the cut')
      expect(await tab.get(key('after'), 'local')).toBe('the cut')
    }
  }
})
