/**
 * Whoever waits for answers, and rings late, has perhaps stood still itself and had no chance to hear them. A page that nobody sees always
 * rings late: its browser lets it ring once a second at most, or once a minute, and it hears all the same.
 */
const PUNCTUAL_WITHIN_MS = 500

/** @param lateMs after the time for which it was set */
export function hasStoodStill(lateMs: number): boolean {
  return lateMs > PUNCTUAL_WITHIN_MS && !isHiddenPage()
}

const isHiddenPage = (): boolean => typeof document !== 'undefined' && document.visibilityState === 'hidden'
