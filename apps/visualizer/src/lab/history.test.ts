import { perform, Run, runSetup } from '@flotilla/simulator/lab'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reduce } from '../trace-view/reduce.ts'
import { emptyView } from '../trace-view/view.ts'
import { RunHistory } from './history.ts'
import { explain } from './why/explain.ts'

/** Lesson 3 in short: the longer log is older. */
function refusedVote(): Run {
  const run = new Run(
    runSetup({
      nodes: 3,
      tuning: { elections: 'manual' },
      disks: { S1: { term: 2, log: [1, 1, 2] }, S2: { term: 2, log: [1, 1, 2] }, S3: { term: 2, log: [1, 1, 1, 1] } },
    }),
  )
  perform(run, [{ type: 'crash', node: 'S1', flushed: true }, { type: 'timeout', nodes: ['S3'] }, { type: 'settle' }])
  return run
}

describe('the history of a run', () => {
  it('shows at any event what the trace up to there amounts to, in whatever order it is asked', () => {
    const run = new Run(runSetup({ nodes: 3 }))
    run.playTo(500)
    const history = new RunHistory(run)
    for (const step of [run.steps.length - 1, 3, 40, 0, 17]) {
      const upTo = run.steps.slice(0, step + 1).flatMap(({ trace }) => trace)
      expect(history.view(step)).toEqual(upTo.reduce(reduce, emptyView))
    }
  })

  it('of a fork is that of its run looked through from the beginning, and the origin keeps its own', () => {
    const run = new Run(runSetup({ nodes: 5 }))
    run.playTo(700)
    const history = new RunHistory(run)
    history.view(run.steps.length - 1)
    const before = [...history.landmarks]
    fc.assert(
      fc.property(fc.nat({ max: run.steps.length - 2 }), step => {
        const fork = run.fork(step, run.steps[step]?.at ?? 0)
        fork.act({ type: 'crash', node: 'S2', flushed: false })
        fork.playTo(fork.now + 300)
        const [forked, afresh] = [history.fork(fork, step), new RunHistory(fork)]
        const last = fork.steps.length - 1
        for (const at of [last, step, 0]) {
          expect(forked.view(at)).toEqual(afresh.view(at))
          expect(forked.sentence(at)?.step).toBe(afresh.sentence(at)?.step)
          expect(forked.sentence(at)?.sentence.text).toBe(afresh.sentence(at)?.sentence.text)
        }
        expect(forked.landmarks).toEqual(afresh.landmarks)
        expect(forked.bands).toEqual(afresh.bands)
        expect(forked.tenures).toEqual(afresh.tenures)
      }),
      { numRuns: 30 },
    )
    expect(history.landmarks).toEqual(before)
  })

  it('marks elections, commits and crashes where they are', () => {
    const run = new Run(runSetup({ nodes: 3 }))
    run.playTo(500)
    run.act({ type: 'crash', node: 'S1', flushed: false })
    const history = new RunHistory(run)
    history.view(run.steps.length - 1)
    for (const { kind, step } of history.landmarks) {
      const types = run.steps[step]?.trace.map(event => (event.type === 'role' ? event.role : event.type))
      expect(types).toContain(
        { election: 'leader', commit: 'committed', crash: 'crashed', violation: '', fork: '' }[kind],
      )
    }
    expect(new Set(history.landmarks.map(({ kind }) => kind))).toEqual(new Set(['election', 'commit', 'crash']))
  })

  it('finds the event of a moment', () => {
    const run = new Run(runSetup({ nodes: 3 }))
    run.playTo(400)
    const history = new RunHistory(run)
    for (const { at } of run.steps) {
      const found = run.steps[history.stepAt(at)]
      expect(found?.at).toBe(at)
      expect(run.steps[history.stepAt(at + 1e-9)]?.at).toBe(at)
    }
  })
})

describe('why', () => {
  it('names the values that were compared, the rule, and each cause back to the one who did it', () => {
    const run = refusedVote()
    const at = run.steps.findIndex(({ trace }) => trace.some(event => event.type === 'vote' && !event.granted))
    const why = explain(new RunHistory(run), at)
    expect(why?.question).toBe('Why did S2 refuse?')
    expect(why?.section).toBe('§5.4.1')
    expect(why?.comparison?.rows).toEqual([
      { what: 'last entry’s term', left: '1', sign: '<', right: '2', decides: true, terms: true },
      { what: 'last entry’s index', left: '4', sign: '', right: '3', decides: false },
    ])
    expect(why?.causes.map(({ text }) => text)).toEqual([
      'S2 got RequestVote of term 3 from S3',
      'S3’s disk had written what it was given',
      'Somebody let S3’s timer run out',
    ])
  })

  it('has an answer for every event of a busy run', () => {
    const run = new Run(runSetup({ nodes: 5, seed: 4 }))
    run.playTo(300)
    run.act({
      type: 'partition',
      groups: [
        ['S1', 'S2'],
        ['S3', 'S4', 'S5'],
      ],
    })
    for (const node of ['S1', 'S2', 'S3', 'S4', 'S5']) run.act({ type: 'write', node, key: 0 })
    run.playTo(900)
    run.act({ type: 'healAll' })
    run.playTo(1_500)
    const history = new RunHistory(run)
    for (const { index, cause } of run.steps) {
      const why = explain(history, index)
      expect(why?.question).not.toBe('')
      expect(why?.rule).not.toBe('')
      const last = run.steps[why?.causes.at(-1)?.step ?? -1]
      expect(last?.cause.type === 'none' || last?.index === 0).toBe(true)
      if (cause.type !== 'none') expect(why?.causes.length).toBeGreaterThan(1)
    }
  })
})
