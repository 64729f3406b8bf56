/** Whether the node at the other end of a port is there. Ports say nothing when a worker dies or a tab is frozen, so it is asked now and then. */
import type { Cancel, Clock } from '@flotilla/cluster'

const ASK_EVERY_MS = 1_000
/** It has missed a few, and not only one while its page was busy. */
const SILENT_AFTER_MS = 3_500
/** A look that comes later than this comes from a page that stood still or is hidden, and has had no chance to hear. */
const PUNCTUAL_WITHIN_MS = 1_000

export class Liveness {
  isReachable = false
  private readonly clock: Clock
  private readonly ask: (nonce: number) => void
  private readonly changed: (isReachable: boolean) => void
  private cancel: Cancel | undefined = undefined
  private heardAt = 0
  private lookAt = 0
  private nonce = 0

  constructor(clock: Clock, ask: (nonce: number) => void, changed: (isReachable: boolean) => void) {
    this.clock = clock
    this.ask = ask
    this.changed = changed
  }

  /** Of a node that was not asked before. */
  begin(): void {
    this.set(false)
    this.heardAt = this.clock.now()
    this.lookAt = this.heardAt
    this.look()
  }

  heard(): void {
    this.heardAt = this.clock.now()
    this.set(true)
  }

  stop(): void {
    this.cancel?.()
    this.cancel = undefined
    this.set(false)
  }

  private look(): void {
    this.cancel?.()
    const now = this.clock.now()
    if (now - this.lookAt > PUNCTUAL_WITHIN_MS) this.heardAt = now
    if (now - this.heardAt > SILENT_AFTER_MS) this.set(false)
    this.ask(++this.nonce)
    this.lookAt = now + ASK_EVERY_MS
    this.cancel = this.clock.setTimer(this.lookAt, () => this.look())
  }

  private set(isReachable: boolean): void {
    if (isReachable === this.isReachable) return
    this.isReachable = isReachable
    this.changed(isReachable)
  }
}
