/** `npm run bugs` hunts all of them; here, that each still fits core's sources, and that the quickly found are found. */
import { describe, expect, test } from 'vitest'
import { plantedBugs } from './bugs.ts'
import { hunt, optionsFor } from './hunt.ts'
import { patchedSources } from './patched-core.ts'

const upTo = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i)

describe('the known bugs of Raft', () => {
  test('are all there', () => {
    const numbers = new Set(plantedBugs.map(({ number }) => number))
    // Those between are mistakes of hosts with bad disks: disk-bugs.test.ts.
    expect([...numbers].sort((a, b) => a - b)).toEqual([...upTo(1, 42), ...upTo(46, 68)])
  })

  for (const { number, name, patches } of plantedBugs) {
    test(`${number} fits core's sources: ${name}`, () => {
      for (const [file, text] of patchedSources(patches)) expect(text.length, file).toBeGreaterThan(0)
    })
  }

  // One of each kind: a vote, a leader, the log, the disk, the configuration.
  for (const number of [1, 7, 15, 18, 22, 34]) {
    test(`${number} is caught by a property that names it`, async () => {
      const bug = plantedBugs.find(each => each.number === number)
      expect(bug).toBeDefined()
      if (bug === undefined) return
      expect(bug.caughtBy).toContain(hunt(await optionsFor(bug), 1, 500)?.property)
    })
  }
})
