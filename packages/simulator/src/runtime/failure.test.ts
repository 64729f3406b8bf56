import { expect, test } from 'vitest'
import { tellRoomFailure } from './failure.ts'
import type { ReplayOptions } from './replayable.ts'
import type { TabCluster } from './room.ts'
import { simulateRuntime } from './run.ts'

test('a failure is told with few faults, and ends with what is wrong', async () => {
  // Never starts again after a crash.
  const cluster = (node: TabCluster): TabCluster =>
    new Proxy(node, {
      get(target, name) {
        if (name === 'crash') return () => target.close()
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  const few = { kill: 0, killEverybody: 0, fuse: 0, leave: 0, crash: 2 }
  const { summary, lines } = await tellRoomFailure(5, (seed: number, options: ReplayOptions = {}) =>
    simulateRuntime(seed, {
      ...options,
      plants: { cluster },
      mix: drawn => ({ ...drawn, faultEveryMs: 300, faultsMs: 6_000, faultWeights: { ...drawn.faultWeights, ...few } }),
    }),
  )
  expect(summary).toMatch(/\d+ faults and requests, 1 of which are enough \(crash\)/)
  expect(lines.some(line => line.includes('crashes its node'))).toBe(true)
  expect(lines.at(-1)).toContain('Liveness')
})
