import { Run, runSetup } from '@flotilla/simulator/lab'
import { judge, readTrace } from '@flotilla/trace'
import { describe, expect, it } from 'vitest'
import figure8 from '../../../../examples/traces/figure-8.jsonl?raw'
import { RunHistory } from './history.ts'
import { RecordedRun } from './recorded-run.ts'
import { addressOfRun, runInAddress, traceOfRun } from './share.ts'
import { explain } from './why/explain.ts'

function busy(): Run {
  const run = new Run(runSetup({ seed: 3, nodes: 5 }))
  for (let i = 0; i < 30; i++) {
    run.playTo(run.now + 70)
    run.act({ type: 'write', node: `S${(i % 5) + 1}`, key: i % 4 })
    if (i % 7 === 3) run.act({ type: 'crash', node: `S${(i % 5) + 1}`, flushed: true })
    if (i % 7 === 5) run.act({ type: 'restart', node: `S${((i - 2) % 5) + 1}`, emptied: false })
  }
  return run
}

const reopened = (text: string): RecordedRun => {
  const trace = readTrace(text)
  const run = new RecordedRun(trace, trace.events, judge(trace))
  run.takeFor(Number.POSITIVE_INFINITY)
  return run
}

describe('a link', () => {
  it('of an ordinary run is shorter than 2,000 characters, and opens the identical picture', async () => {
    const run = busy()
    const step = run.steps.length - 20
    const address = await addressOfRun(run, step)
    expect(address.length).toBeLessThan(2_000)
    const linked = await runInAddress(address)
    if (linked.kind !== 'run') throw new Error(JSON.stringify(linked))
    expect(linked.skipped).toBe(0)
    expect(linked.step).toBe(step)
    expect(linked.run.steps).toEqual(run.steps)
    expect(new RunHistory(linked.run).view(step)).toEqual(new RunHistory(run).view(step))
  })

  it('that was cut short or changed says so, and one that holds no run is none', async () => {
    const address = await addressOfRun(busy(), 10)
    for (const wrong of [address.slice(0, 60), `${address.slice(0, -9)}AAAAAAAAA`, 'run=', 'run=%%%', 'run=1.aaaa']) {
      expect(await runInAddress(wrong), wrong).toMatchObject({
        kind: 'refused',
        reason: expect.stringMatching(/^This link /),
      })
    }
    expect(await runInAddress('')).toEqual({ kind: 'none' })
  })
})

describe('a trace file', () => {
  it('saved and opened again is the identical picture at every event', () => {
    const run = busy()
    const history = new RunHistory(run)
    const again = new RunHistory(reopened(traceOfRun(run)))
    let events = 0
    for (const { index, trace } of run.steps) {
      events += trace.length
      expect(again.view(events)).toEqual(history.view(index))
    }
    expect(readTrace(traceOfRun(again.run)).events).toEqual(readTrace(traceOfRun(run)).events)
  })

  it('of another Raft shows where it broke, and which events prove it', () => {
    const run = reopened(figure8)
    const history = new RunHistory(run)
    history.view(run.steps.length - 1)
    const mark = history.landmarks.find(({ kind }) => kind === 'violation')
    expect(mark).toBeDefined()
    const why = explain(history, mark?.step ?? 0)
    expect(why?.question).toMatch(/^What broke /)
    expect(why?.causes.length).toBeGreaterThan(1)
    expect(run.act().reason).toMatch(/recording/)
  })
})
