/** Nobody fails, but every page is late: what that costs a room of real nodes, beside one whose election timeouts never change. */
import { describe, expect, test } from 'vitest'
import { faultKinds, type RuntimeMix } from './mix.ts'
import { simulateRuntime } from './run.ts'

const quiet =
  (tabs: number, turnsWithinMs: number, electionTimeoutStretch: number) =>
  (drawn: RuntimeMix): RuntimeMix => ({
    ...drawn,
    tabs,
    latecomers: 0,
    remoteClients: 0,
    electionTimeoutMs: 750,
    raft: { electionTimeoutStretch },
    autopilot: { maxVoters: 5 },
    network: { leastMs: 1, typicalMs: 1, loss: 0, duplication: 0 },
    disk: { leastMs: 1, typicalMs: 3 },
    faultEveryMs: 1e12,
    faultWeights: { ...drawn.faultWeights, ...Object.fromEntries(faultKinds.map(kind => [kind, 0])) },
    requestEveryMs: 1e12,
    thinkMs: 300,
    burst: 0,
    timeoutMs: 10_000,
    faultsMs: 60_000,
    hasNight: false,
    hasNeighbour: false,
    turnsWithinMs,
    minorityStaysFaulty: false,
  })

describe('on a starved machine, where nobody fails', () => {
  for (const tabs of [3, 7]) {
    for (const turnsWithinMs of [1_000, 2_000]) {
      test(`${tabs} tabs that wait up to ${turnsWithinMs} ms for their turns begin few terms`, async () => {
        let stretched = 0
        let control = 0
        for (const seed of [1, 2, 3]) {
          const run = await simulateRuntime(seed, { mix: quiet(tabs, turnsWithinMs, 8) })
          expect(run.violations).toEqual([])
          expect(run.term).toBeLessThanOrEqual(6)
          stretched += run.term
          const beside = await simulateRuntime(seed, { mix: quiet(tabs, turnsWithinMs, 1) })
          control += beside.term
        }
        expect(stretched * 3).toBeLessThan(control)
      })
    }
  }
})
