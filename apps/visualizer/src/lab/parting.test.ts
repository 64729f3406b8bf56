import { Run, runSetup } from '@flotilla/simulator/lab'
import { expect, test } from 'vitest'
import { differencesOf, firstDifference, isSame } from '../trace-view/comparison.ts'
import { RunHistory } from './history.ts'
import { partedAt } from './parting.ts'

const from = (id: number, step: number) => ({ id, step })
const runs = [
  { id: 1, parent: undefined },
  { id: 2, parent: from(1, 40) },
  { id: 3, parent: from(1, 25) },
  { id: 4, parent: from(2, 60) },
  { id: 5, parent: undefined },
]

test('runs part at the earliest fork between them, whichever way around', () => {
  expect(partedAt(runs, 1, 2)).toBe(40)
  expect(partedAt(runs, 2, 1)).toBe(40)
  expect(partedAt(runs, 2, 3)).toBe(25)
  expect(partedAt(runs, 4, 1)).toBe(40)
  expect(partedAt(runs, 4, 2)).toBe(60)
  expect(partedAt(runs, 4, 3)).toBe(25)
})

test('runs that have nothing in common part at their beginning', () => {
  expect(partedAt(runs, 1, 5)).toBe(0)
})

test('a fork is the same as its origin up to there, and what was done in it is all that differs', () => {
  const run = new Run(runSetup({ nodes: 3 }))
  run.playUntil(step => step.trace.some(({ type }) => type === 'leader'), 2_000)
  run.playTo(run.now + 60)
  const step = run.latest.index
  const leader = ['S1', 'S2', 'S3'].find(id => run.node(id)?.role === 'leader') ?? ''
  const fork = run.fork(step, run.now)
  fork.act({ type: 'write', node: leader, key: 0 })
  for (const each of [run, fork]) each.playTo(run.now + 30)
  const [here, there] = [new RunHistory(run), new RunHistory(fork)]
  expect(differencesOf(here.view(step), there.view(step))).toEqual([])
  const differences = differencesOf(here.view(run.latest.index), there.view(fork.latest.index))
  expect(differences.map(({ id }) => id)).toContain(leader)
  const [ours, theirs] = [
    here.view(run.latest.index).nodes.get(leader),
    there.view(fork.latest.index).nodes.get(leader),
  ]
  expect(isSame(ours, theirs)).toBe(false)
  expect(ours && theirs && firstDifference(ours, theirs)).toBe(2)
})
