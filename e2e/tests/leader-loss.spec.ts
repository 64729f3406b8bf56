/**
 * The leader's tab is lost while others write: there is another, and nothing acknowledged is lost or applied twice. How
 * soon is measured by a bench.
 */
import { rounds } from '../../scripts/lib/long-run.mjs'
import { expect, test } from '../fixtures/cluster.ts'
import type { Applied } from '../fixtures/flotilla.ts'
import { Writer } from '../fixtures/writer.ts'

const ROUNDS = rounds(2, 20)

test(`${ROUNDS} leaders lost in turn, half by close and half by crash, lose no acknowledged write and apply none twice`, async ({
  cluster,
}) => {
  await cluster.open(3)
  const acknowledged: Applied[] = []

  for (let round = 0; round < ROUNDS; round++) {
    const how = round % 2 === 0 ? 'close' : 'crash'
    const leader = await cluster.waitForVoters()
    const writers = cluster.tabs.map((tab, i) => ({ tab, writer: new Writer(tab, `round-${round}-${i}`) }))
    await Promise.all(writers.map(({ writer }) => writer.acknowledgedMore(3)))

    await cluster[how](leader)
    await cluster.waitForAgreement()

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
