import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { lessons } from '../lessons/lessons.ts'
import { sceneAfter } from '../lessons/scene.ts'
import { Run } from './run.ts'
import { perform } from './script.ts'
import { runSetup } from './setup.ts'
import { readShared, type SharedRun, ShareError, shareRun } from './share.ts'
import { loadSwitches } from './switchable-raft.ts'

beforeAll(loadSwitches)

const sharedOf = (run: Run): SharedRun => ({
  setup: run.setup,
  moves: run.moves,
  step: run.latest.index,
  until: run.now,
})

/** What can be seen of a run. */
const told = (run: Run) =>
  run.steps.map(({ at, node, occurrence, trace }) => ({ at, node, type: occurrence.type, trace }))

async function remade(text: string): Promise<Run> {
  const { setup, moves, until } = await readShared(text)
  const { run, skipped } = Run.of(setup, moves)
  expect(skipped).toBe(0)
  run.playTo(until)
  return run
}

const refusal = (text: string): Promise<unknown> =>
  readShared(text).then(
    () => 'taken',
    (error: unknown) => (error instanceof ShareError ? error.kind : error),
  )

describe('a shared run', () => {
  it('is the same run event for event, and every lesson fits into a link of 2,000 characters', async () => {
    for (const lesson of lessons) {
      const { run } = sceneAfter(lesson, lesson.steps.length)
      const text = await shareRun(sharedOf(run))
      expect(text.length, lesson.title).toBeLessThan(2_000)
      expect(told(await remade(text)), lesson.title).toEqual(told(run))
    }
  })

  it('keeps messages that were handled one by one', async () => {
    const run = new Run(runSetup({ nodes: 3, seed: 7 }))
    perform(run, [
      { type: 'timeout', nodes: ['S2'] },
      { type: 'play', ms: 3 },
      { type: 'message', deed: 'duplicate', kind: 'RequestVote' },
      { type: 'message', deed: 'hold', kind: 'RequestVote' },
      { type: 'play', ms: 40 },
      { type: 'write', node: 'S2', key: 1 },
      { type: 'play', ms: 100 },
    ])
    expect(run.moves.length).toBeGreaterThan(3)
    expect(told(await remade(await shareRun(sharedOf(run))))).toEqual(told(run))
  })

  it('says in words what is wrong with a link', async () => {
    const text = await shareRun(sharedOf(new Run(runSetup({ nodes: 5 }))))
    expect(await refusal(text.slice(0, -4))).toBe('CutShort')
    expect(await refusal(text.replace(/.$/, letter => (letter === 'A' ? 'B' : 'A')))).toBe('CutShort')
    expect(await refusal(text.replace(/^1\./, '9.'))).toBe('NewerVersion')
    expect(await refusal('')).toBe('Malformed')
    expect(await refusal('<script>')).toBe('Malformed')
    expect(await refusal('1.'.padEnd(1 << 17, 'A'))).toBe('TooLong')
  })

  it('refuses what unfolds to something else than a run, or to very much', async () => {
    const shared = sharedOf(new Run(runSetup({ nodes: 3 })))
    const other = { ...shared, setup: { ...shared.setup, nodes: 40 } }
    expect(await refusal(await shareRun(other))).toBe('Malformed')
    const backwards = {
      ...shared,
      moves: [5, 2].map(after => ({ after, at: after, move: { type: 'healAll' as const } })),
    }
    expect(await refusal(await shareRun(backwards))).toBe('Malformed')
    const bomb = {
      ...shared,
      moves: Array.from({ length: 40_000 }, () => ({ after: 0, at: 0, move: { type: 'healAll' as const } })),
    }
    expect(await refusal(await shareRun(bomb))).toBe('TooLong')
  })

  it('is a run or says why not, whatever the text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 60 }), async text => {
        expect(await refusal(`1.${text}`)).not.toBe('taken')
      }),
    )
  })
})
