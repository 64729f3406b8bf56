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
