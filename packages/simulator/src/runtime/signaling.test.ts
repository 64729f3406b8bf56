/** What signalling that lies can do to a room, and what it cannot. */
import { describe, expect, test } from 'vitest'
import { Random } from '../ground/random.ts'
import type { RuntimeMix } from './mix.ts'
import { simulateRuntime } from './run.ts'
import { Signaling } from './signaling.ts'
import { Timeline } from './timeline.ts'

const ids = Array.from({ length: 6 }, (_, i) => `node${i}`)

/** It lies so much, and on demand anew. */
function lies(seed: number, share: number) {
  const timeline = new Timeline()
  const signaling = new Signaling(timeline, new Random(seed, 'test'), share, () => {})
  let isOther = false
  signaling.onChanged(() => {
    isOther = true
  })
  const lieAnew = async (): Promise<void> => {
    isOther = false
    await timeline.run(timeline.now + 60_000, () => isOther)
  }
  return { signaling, lieAnew }
}

describe('signalling that lies', () => {
  test('tells each node something else, the same until it lies anew', async () => {
    const { signaling, lieAnew } = lies(1, 0.5)
    const tell = (): string => JSON.stringify(ids.map(self => signaling.tellPresent(self, ids, () => false)))
    const told = tell()
    expect(new Set(JSON.parse(told).map(String)).size).toBeGreaterThan(3)
    expect(tell()).toBe(told)
    await lieAnew()
    expect(tell()).not.toBe(told)
  })

  test('keeps no node from what it is linked to', () => {
    const { signaling } = lies(2, 1)
    const [self = '', ...others] = ids
    expect(signaling.tellPresent(self, ids, () => true)).toEqual(expect.arrayContaining(others))
    expect(ids.filter(id => signaling.tellPresent(self, ids, () => false).includes(id))).toEqual([])
  })

  test('speaks of those who have gone', async () => {
    const { signaling, lieAnew } = lies(3, 1)
    const [self = '', ...others] = ids
    signaling.tellPresent(self, ids, () => true)
    const told = new Set<string>()
    for (let era = 0; era < 10; era++) {
      for (const id of signaling.tellPresent(self, [self], () => true)) told.add(id)
      await lieAnew()
    }
    expect([...told]).toEqual(expect.arrayContaining(others))
  })
})

const lying =
  (share: number) =>
  (drawn: RuntimeMix): RuntimeMix => ({
    ...drawn,
    tabs: 4,
    tabsPerDevice: 1,
    latecomers: 2,
    hasNight: false,
    network: { ...drawn.network, lies: share },
  })

test('a room whose signalling lies loses nothing, makes no second cluster, and comes together when it is honest again', {
  timeout: 300_000,
}, async () => {
  const reached = new Set<string>()
  for (let seed = 1; seed <= 8; seed++) {
    const { violations, marks } = await simulateRuntime(seed, { mix: lying(seed % 2 === 0 ? 0.4 : 0.8) })
    expect(violations, `seed ${seed}`).toEqual([])
    for (const [name, count] of marks) if (count > 0) reached.add(name)
  }
  for (const mark of [
    'node not told who is there',
    'node told of somebody who is not there',
    'introduction swallowed',
    'joiner let in',
  ]) {
    expect(reached).toContain(mark)
  }
})
