import { describe, expect, test } from 'vitest'
import type { RuntimeMix } from './mix.ts'
import type { TabCluster } from './room.ts'
import { simulateRuntime } from './run.ts'

const withNeighbour = (drawn: RuntimeMix): RuntimeMix => ({
  ...drawn,
  tabs: 3,
  latecomers: 0,
  remoteClients: 0,
  faultWeights: { ...drawn.faultWeights, vanish: 0 },
  network: { ...drawn.network, apart: 0 },
  hasNeighbour: true,
})

describe('two clusters of one room’s name', () => {
  test('meet, and do not mix', async () => {
    let met = 0
    for (let seed = 1; seed <= 10; seed++) {
      const { marks, violations } = await simulateRuntime(seed, { mix: withNeighbour })
      expect(violations).toEqual([])
      if (marks.has('two clusters met')) met += 1
    }
    expect(met).toBeGreaterThan(5)
  })

  test('are found to mix where an application lets in whoever it meets', async () => {
    const cluster = (node: TabCluster): TabCluster => {
      node.on('peer', ({ peer, up }) => {
        if (up) node.addMember(peer, 'learner').catch(() => undefined)
      })
      return node
    }
    const properties = new Set<string>()
    for (let seed = 1; seed <= 10; seed++) {
      const { violations } = await simulateRuntime(seed, { mix: withNeighbour, plants: { cluster } })
      for (const { property } of violations) properties.add(property)
    }
    expect([...properties]).toEqual(['Two Clusters'])
  })
})
