import { expect, test } from 'vitest'
import { simulateRuntime } from './run.ts'
import { sweepRooms } from './sweep.ts'

test('what was thrown where nobody catches fails the seed', async () => {
  const thrown = [undefined, new Error('out of the blue')]
  const { seeds, failures } = await sweepRooms(simulateRuntime, 1, 2, () => thrown.shift())
  expect(seeds).toBe(2)
  expect(failures).toMatchObject([{ seed: 2, property: 'Uncaught Error' }])
  expect(failures[0]?.detail).toContain('out of the blue')
})
