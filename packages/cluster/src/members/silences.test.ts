/** That a voter which is gone is let go also where leaders come and go more often than its silence lasts until it counts. */
import { describe, expect, it } from 'vitest'
import { type TestNode, TestRoom } from '../fixtures/room.ts'
import { Silences } from './silences.ts'

const deadAfterMs = 8_000

it('a silence is not counted across this node’s own sleep', () => {
  const silences = new Silences()
  silences.began('a', 100)
  silences.began('a', 200)
  expect(silences.since.get('a')).toBe(100)
  silences.beginAnew(1e9)
  expect(silences.since.get('a')).toBe(1e9)
  silences.ended('a')
  expect(silences.since.size).toBe(0)
})

describe('where each leader leads for less than it takes to call a silent voter dead', () => {
  for (const [how, silence] of [
    ['whose tab is gone', (_room: TestRoom, gone: TestNode): void => gone.cluster.crash()],
    [
      'whose links stay up, and carry nothing',
      (room: TestRoom, gone: TestNode): void => {
        room.cut(
          [gone],
          room.nodes.filter(node => node !== gone),
        )
      },
    ],
  ] as const) {
    it(`a voter ${how} is demoted all the same`, async () => {
      const room = new TestRoom({ autopilot: { deadAfterMs } })
      await room.settled(5)
      const gone = room.nodes.find(node => node !== room.leader())
      if (gone === undefined) throw new Error('five nodes, and all of them lead')
      silence(room, gone)
      const others = room.nodes.filter(node => node !== gone)
      const leads = (): TestNode | undefined => others.find(({ cluster }) => cluster.status().role === 'leader')
      const voters = (): number =>
        leads()
          ?.cluster.status()
          .members.filter(({ voter }) => voter).length ?? 5

      let turns = 0
      for (; voters() === 5 && turns < 20; turns++) {
        await room.until(() => leads() !== undefined, 'somebody leads')
        const leader = leads()
        const heir = others.find(node => node !== leader)
        if (leader !== undefined) await room.done(leader.cluster.transferLeadership(heir?.id).catch(() => undefined))
        await room.pass(deadAfterMs / 3)
      }
      expect(voters()).toBe(4)
      expect(turns).toBeGreaterThan(2)
    })
  }
})
