/** Clock: the only source of time. In browsers its timers tick from a Web Worker, because those of hidden tabs are throttled. */

export type Cancel = () => void

export interface Clock {
  /** Milliseconds, monotone, from an arbitrary origin (in browsers: the epoch, so that tabs of one machine agree closely). */
  now(): number
  /**
   * Calls `fire` once, not before `at`; soon after, if the host lets it. Never synchronously. Timers fire in the order of
   * their times, equal ones in the order in which they were set.
   */
  setTimer(at: number, fire: () => void): Cancel
}
