/** How long to wait before trying again, so that a room of tabs does not retry in step. */

/** Milliseconds before the attempt after `failures` failed ones: doubling from `firstMs` to `longestMs`, spread over [½, 1). */
export function backoffMs(failures: number, firstMs: number, longestMs: number, random: () => number): number {
  const whole = Math.min(longestMs, firstMs * 2 ** Math.min(failures, 30))
  return whole * (0.5 + random() / 2)
}
