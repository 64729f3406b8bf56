import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Move } from './move.ts'
import type { RuleId } from './rules.ts'
import { checkpointEvery, Run } from './run.ts'
import { runSetup } from './setup.ts'
import { loadSwitches } from './switchable-raft.ts'

beforeAll(loadSwitches)

const ids = ['S1', 'S2', 'S3', 'S4', 'S5']
const id = fc.constantFrom(...ids)
const move: fc.Arbitrary<Move | undefined> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('write' as const), node: id, key: fc.nat({ max: 3 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('read' as const),
      node: id,
      key: fc.nat({ max: 3 }),
      local: fc.boolean(),
    }),
  },
  fc.record({ type: fc.constant('timeout' as const), nodes: fc.array(id, { minLength: 1, maxLength: 1 }) }),
  fc.record({ type: fc.constant('crash' as const), node: id, flushed: fc.boolean() }),
  fc.record({ type: fc.constant('restart' as const), node: id, emptied: fc.boolean() }),
  fc.record({ type: fc.constant('freeze' as const), node: id }),
  fc.record({ type: fc.constant('thaw' as const), node: id }),
  fc.record({ type: fc.constant('cut' as const), from: id, to: id }),
  fc.record({ type: fc.constant('clock' as const), node: id, rate: fc.constantFrom(0.5, 1, 2) }),
  fc.record({ type: fc.constant('compact' as const), node: id }),
  fc.record({ type: fc.constant('transfer' as const), node: id, to: id }),
  fc.record({
    type: fc.constant('change' as const),
    node: id,
    changes: fc.tuple(
      fc.record({ type: fc.constantFrom('addVoter' as const, 'demote' as const, 'remove' as const), id }),
    ),
  }),
  fc.record({ type: fc.constant('hold' as const), message: fc.integer({ min: 1, max: 900 }).map(String) }),
  fc.record({ type: fc.constant('duplicate' as const), message: fc.integer({ min: 1, max: 900 }).map(String) }),
  fc.constant({ type: 'healAll' } as const),
  fc.constant(undefined),
)
const rules: fc.Arbitrary<readonly RuleId[]> = fc.constantFrom([], [], ['ownTermCommit'], ['oneVote', 'askBeforeRead'])

function played(seed: number, off: readonly RuleId[], moves: readonly (Move | undefined)[]): Run {
  const run = new Run(runSetup({ seed, nodes: 5, off }))
  for (const each of moves) {
    if (each !== undefined) run.act(each)
    run.playTo(run.now + 45)
  }
  while (run.steps.length < 3 * checkpointEvery) if (run.step() === undefined) break
  return run
}

describe('a checkpoint', () => {
  test('is the very cluster that is made again from the beginning: the same past, present and future', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 1_000 }),
        rules,
        fc.array(move, { maxLength: 40 }),
        fc.nat(),
        fc.array(move, { maxLength: 6 }),
        (seed, off, moves, where, after) => {
          const run = played(seed, off, moves)
          const step = where % run.steps.length
          const at = run.steps[step]?.at ?? 0
          const fork = run.fork(step, at)
          const scratch = Run.of(run.setup, run.moves, { step, at }).run
          expect(fork.moves).toEqual(scratch.moves)
          for (const each of after) {
            if (each !== undefined) expect(fork.act(each)).toEqual(scratch.act(each))
            fork.playTo(fork.now + 60)
            scratch.playTo(scratch.now + 60)
          }
          expect(fork.steps).toEqual(scratch.steps)
          for (const node of ids) expect(fork.node(node)).toEqual(scratch.node(node))
        },
      ),
      { numRuns: 25 },
    )
  })

  test('is not touched by what is done in a fork, and forks of forks do not meet', () => {
    const run = played(7, [], [{ type: 'write', node: 'S1', key: 0 }])
    const before = run.steps.map(({ trace }) => trace)
    const step = 2 * checkpointEvery + 20
    const at = run.steps[step]?.at ?? 0
    const one = run.fork(step, at)
    one.act({ type: 'crash', node: 'S1', flushed: false })
    one.playTo(one.now + 2_000)
    const other = run.fork(step, at)
    const third = one.fork(step, at)
    for (const fork of [other, third]) fork.playTo(fork.now + 500)
    expect(third.steps).toEqual(other.steps)
    expect(run.steps.map(({ trace }) => trace)).toEqual(before)
    run.playTo(run.now + 500)
    expect(run.steps.slice(0, other.steps.length)).toEqual(other.steps.slice(0, run.steps.length))
  })
})

test('a move that is refused does not move the time either', () => {
  const run = new Run(runSetup({ nodes: 3 }))
  run.playTo(20)
  const { now } = run
  run.act({ type: 'drop', message: '99' }, 40)
  expect(run.now).toBe(now)
})
