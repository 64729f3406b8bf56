import { describe, expect, test } from 'vitest'
import { faultKinds, type RuntimeMix } from './mix.ts'
import { simulateRuntime } from './run.ts'

/** Nothing is wrong but that everybody is far away. */
const far = (drawn: RuntimeMix): RuntimeMix => ({
  ...drawn,
  tabs: 3,
  latecomers: 0,
  remoteClients: 0,
  electionTimeoutMs: 750,
  raft: { electionTimeoutMs: 750, heartbeatIntervalMs: 100 },
  // The autopilot leaves it to whoever asks.
  autopilot: { maxVoters: 1 },
  network: { leastMs: 75, typicalMs: 1, loss: 0, duplication: 0 },
  disk: { leastMs: 1, typicalMs: 3 },
  faultEveryMs: 1e12,
  faultWeights: { ...drawn.faultWeights, ...Object.fromEntries(faultKinds.map(kind => [kind, 0])) },
  requestEveryMs: 1e12,
  faultsMs: 15_000,
  hasNight: false,
  hasNeighbour: false,
  turnsWithinMs: 0,
  minorityStaysFaulty: false,
})

describe('with links of 75 ms each way', () => {
  test('a node that is asked to make others voters does, and leads on', async () => {
    for (let seed = 1; seed <= 3; seed++) {
      const outcomes: string[] = []
      let voters = 0
      const { violations, term } = await simulateRuntime(seed, {
        mix: far,
        plants: {
          cluster: cluster => {
            cluster.on('status', () => {
              voters = Math.max(voters, cluster.status().members.filter(({ voter }) => voter).length)
            })
            cluster.on('peer', ({ peer, up }) => {
              if (!up || cluster.status().role !== 'leader') return
              cluster.addMember(peer, 'voter').then(
                () => outcomes.push('added'),
                error => outcomes.push(String(error)),
              )
            })
            return cluster
          },
        },
      })
      expect(violations).toEqual([])
      expect(outcomes).toEqual(['added', 'added'])
      expect(voters).toBe(3)
      expect(term).toBe(2)
    }
  })
})
