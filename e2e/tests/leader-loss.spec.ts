/** The leader's tab is lost while others write: soon there is another, and nothing acknowledged is lost or applied twice. */
import { expect, test } from '../fixtures/cluster.ts'
import type { Applied } from '../fixtures/flotilla.ts'
import { Writer } from '../fixtures/writer.ts'

const ROUNDS = 20
const NEW_LEADER_WITHIN_MS = { close: 2_000, crash: 5_000 }

test(`${ROUNDS} leaders lost in turn, half by close and half by crash, lose no acknowledged write and apply none twice`, async ({
  cluster,
}) => {
  test.setTimeout(300_000)
  await cluster.open(3)
  const acknowledged: Applied[] = []

  for (let round = 0; round < ROUNDS; round++) {
    const how = round % 2 === 0 ? 'close' : 'crash'
    const leader = await cluster.waitForVoters()
    const writers = cluster.tabs.map((tab, i) => ({ tab, writer: new Writer(tab, `round-${round}-${i}`) }))
    await Promise.all(writers.map(({ writer }) => writer.acknowledgedMore(3)))

    const lostAt = performance.now()
    await Promise.all([cluster[how](leader), cluster.waitForAgreement()])
    const tookMs = performance.now() - lostAt
    expect(tookMs, `round ${round}: milliseconds to a new leader after a ${how}`).toBeLessThan(
      NEW_LEADER_WITHIN_MS[how],
    )

    const survivors = writers.filter(({ tab }) => tab !== leader)
    await Promise.all(survivors.map(({ writer }) => writer.acknowledgedMore(1)))
    await Promise.all(writers.map(({ writer }) => writer.stop()))
    const ofThisRound = writers.flatMap(({ writer }) => writer.acknowledged)
    acknowledged.push(...ofThisRound)

    await cluster.waitForEqualLogs()
    for (const { tab } of survivors) {
      const history = await tab.history()
      expect(history).toEqual(expect.arrayContaining(ofThisRound))
      expect(new Set(history.map(write => write.key)).size, 'each key is written once').toBe(history.length)
    }
    await cluster.open(1)
  }

  await cluster.waitForVoters()
  for (const tab of cluster.tabs) {
    const values = await Promise.all(acknowledged.map(({ key }) => tab.get(key, 'linearizable')))
    expect(values).toEqual(acknowledged.map(({ value }) => value))
  }
})
