import { Run, runSetup } from '@flotilla/simulator/lab'
import { beforeEach, describe, expect, it } from 'vitest'
import { drawnFrames, type Frames } from './drawn-frames.ts'
import { LabSession } from './session.ts'

let frames: Frames

beforeEach(() => {
  frames = drawnFrames()
})

const noticeOf = (session: LabSession) => session.store.getState().notice

/** A run to which nothing can be added any more, without the minute that it would take. */
class FullRun extends Run {
  override get isFull(): boolean {
    return true
  }
}

describe('a run that is full', () => {
  it('says so, whatever is asked of it', () => {
    const session = new LabSession()
    session.open(new FullRun(runSetup({ seed: 1, nodes: 5 })))
    const isFull = 'This run is full. Start another.'
    session.stepOn()
    expect(noticeOf(session)).toBe(isFull)
    for (const kind of ['violation', 'election', 'commit'] as const) {
      session.tell('')
      session.jump(kind)
      expect(noticeOf(session)).toBe(isFull)
    }
    session.play()
    frames.draw(500)
    expect(session.playing).toBe(false)
    expect(noticeOf(session)).toBe(isFull)
  })
})

describe('a run in which nothing happens by itself', () => {
  const still = (): LabSession => new LabSession(runSetup({ seed: 1, nodes: 3, tuning: { elections: 'manual' } }))

  it('lets time pass for as long as it is played', () => {
    const session = still()
    session.play()
    frames.draw(4_000)
    expect(session.playing).toBe(true)
    expect(noticeOf(session)).toBe('Nothing happens here by itself. Only time passes.')
    session.pause()
    expect(session.now).toBe(200)
    expect(session.run.now).toBe(200)
    expect(session.run.steps.length).toBe(1)
  })

  it('has waited when something is done after that, and says no more that nothing happens', () => {
    const session = still()
    session.play()
    frames.draw(2_000)
    expect(session.act({ type: 'timeout', nodes: ['S2'] })).toBe(true)
    expect(session.run.latest.at).toBe(100)
    expect(noticeOf(session)).toBe(undefined)
  })
})

describe('deeds in the past', () => {
  it('make no more runs than are kept, and say which one made room', () => {
    const session = new LabSession()
    session.jump('election')
    const { step } = session.store.getState()
    for (let i = 0; i < 20; i++) {
      session.switchTo(session.store.getState().runs[0]?.id ?? 0)
      session.goTo(step - 1)
      expect(session.act({ type: 'crash', node: 'S1', flushed: true })).toBe(true)
    }
    const { runs, current } = session.store.getState()
    expect(runs.map(({ id }) => id)).toEqual([1, 15, 16, 17, 18, 19, 20, 21])
    expect(current).toBe(21)
    expect(noticeOf(session)).toBe('Run 14 is no longer kept: there is room for 8.')
  })
})
