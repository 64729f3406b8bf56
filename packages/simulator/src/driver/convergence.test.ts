import { expect, test } from 'vitest'
import { Random } from '../ground/random.ts'
import type { SimulatedNode } from '../world/node.ts'
import { World } from '../world/world.ts'
import { converge } from './convergence.ts'
import { Driver } from './driver.ts'
import { drawMix } from './kinds-of-days.ts'
import { checkerFor, firstActions, realRaft } from './run.ts'
import type { Mix } from './swarm.ts'

const electionTimeoutMs = 150
const heartbeatMs = 60
/** Nobody defends a leader, and a snapshot takes longer than an election timeout. */
const mix: Mix = {
  ...drawMix(new Random(1, 'mix')),
  electionTimeoutMs,
  heartbeatMs,
  raftOptions: {
    electionTimeoutMs,
    heartbeatIntervalMs: heartbeatMs,
    preVote: false,
    checkQuorum: false,
    snapshotChunkBytes: 1,
    snapshotThresholdEntries: 3,
  },
  network: { leastMs: 15, typicalMs: 1, loss: 0, duplication: 0, replay: 0, replayWithinMs: 0, ordered: false },
  disk: { leastMs: 0, typicalMs: 0, deletionStalls: 0 },
  compaction: true,
  minorityStaysFaulty: false,
}

test('removed nodes that never heard of it do not keep the others from recovering', () => {
  for (let seed = 1; seed <= 5; seed++) {
    const random = new Random(seed, 'simulation')
    const checker = checkerFor(mix)
    const setup = { random: random.fork('world'), checker, makeRaft: realRaft, codec: undefined }
    const world = new World({ ...setup, raftOptions: mix.raftOptions })
    const driver = new Driver(world, mix, random.fork('driver'))
    for (const action of firstActions(7)) driver.act(action)
    const away = new Set<SimulatedNode>()
    const cut = (node: SimulatedNode): void => {
      away.add(node)
      for (const { index } of world.nodes) {
        driver.network.cut(index, node.index)
        driver.network.cut(node.index, index)
      }
    }
    const leader = (): SimulatedNode => {
      const leads = (node: SimulatedNode): boolean => node.status?.role === 'leader' && !away.has(node)
      driver.run(world.now + 5000, () => world.nodes.some(leads))
      const found = world.nodes.find(leads)
      if (found === undefined) throw new Error('nobody leads')
      return found
    }
    const chosen = leader()
    const [late, ...others] = world.nodes.filter(node => node !== chosen)
    for (const node of others.slice(0, 3)) cut(node)
    for (let left = [...away]; left.length > 0; ) {
      const { index } = leader()
      driver.act({ type: 'change', node: index, changes: [{ type: 'remove', id: left[0]?.id ?? '' }] })
      driver.run(world.now + heartbeatMs)
      const members = leader().status?.configuration.members
      left = left.filter(({ id }) => members?.some(member => member.id === id))
    }
    if (late === undefined) throw new Error('nobody is left')
    cut(late)
    for (let i = 0; i < 20; i++) {
      driver.act({ type: 'propose', node: leader().index, client: 0, key: 0, padding: 0, drain: true })
      driver.run(world.now + heartbeatMs)
    }
    expect(leader().status?.snapshotIndex).toBeGreaterThan(late.status?.lastIndex ?? 0)
    converge(driver, random.fork('convergence'))
    expect(checker.violations, `seed ${seed}`).toEqual([])
  }
})
