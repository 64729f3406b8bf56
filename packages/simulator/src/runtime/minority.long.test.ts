import { describe, expect, test } from 'vitest'
import type { RuntimeMarkName } from './marks.ts'
import type { RuntimeMix } from './mix.ts'
import { simulateRuntime } from './run.ts'

/** What went wrong in these seeds, and which rare situations they came across. */
async function days(seeds: number, mix: (drawn: RuntimeMix) => RuntimeMix) {
  const reached = new Set<RuntimeMarkName>()
  const failures: string[] = []
  for (let seed = 1; seed <= seeds; seed++) {
    const { marks, violations } = await simulateRuntime(seed, { mix })
    for (const name of marks.keys()) reached.add(name)
    for (const { property, detail } of violations) failures.push(`seed ${seed}: ${property}: ${detail}`)
  }
  return { reached, failures }
}

describe('a room goes on', () => {
  test('without a minority that nobody repairs, whoever that is', async () => {
    const { reached, failures } = await days(40, drawn => ({
      ...drawn,
      tabs: 5,
      // Who is gone from a shared browser leaves its disk to the others: who is needed cannot be told there.
      tabsPerDevice: 1,
      electionTimeoutMs: 300,
      raft: { ...drawn.raft, electionTimeoutMs: 300, heartbeatIntervalMs: 60, preVote: true },
      autopilot: { ...drawn.autopilot, maxVoters: 5, deadAfterMs: 3_000 },
      faultEveryMs: 1e9,
      hasNight: false,
      faultsMs: 3_000,
      minorityStaysFaulty: true,
    }))
    expect(failures).toEqual([])
    expect([...reached]).toEqual(
      expect.arrayContaining(['converged though a leader stayed faulty', 'converged though a voter stayed faulty']),
    )
  })

  // A leader that had become mute was heard all the same by whom a server linked it to, and led on; the others heard nobody.
  test('without those of it that nobody hears any more, though a server carries what they say', async () => {
    const { reached, failures } = await days(40, drawn => ({
      ...drawn,
      tabs: 3,
      latecomers: 0,
      tabsPerDevice: 1,
      electionTimeoutMs: 300,
      raft: { ...drawn.raft, electionTimeoutMs: 300, heartbeatIntervalMs: 60, preVote: true },
      autopilot: { ...drawn.autopilot, maxVoters: 3, deadAfterMs: 3_000 },
      network: { ...drawn.network, apart: 0.5, serverCarries: true },
      faultEveryMs: 1e9,
      hasNight: false,
      faultsMs: 1_500,
      minorityStaysFaulty: true,
    }))
    expect(failures).toEqual([])
    expect(reached).toContain('link carried by a server')
    expect(reached).toContain('converged though a leader stayed faulty')
  })

  test('when disks are lost one after the other, and their tabs come back as others', async () => {
    const { reached, failures } = await days(10, drawn => ({
      ...drawn,
      tabs: 5,
      faultEveryMs: 2 * drawn.electionTimeoutMs,
      faultWeights: { ...drawn.faultWeights, vanish: 20 },
      minorityStaysFaulty: false,
    }))
    expect(failures).toEqual([])
    expect(reached).toContain('identity lost with its disk')
    expect(reached).toContain('disk lost under a running node')
  })
})
