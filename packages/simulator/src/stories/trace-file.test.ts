import { judge, readTrace } from '@flotilla/trace'
import { describe, expect, it } from 'vitest'
import { plantedBugs } from '../planted/bugs.ts'
import { hunt, optionsFor } from '../planted/hunt.ts'
import { record } from './replay.ts'
import { traceFile } from './trace-file.ts'

const brokenIn = (file: string): readonly string[] =>
  judge(readTrace(file)).flatMap(({ property, violations }) => (violations.length > 0 ? [property] : []))

describe('the trace file of a simulated run', () => {
  it.each([
    ['votedFor is lost on restart', 'One vote a term'],
    ['commits entries of previous terms by counting replicas', 'Only the own term is counted'],
  ])('shows by itself what broke: %s', async (name, property) => {
    const bug = plantedBugs.find(each => each.name === name)
    if (bug === undefined) throw new Error(`no bug is called «${name}»`)
    const options = await optionsFor(bug)
    const caught = hunt(options, 1, 1_000)
    if (caught === undefined) throw new Error('no seed shows it')
    const recording = record(caught.seed, options)
    const file = traceFile({ recording, happenings: recording.happenings }, options, [name])
    expect(readTrace(file).modified).toEqual([name])
    expect(brokenIn(file)).toContain(property)
  })

  it('raises no alarm over a run in which nothing broke', () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const recording = record(seed)
      expect(brokenIn(traceFile({ recording, happenings: recording.happenings }))).toEqual([])
    }
  })
})
