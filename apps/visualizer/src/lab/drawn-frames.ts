/** For tests: the frames that a browser would draw, and wall time that passes with them alone. */
import { vi } from 'vitest'

export interface Frames {
  /** Draws until so much wall time has passed, or nothing asks for a frame any more. */
  draw(ms: number): void
}

const FRAME_MS = 50

export function drawnFrames(): Frames {
  let asked: FrameRequestCallback | undefined
  let now = 0
  vi.stubGlobal('performance', { now: () => now })
  vi.stubGlobal('requestAnimationFrame', (next: FrameRequestCallback) => {
    asked = next
    return 1
  })
  vi.stubGlobal('cancelAnimationFrame', () => {
    asked = undefined
  })
  return {
    draw(ms) {
      const end = now + ms
      while (now < end) {
        now += FRAME_MS
        const next = asked
        asked = undefined
        next?.(now)
      }
    },
  }
}
