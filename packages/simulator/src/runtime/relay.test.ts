/**
 * Two tabs of one browser, of which one closes right after the other has opened, again and again: few seeds of the sweep meet
 * the moment in which the only voter leaves while the other is being made one. These do.
 */
import { expect, test } from 'vitest'
import { faultKinds, type RuntimeMix } from './mix.ts'
import { simulateRuntime } from './run.ts'

const onlyRelays = (mix: RuntimeMix): RuntimeMix => ({
  ...mix,
  tabs: 2,
  latecomers: 0,
  remoteClients: 0,
  tabsPerDevice: 2,
  electionTimeoutMs: 300,
  raft: { ...mix.raft, electionTimeoutMs: 300, heartbeatIntervalMs: 60 },
  autopilot: { ...mix.autopilot, maxVoters: 3, minVoters: 1 },
  network: { leastMs: 20, typicalMs: 40, loss: 0, duplication: 0 },
  faultEveryMs: 1_500,
  faultLastsMs: 1_500,
  faultsMs: 15_000,
  faultWeights: { ...mix.faultWeights, ...Object.fromEntries(faultKinds.map(kind => [kind, 0])), relay: 1 },
  requestEveryMs: 1e9,
  thinkMs: 3_000,
  hasNight: false,
  hasNeighbour: false,
  minorityStaysFaulty: false,
})

test('a browser whose tabs relieve each other goes on, as whichever node is needed', { timeout: 180_000 }, async () => {
  const reached = new Set<string>()
  for (let seed = 1; seed <= 40; seed++) {
    const { violations, marks } = await simulateRuntime(seed, { mix: onlyRelays })
    expect(violations, `seed ${seed}`).toEqual([])
    for (const [name, count] of marks) if (count > 0) reached.add(name)
  }
  expect(reached).toContain('tab became another node')
  expect(reached).toContain('tab stood in for a voter that had left')
})
