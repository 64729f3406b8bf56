/** Rooms of many real nodes in virtual time: few vote, all see everything, and nobody but the voters has many links. */
import { describe, expect, test } from 'vitest'
import { Crowd } from './crowd.ts'
import type { Tab } from './room.ts'

const partingMs = 5_000

function only<T>(found: T | undefined): T {
  if (found === undefined) throw new Error('there is none')
  return found
}

/** Writes in this tab, and waits until every tab has applied it. */
async function writeSeenByAll(crowd: Crowd, tab: Tab, operation: number): Promise<void> {
  let committed = false
  const written = crowd.write(tab, operation).then(() => {
    committed = true
  })
  await crowd.until(() => committed, 'the write is committed')
  await written
  await crowd.until(() => crowd.isSettled(), 'everybody has applied it')
  const chains = new Set(
    crowd.room.tabs.filter(({ open }) => open !== undefined).map(({ open }) => open?.machine.chain),
  )
  expect(chains.size).toBe(1)
}

describe('a room of forty', () => {
  test('five vote, the others have at most eight links, and what one of them writes all of them have', {
    timeout: 120_000,
  }, async () => {
    const crowd = new Crowd(40, 1)
    const { room } = crowd
    await crowd.gather()
    await room.timeline.run(room.timeline.now + partingMs, () => false)
    const learners = room.tabs.filter(tab => !crowd.votes(tab))
    expect(learners).toHaveLength(35)
    for (const tab of learners) expect(crowd.linksOf(tab)).toBeLessThanOrEqual(8)
    await writeSeenByAll(crowd, only(learners.at(-1)), 1)
  })
})

describe('swaps', () => {
  test('asked for through learners, while leaders are lost, leave five that vote and nothing undone', {
    timeout: 120_000,
  }, async () => {
    const crowd = new Crowd(12, 3, { autopilot: { deadAfterMs: 5_000 } })
    const { room } = crowd
    await crowd.gather()
    const haveVoted = new Set<string>()
    for (let round = 0; round < 12; round++) {
      const asker = only(room.tabs.find(tab => tab.open !== undefined && !crowd.votes(tab)))
      let isAnswered = false
      const answered = (): void => {
        isAnswered = true
      }
      // With its leader gone it may be made or not, or twice; and then there is an answer, or none in time.
      asker.open?.cluster?.swapVoter({ timeoutMs: 3_000 }).then(answered, answered)
      const lost = round % 3 === 2 ? room.leader() : undefined
      if (lost !== undefined) {
        await room.timeline.run(room.timeline.now + round, () => false)
        lost.open?.page.kill('by the browser')
      }
      await crowd.until(() => isAnswered && crowd.isSettled(), `swap ${round}`)
      if (lost !== undefined) room.openTab(lost)
      await crowd.until(
        () => room.tabs.every(({ open }) => open?.cluster !== undefined) && crowd.isSettled(),
        'all are in',
      )
      for (const tab of room.tabs) if (crowd.votes(tab)) haveVoted.add(tab.name)
      await writeSeenByAll(crowd, asker, round + 1)
    }
    expect(haveVoted.size).toBeGreaterThan(8)
  })
})

describe('a room of a hundred', () => {
  test('the leader is killed: another leads, a learner votes in its place, and a learner writes', {
    timeout: 300_000,
  }, async () => {
    const crowd = new Crowd(100, 2, { autopilot: { deadAfterMs: 5_000 } })
    const { room } = crowd
    await crowd.gather()
    const lost = only(room.leader())
    const id = only(room.status(lost)).id
    lost.open?.page.kill('by the browser')
    await crowd.until(() => {
      const status = room.leader() && room.status(only(room.leader()))
      return status?.members.some(member => member.id === id && !member.voter) === true && crowd.isSettled()
    }, 'it votes no more, and five others do')
    const learners = room.tabs.filter(tab => tab.open !== undefined && !crowd.votes(tab))
    expect(learners).toHaveLength(94)
    await writeSeenByAll(crowd, only(learners.at(-1)), 1)
    await room.timeline.run(room.timeline.now + partingMs, () => false)
    for (const tab of learners) expect(crowd.linksOf(tab)).toBeLessThanOrEqual(8)
  })
})
