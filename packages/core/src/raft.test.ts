import { describe, expect, it } from 'vitest'
import { TestCluster } from './fixtures/test-cluster.ts'

describe('a cluster of core nodes', () => {
  it('elects a leader, replicates a command and applies it everywhere', () => {
    const cluster = TestCluster.ofSize(3)
    cluster.timeOut('S1')
    expect(cluster.raft('S1').role).toBe('leader')
    expect(cluster.propose('S1', 7)).toMatchObject({ kind: 'command', index: 2, term: 1 })
    cluster.settle()
    for (const node of cluster.nodes.values()) {
      expect(node.terms).toEqual([1, 1])
      expect(node.applied.map(entry => entry.index)).toEqual([1, 2])
    }
  })
})
