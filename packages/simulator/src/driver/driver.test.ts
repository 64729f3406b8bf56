import { describe, expect, test } from 'vitest'
import { Random } from '../ground/random.ts'
import type { Action } from '../world/action.ts'
import { World } from '../world/world.ts'
import { Driver } from './driver.ts'
import { drawMix } from './kinds-of-days.ts'
import { checkerFor, firstActions, realRaft } from './run.ts'
import type { Mix } from './swarm.ts'

/** A good day: three nodes, a network and disks without faults, nobody asks for anything. */
const mix: Mix = {
  ...drawMix(new Random(1, 'mix')),
  electionTimeoutMs: 1000,
  heartbeatMs: 100,
  raftOptions: { electionTimeoutMs: 1000, heartbeatIntervalMs: 100 },
  network: { leastMs: 1, typicalMs: 1, loss: 0, duplication: 0, replay: 0, replayWithinMs: 0, ordered: false },
  disk: { leastMs: 1, typicalMs: 1, deletionStalls: 0 },
  compaction: false,
}

interface Seen {
  readonly action: Action
  readonly at: number
}

function clusterOf(seed: number): { world: World; driver: Driver; seen: Seen[] } {
  const random = new Random(seed, 'simulation')
  const world = new World({
    random: random.fork('world'),
    checker: checkerFor(mix),
    makeRaft: realRaft,
    raftOptions: mix.raftOptions,
    codec: undefined,
  })
  const driver = new Driver(world, mix, random.fork('driver'))
  const seen: Seen[] = []
  driver.onAction = (action, at) => seen.push({ action, at })
  for (const action of firstActions(3)) driver.act(action)
  return { world, driver, seen }
}

const each = [1, 2, 3, 4, 5]

describe('the driver', () => {
  test('never goes back in time, and stops where it is told to', () => {
    for (const seed of each) {
      const { world, driver, seen } = clusterOf(seed)
      driver.run(20_000)
      expect(world.now).toBe(20_000)
      expect(seen.length).toBeGreaterThan(100)
      expect(seen.every(({ at }, i) => at >= (seen[i - 1]?.at ?? 0) && at <= 20_000)).toBe(true)
    }
  })

  test('lets timers run out only when they are due, and leaves none that is overdue', () => {
    for (const seed of each) {
      const { world, driver, seen } = clusterOf(seed)
      const early: number[] = []
      const { onAction } = driver
      driver.onAction = (action, at, reading) => {
        onAction?.(action, at, reading)
        const deadline = world.nodes[action.node]?.raft?.deadline ?? 0
        if (action.type === 'tick' && reading < deadline) early.push(at)
      }
      driver.run(20_000)
      expect(early).toEqual([])
      expect(seen.some(({ action }) => action.type === 'tick')).toBe(true)
      for (const { raft, clock } of world.nodes) expect(raft?.deadline).toBeGreaterThanOrEqual(clock.read(world.now))
    }
  })

  test('hands over what comes for a frozen node only after it thaws, and first lets it know', () => {
    for (const seed of each) {
      for (const keepsMail of [true, false]) {
        const { world, driver, seen } = clusterOf(seed)
        driver.run(5000)
        const [node] = world.nodes
        if (node === undefined) throw new Error('nobody is there')
        driver.freeze(node)
        const before = seen.length
        driver.run(8000)
        expect(seen.slice(before).filter(({ action }) => action.node === node.index)).toEqual([])
        const thawed = seen.length
        driver.thaw(node, keepsMail)
        driver.run(8000)
        const then = seen.slice(thawed).filter(({ action, at }) => action.node === node.index && at === 8000)
        expect(then[0]?.action.type).toBe('resume')
        expect(then.some(({ action }) => action.type === 'deliver')).toBe(keepsMail)
      }
    }
  })

  test('finishes no unit of a node that crashed meanwhile', () => {
    for (const seed of each) {
      const { world, driver } = clusterOf(seed)
      driver.run(20_000, () => world.nodes.some(({ disk }) => disk.pending.length > 0))
      const node = world.nodes.find(({ disk }) => disk.pending.length > 0)
      if (node === undefined) throw new Error('nothing is being written')
      driver.act({ type: 'crash', node: node.index, keep: 0 })
      const left = node.disk.recover()
      driver.run(world.now + 5000)
      expect(node.disk.recover()).toEqual(left)
      expect(node.isUp).toBe(false)
    }
  })

  test('loses what is under way over a link that is cut', () => {
    for (const seed of each) {
      const { world, driver, seen } = clusterOf(seed)
      driver.run(5000)
      for (const from of [1, 2]) driver.network.cut(from, 0)
      const before = seen.length
      driver.run(world.now + 5000)
      const arrived = seen.slice(before).filter(({ action }) => action.type === 'deliver' && action.node === 0)
      expect(arrived).toEqual([])
    }
  })

  test('has everybody up, thawed, repaired and at one pace once it is calm, and they agree', () => {
    for (const seed of each) {
      const { world, driver } = clusterOf(seed)
      const [a, b, c] = world.nodes
      if (a === undefined || b === undefined || c === undefined) throw new Error('not everybody is there')
      driver.run(5000)
      driver.act({ type: 'crash', node: a.index, keep: 0 })
      driver.act({ type: 'failDisk', node: a.index })
      driver.act({ type: 'restart', node: a.index })
      expect(a.isUp).toBe(false)
      driver.freeze(b)
      driver.treatment(c).diskFactor = 1000
      c.clock.setRate(world.now, 2)
      driver.network.cut(1, 2)
      driver.run(9000)
      driver.becomeCalm()
      driver.run(world.now + 20_000)
      expect(world.nodes.every(node => node.isUp && !driver.isFrozen(node) && node.clock.rate === 1)).toBe(true)
      expect(world.nodes.filter(({ status }) => status?.role === 'leader')).toHaveLength(1)
      expect(new Set(world.nodes.map(({ machine }) => machine.digest())).size).toBe(1)
      expect(world.checker.violations).toEqual([])
    }
  })

  test('does the same again for the same seed', () => {
    const run = (): unknown => {
      const { world, driver } = clusterOf(7)
      driver.run(20_000)
      return [world.traceHash, world.events]
    }
    expect(run()).toEqual(run())
  })
})
