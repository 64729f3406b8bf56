import { expect, test } from 'vitest'
import { type Expectation, holds } from './expectation.ts'
import type { Happening } from './happening.ts'
import { Run } from './run.ts'
import { type Instruction, perform } from './script.ts'
import { runSetup } from './setup.ts'

const elect = (node: string): readonly Instruction[] => [{ type: 'timeout', nodes: [node] }, { type: 'settle' }]
const gone = (node: string): readonly Instruction[] => [
  { type: 'crash', node, flushed: true },
  { type: 'play', ms: 200 },
]

function played(...parts: readonly (readonly Instruction[])[]): Run {
  const run = new Run(runSetup({ nodes: 3, tuning: { elections: 'manual' } }))
  expect(perform(run, parts.flat())).toBeUndefined()
  return run
}

const isSo = (run: Run, ...expected: readonly Expectation[]): readonly boolean[] =>
  expected.map(each => holds(run, each))
const happened = (run: Run, ...happenings: readonly Happening[]): boolean => holds(run, { happened: happenings })

test('a term can be asked for at least, and a log by how it begins', () => {
  const run = played(elect('S1'), gone('S1'), elect('S2'), [{ type: 'write', node: 'S2', key: 0 }])
  const node = 'S2'
  expect(isSo(run, { node, termAtLeast: 1 }, { node, termAtLeast: 2 }, { node, termAtLeast: 3 })).toEqual([
    true,
    true,
    false,
  ])
  expect(isSo(run, { node, logBegins: [] }, { node, logBegins: [1, 2] }, { node, log: [1, 2] })).toEqual([
    true,
    true,
    false,
  ])
  expect(isSo(run, { node, logBegins: [2] }, { node, logBegins: [1, 2, 2, 2] })).toEqual([false, false])
})

test('logs can be the same, links cut, and one of several things enough', () => {
  const run = played(elect('S1'), [
    { type: 'cut', from: 'S1', to: 'S3' },
    { type: 'write', node: 'S1', key: 0 },
  ])
  const later = played(elect('S1'), [{ type: 'write', node: 'S1', key: 0 }, { type: 'settle' }])
  const all: Expectation = { sameLog: ['S1', 'S2', 'S3'] }
  expect([holds(run, all), holds(later, all)]).toEqual([false, true])
  const there: Expectation = { cut: [{ from: 'S1', to: 'S3' }] }
  const back: Expectation = { cut: [{ from: 'S3', to: 'S1' }] }
  const both: Expectation = {
    cut: [
      { from: 'S1', to: 'S3' },
      { from: 'S3', to: 'S1' },
    ],
  }
  expect(isSo(run, there, back, both)).toEqual([true, false, false])
  expect(isSo(run, { any: [back, there] }, { any: [back, both] }, { any: [] })).toEqual([true, false, false])
})

test('what happened is asked for in its order', () => {
  const run = played(elect('S1'), gone('S1'), elect('S2'))
  expect(happened(run, { type: 'led', node: 'S1' }, { type: 'crashed', node: 'S1' }, { type: 'led', node: 'S2' })).toBe(
    true,
  )
  expect(happened(run, { type: 'stood', node: 'S2' }, { type: 'crashed', node: 'S1' })).toBe(false)
  expect(happened(run, { type: 'crashed', node: 'S1' }, { type: 'committed', index: 2 })).toBe(true)
  expect(happened(run, { type: 'committed', index: 3 })).toBe(false)
  expect(happened(run, { type: 'emptied', node: 'S1' })).toBe(false)
  expect(happened(run, { type: 'invited', node: 'S2' })).toBe(false)
})

test('a disk that was emptied, a leader that invited another, and members that come and go are told', () => {
  const run = played(elect('S1'), gone('S2'), [
    { type: 'restart', node: 'S2', emptied: true },
    { type: 'play', ms: 100 },
    { type: 'transfer', node: 'S1', to: 'S3' },
    { type: 'play', ms: 200 },
    { type: 'change', node: 'S3', changes: [{ type: 'remove', id: 'S1' }] },
    { type: 'settle' },
  ])
  expect(
    happened(run, { type: 'emptied', node: 'S2' }, { type: 'invited', node: 'S3' }, { type: 'led', node: 'S3' }),
  ).toBe(true)
  expect(happened(run, { type: 'removed', node: 'S1' })).toBe(true)
  expect(happened(run, { type: 'removed', node: 'S2' })).toBe(false)
  expect(happened(run, { type: 'removed', node: 'S1' }, { type: 'added', node: 'S1' })).toBe(false)
})

test('a read waits until its leader has asked', () => {
  const run = played(elect('S1'), [{ type: 'read', node: 'S1', key: 0, local: false }])
  expect(isSo(run, { readsWaiting: 1 }, { readsWaiting: 2 }, { readsAnswered: 1 })).toEqual([true, false, false])
  expect(perform(run, [{ type: 'play', ms: 100 }])).toBeUndefined()
  expect(isSo(run, { readsWaiting: 1 }, { readsAnswered: 1 })).toEqual([false, true])
})

test('a write counts when it is answered, and a read only when others were asked', () => {
  const local = played(elect('S1'), [{ type: 'read', node: 'S1', key: 0, local: true }])
  expect(isSo(local, { readsAnswered: 1 }, { happened: [{ type: 'read' }] })).toEqual([true, false])
  const asked = played(elect('S1'), [
    { type: 'read', node: 'S1', key: 0, local: false },
    { type: 'play', ms: 100 },
  ])
  expect(happened(asked, { type: 'read' })).toBe(true)
  const writing = played(elect('S1'), [{ type: 'write', node: 'S1', key: 0 }])
  expect(happened(writing, { type: 'written' })).toBe(false)
  expect(perform(writing, [{ type: 'settle' }])).toBeUndefined()
  expect(happened(writing, { type: 'written' })).toBe(true)
  expect(happened(writing, { type: 'written' }, { type: 'written' })).toBe(false)
})
