import { describe, test } from 'vitest'
import { clockConformance } from '../conformance/clock.ts'
import { systemClock } from './system-clock.ts'

describe('the system clock keeps what every clock promises', () => {
  for (const { name, run } of clockConformance) test(name, () => run(systemClock()))
})
