import { Run, runSetup } from '@flotilla/simulator/lab'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { LabSession } from './session.ts'

/** What the browser would call before it draws next. */
let frame: FrameRequestCallback | undefined

beforeEach(() => {
  frame = undefined
  vi.stubGlobal('requestAnimationFrame', (next: FrameRequestCallback) => {
    frame = next
    return 1
  })
  vi.stubGlobal('cancelAnimationFrame', () => {
    frame = undefined
  })
})

/** Draws until so much wall time has passed, or nothing asks for a frame any more. */
function draw(ms: number): void {
  const from = performance.now()
  for (let passed = 50; passed <= ms; passed += 50) {
    const next = frame
    frame = undefined
    if (next === undefined) return
    next(from + passed)
  }
}

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
    draw(500)
    expect(session.playing).toBe(false)
    expect(noticeOf(session)).toBe(isFull)
  })
})
