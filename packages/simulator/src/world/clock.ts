/** One node's own clock: it may run fast or slow and jump forward, but never goes back. */
export class NodeClock {
  rate = 1
  private origin = 0
  private since = 0
  private latest = 0

  read(now: number): number {
    const reading = this.origin + (now - this.since) * this.rate
    if (reading > this.latest) this.latest = reading
    return this.latest
  }

  /** From `now` on it runs at this rate. */
  setRate(now: number, rate: number): void {
    this.origin = this.read(now)
    this.since = now
    this.rate = rate
  }

  jump(now: number, by: number): void {
    this.origin = this.read(now) + by
    this.since = now
  }

  /** Makes it show at least `reading` at `now`. */
  atLeast(now: number, reading: number): void {
    const behind = reading - this.read(now)
    if (behind > 0) this.jump(now, behind)
    if (this.latest < reading) this.latest = reading
  }

  /** When it will show `reading`, in virtual time. */
  when(reading: number): number {
    return this.since + (reading - this.origin) / this.rate
  }
}
