import { expect, test } from 'vitest'
import { shrink } from '../stories/shrink.ts'
import { diskBugs } from './disk-bugs.ts'
import { hunt, optionsFor } from './hunt.ts'

for (const bug of diskBugs) {
  test(`a host that ${bug.name} is caught, and told in a short story`, async () => {
    const options = await optionsFor(bug)
    const found = hunt(options, 1, 500)
    expect(bug.caughtBy).toContain(found?.property)
    const shrunk = shrink(found?.seed ?? 0, options)
    expect(shrunk?.happenings.length).toBeLessThanOrEqual(60)
  })
}
