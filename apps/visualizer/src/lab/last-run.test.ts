import { runSetup } from '@flotilla/simulator/lab'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { drawnFrames } from './drawn-frames.ts'
import { keepLastRun, lastRun } from './last-run.ts'
import { LabSession } from './session.ts'
import { runInAddress } from './share.ts'

beforeEach(() => {
  drawnFrames()
  const kept = new Map<string, string>()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  })
})

describe('the run that a tab looked at last', () => {
  it('is there again as it was, at the same event', async () => {
    const session = new LabSession(runSetup({ seed: 4, nodes: 3 }))
    const leave = keepLastRun(session)
    session.jump('election')
    session.act({ type: 'crash', node: 'S1', flushed: true })
    session.jump('election')
    session.stepBack()
    await leave()
    const again = await runInAddress(lastRun() ?? '')
    if (again.kind !== 'run') throw new Error(again.kind)
    expect(again.run.setup).toEqual(session.run.setup)
    expect(again.run.steps).toEqual(session.run.steps)
    expect(again.step).toBe(session.store.getState().step)
    expect(again.skipped).toBe(0)
  })

  it('is none where nobody did anything', async () => {
    const session = new LabSession()
    const leave = keepLastRun(session)
    session.show('messages')
    await leave()
    expect(lastRun()).toBe(undefined)
  })

  it('is the one begun last, though nothing has happened in it', async () => {
    const session = new LabSession()
    const leave = keepLastRun(session)
    session.jump('election')
    session.begin({ seed: 9 })
    await leave()
    const again = await runInAddress(lastRun() ?? '')
    expect(again).toMatchObject({ kind: 'run', step: 0, run: { setup: { seed: 9 } } })
  })

  it('is none where storage is forbidden, and nothing else is amiss', async () => {
    const refuse = (): never => {
      throw new Error('forbidden')
    }
    vi.stubGlobal('sessionStorage', { getItem: refuse, setItem: refuse })
    const session = new LabSession()
    const leave = keepLastRun(session)
    session.jump('election')
    await leave()
    expect(lastRun()).toBe(undefined)
  })
})
