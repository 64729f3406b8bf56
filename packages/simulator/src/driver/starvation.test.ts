/** Nobody fails, but everybody is late: how many leaders that costs, beside the same rooms with a timeout that never changes. */
import { describe, expect, test } from 'vitest'
import { Random } from '../ground/random.ts'
import type { World } from '../world/world.ts'
import type { Driver } from './driver.ts'
import { simulate } from './run.ts'
import { Starvation } from './starvation.ts'
import { faultKinds, type Mix } from './swarm.ts'

const electionTimeoutMs = 750
const heartbeatMs = 100
const seeds = Array.from({ length: 5 }, (_, i) => i + 1)

/** A good day: links and disks are quick, somebody writes now and then, and nothing else happens. */
const quiet =
  (voters: number, electionTimeoutStretch: number, faultsMs: number) =>
  (drawn: Mix): Mix => ({
    ...drawn,
    voters,
    electionTimeoutMs,
    heartbeatMs,
    raftOptions: { electionTimeoutMs, heartbeatIntervalMs: heartbeatMs, electionTimeoutStretch },
    network: { leastMs: 1, typicalMs: 1, loss: 0, duplication: 0, replay: 0, replayWithinMs: 0, ordered: true },
    disk: { leastMs: 1, typicalMs: 3, deletionStalls: 0 },
    faultEveryMs: 1e12,
    faultWeights: { ...drawn.faultWeights, ...Object.fromEntries(faultKinds.map(kind => [kind, 0])) },
    clients: 1,
    thinkMs: 200,
    burst: 0,
    padding: 0,
    batching: 0,
    changeEveryMs: 1e12,
    transferEveryMs: 1e12,
    compaction: false,
    faultsMs,
    minorityStaysFaulty: false,
  })

const latestTerm = (world: World): number => Math.max(...world.nodes.map(({ status }) => status?.currentTerm ?? 0))

/** Terms begun in two minutes on a machine where each page waits up to `waitsMs` for its turn, and writes that were done. */
function starve(seed: number, voters: number, waitsMs: number, stretch: number): { terms: number; writes: number } {
  const startMs = 5_000
  const endMs = startMs + 120_000
  let seen = { terms: 0, writes: 0 }
  const { violations } = simulate(seed, {
    mix: quiet(voters, stretch, endMs),
    observe: (world, driver) => {
      let firstTerm = 0
      driver.after(startMs, () => {
        firstTerm = latestTerm(world)
        new Starvation(driver, new Random(seed, 'starvation'), waitsMs, endMs - startMs)
      })
      driver.onCalm = () => {
        const writes = world.operations.all.filter(({ kind, outcome }) => kind === 'write' && outcome === 'done')
        seen = { terms: latestTerm(world) - firstTerm, writes: writes.length }
      }
    },
  })
  expect(violations).toEqual([])
  return seen
}

/** How long after its leader has crashed a room has another, in each seed. */
function recoveries(stretch: number, before: (driver: Driver, seed: number) => void): number[] {
  return seeds.map(seed => {
    let tookMs = Number.NaN
    simulate(seed, {
      mix: quiet(5, stretch, 100_000),
      observe: (world, driver) => {
        before(driver, seed)
        const leads = (): boolean => world.nodes.some(({ isUp, status }) => isUp && status?.role === 'leader')
        driver.after(30_000, () => {
          for (const { isUp, status, index } of world.nodes) {
            if (isUp && status?.role === 'leader') driver.act({ type: 'crash', node: index, keep: 0 })
          }
          const crashedAt = world.now
          const look = (): void => {
            if (leads()) tookMs = world.now - crashedAt
            else driver.after(1, look)
          }
          look()
        })
      },
    })
    expect(tookMs).toBeGreaterThan(0)
    return tookMs
  })
}

describe('on a starved machine, where nobody fails', () => {
  for (const voters of [3, 7]) {
    for (const waitsMs of [750, 1_500, 3_000]) {
      test(`${voters} nodes that wait up to ${waitsMs} ms for their turn begin few terms, and go on writing`, () => {
        const stretched = seeds.map(seed => starve(seed, voters, waitsMs, 8))
        const control = seeds.map(seed => starve(seed, voters, waitsMs, 1))
        const sum = (runs: readonly { terms: number }[]): number => runs.reduce((all, { terms }) => all + terms, 0)
        // Learning how slow it is may cost a leader or two; from then on none.
        for (const { terms } of stretched) expect(terms).toBeLessThanOrEqual(5)
        expect(sum(stretched) * 8).toBeLessThan(sum(control))
        const written = (runs: readonly { writes: number }[]): number =>
          runs.reduce((all, { writes }) => all + writes, 0)
        expect(written(stretched)).toBeGreaterThan(written(control))
      })
    }
  }

  test('a leader that does crash is replaced within the bound that the stretch sets', () => {
    const starved = recoveries(8, (driver, seed) =>
      driver.after(5_000, () => new Starvation(driver, new Random(seed, 'starvation'), 1_500, 90_000)),
    )
    // Whoever was late listens once more: two timers of at most twice the longest timeout, and what the votes take.
    for (const tookMs of starved) expect(tookMs).toBeLessThan(5 * 8 * electionTimeoutMs)
  })
})

test('on a quiet machine a leader that crashes is replaced exactly as soon as by nodes that stretch nothing', () => {
  expect(recoveries(8, () => undefined)).toEqual(recoveries(1, () => undefined))
})
