/** Rooms some of whose members cannot meet: links are carried by a server or by whoever reaches both, and go with their carrier. */
import { expect, test } from 'vitest'
import type { RuntimeMix } from './mix.ts'
import { simulateRuntime } from './run.ts'

const apart =
  (share: number, serverCarries: boolean, hasNeighbour: boolean) =>
  (drawn: RuntimeMix): RuntimeMix => ({
    ...drawn,
    tabs: 4,
    tabsPerDevice: 1,
    network: { ...drawn.network, apart: share, serverCarries },
    latecomers: 2,
    hasNight: false,
    hasNeighbour,
  })

test('members that only reach the leader through another write and see what is committed, whatever else is bad', {
  timeout: 300_000,
}, async () => {
  const reached = new Set<string>()
  for (let seed = 1; seed <= 8; seed++) {
    const { violations, marks } = await simulateRuntime(seed, { mix: apart(0.5, seed % 3 === 0, seed % 4 === 0) })
    expect(violations, `seed ${seed}`).toEqual([])
    for (const [name, count] of marks) if (count > 0) reached.add(name)
  }
  for (const mark of [
    'link carried by a server',
    'link carried by a member',
    'relayed link lost with its carrier',
    'relayed link became direct',
    'command forwarded over a relayed link',
    'entries replicated over a relayed link',
  ]) {
    expect(reached).toContain(mark)
  }
})
