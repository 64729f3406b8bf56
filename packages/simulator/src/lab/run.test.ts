import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Move } from './move.ts'
import { inFewDigits, Run } from './run.ts'
import { perform } from './script.ts'
import { runSetup } from './setup.ts'
import { loadSwitches } from './switchable-raft.ts'

beforeAll(loadSwitches)

const told = (run: Run) =>
  run.steps.map(({ index, at, node, occurrence, trace }) => ({ index, at, node, occurrence, trace }))

function busyRun(seed = 1): Run {
  const run = new Run(runSetup({ seed, nodes: 5 }))
  run.playTo(400)
  run.act({
    type: 'write',
    node: run.steps.findLast(({ trace }) => trace.some(t => t.type === 'leader'))?.node ?? 'S1',
    key: 0,
  })
  run.playTo(450)
  run.act({ type: 'crash', node: 'S2', flushed: false })
  run.act({
    type: 'partition',
    groups: [
      ['S1', 'S3'],
      ['S4', 'S5'],
    ],
  })
  run.playTo(900)
  run.act({ type: 'restart', node: 'S2', emptied: false })
  run.act({ type: 'healAll' })
  run.playTo(1_500)
  return run
}

describe('a run', () => {
  test('made again from its setup and moves is the same run, event for event', () => {
    const run = busyRun()
    const { run: again, skipped } = Run.of(run.setup, run.moves)
    again.playTo(run.now)
    expect(skipped).toBe(0)
    expect(told(again)).toEqual(told(run))
  })

  test('that was made again from its moves makes them at the very same times, over and over', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), at => {
        const once = inFewDigits(at)
        expect(once).toBeGreaterThanOrEqual(at)
        expect(once - at).toBeLessThan(0.0011)
        expect(inFewDigits(once)).toBe(once)
        expect(inFewDigits(JSON.parse(JSON.stringify(once)))).toBe(once)
      }),
    )
    expect(inFewDigits(258.927)).toBe(258.927)
  })

  test('forked at any event is the same up to there, and both go on', () => {
    const run = busyRun()
    const before = told(run)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: run.steps.length - 1 }), place => {
        const at = run.steps[place]?.at ?? 0
        const fork = run.fork(place, at)
        const kept = fork.steps.length
        expect(told(fork)).toEqual(before.slice(0, kept))
        expect(kept - 1 - place).toBeLessThanOrEqual(0)
        fork.step()
      }),
      { numRuns: 20 },
    )
    expect(told(run)).toEqual(before)
  })

  test('names as the cause of each event an earlier one that did what it says', () => {
    const run = busyRun(3)
    for (const { cause, index, node } of run.steps) {
      if (cause.type === 'none') continue
      const origin = run.steps[cause.step]
      expect(cause.step).toBeLessThanOrEqual(index)
      if (cause.type === 'message') expect(origin?.sent.map(({ name }) => name)).toContain(cause.letter.name)
      if (cause.type === 'timer' && cause.step > 0) expect(origin?.node).toBe(node)
      if (cause.type === 'disk') expect(origin?.trace.some(({ type }) => type === 'persisting')).toBe(true)
    }
  })

  test('breaks no property, whatever is done to its nodes, links and messages', () => {
    const ids = ['S1', 'S2', 'S3', 'S4', 'S5']
    const id = fc.constantFrom(...ids)
    const move: fc.Arbitrary<Move | undefined> = fc.oneof(
      fc.record({ type: fc.constant('timeout' as const), nodes: fc.array(id, { minLength: 1, maxLength: 2 }) }),
      fc.record({ type: fc.constant('crash' as const), node: id, flushed: fc.boolean() }),
      fc.record({ type: fc.constant('restart' as const), node: id, emptied: fc.constant(false) }),
      fc.record({ type: fc.constant('freeze' as const), node: id }),
      fc.record({ type: fc.constant('thaw' as const), node: id }),
      fc.record({ type: fc.constant('cut' as const), from: id, to: id }),
      fc.record({ type: fc.constant('write' as const), node: id, key: fc.integer({ min: 0, max: 3 }) }),
      fc.record({ type: fc.constant('read' as const), node: id, key: fc.constant(0), local: fc.constant(false) }),
      fc.record({ type: fc.constant('clock' as const), node: id, rate: fc.constantFrom(0.5, 1, 2) }),
      fc.record({ type: fc.constant('compact' as const), node: id }),
      fc.record({ type: fc.constant('transfer' as const), node: id, to: id }),
      fc.constant({ type: 'healAll' } as const),
      fc.constant(undefined),
    )
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), fc.array(move, { maxLength: 40 }), (seed, moves) => {
        const run = new Run(runSetup({ seed, nodes: 5 }))
        for (const each of moves) {
          if (each !== undefined) run.act(each)
          run.playTo(run.now + 60)
        }
        expect(run.steps.flatMap(({ violations }) => violations)).toEqual([])
      }),
      { numRuns: 30 },
    )
  })

  test('knows the message that was held, and delivers it only when it is let go', () => {
    const run = new Run(runSetup({ nodes: 3, tuning: { elections: 'manual' } }))
    const stuck = perform(run, [
      { type: 'timeout', nodes: ['S1'] },
      { type: 'play', ms: 4 },
      { type: 'message', deed: 'hold', kind: 'RequestVote', to: 'S2' },
      { type: 'play', ms: 500 },
    ])
    expect(stuck).toBeUndefined()
    const held = run.latest.letters.find(({ held }) => held)
    expect(held?.to).toBe('S2')
    expect(run.node('S2')?.votedFor).toBeUndefined()
    run.act({ type: 'deliver', message: held?.name ?? '' })
    expect(run.latest.cause).toMatchObject({ type: 'message', step: held?.sentIn })
    expect(run.latest.trace.some(({ type }) => type === 'vote')).toBe(true)
  })

  test('says why a move cannot be made, and is not changed by it', () => {
    const run = new Run(runSetup({ nodes: 3 }))
    expect(run.act({ type: 'restart', node: 'S1', emptied: false })?.reason).toBe('S1 is running.')
    expect(run.act({ type: 'drop', message: '99' })?.reason).toBe('This message is not on its way any more.')
    expect(run.act({ type: 'crash', node: 'S7', flushed: true })?.reason).toBe('There is no S7.')
    expect(run.steps).toHaveLength(1)
    expect(run.moves).toHaveLength(0)
  })

  test('under other rules makes the same moves, and passes over what cannot be done there', () => {
    const run = busyRun()
    const { run: other } = run.under({ off: ['ownTermCommit'] })
    expect(other.setup.off).toEqual(['ownTermCommit'])
    expect(other.moves.map(({ move }) => move.type)).toEqual(run.moves.map(({ move }) => move.type))
    expect(other.now).toBe(run.now)
  })
})
