import { describe, expect, test } from 'vitest'
import type { RuntimeMix } from './mix.ts'
import { simulateRuntime } from './run.ts'

/** Signalling that lies would keep the member from those whom it could poison. */
const poisoned = (drawn: RuntimeMix): RuntimeMix => ({
  ...drawn,
  tabs: Math.max(3, drawn.tabs),
  network: { ...drawn.network, lies: 0 },
  hasPoisoner: true,
})

describe('a member that speaks of terms that nobody has reached', () => {
  test('neither breaks agreement nor keeps the room from having a leader again, on the worst of days', async () => {
    let poisonings = 0
    for (let seed = 1; seed <= 12; seed++) {
      const { marks, violations } = await simulateRuntime(seed, { mix: poisoned })
      expect(violations, `seed ${seed}`).toEqual([])
      if (marks.has('term poisoned')) poisonings += 1
    }
    expect(poisonings).toBeGreaterThan(8)
  })
})
