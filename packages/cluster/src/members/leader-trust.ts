/**
 * Whom this node names as the leader. Core keeps the leader of a term until its own election timer runs out; a learner has none,
 * and would name a closed tab for ever. So a leader is named for as long as it lets itself be heard, and not after its goodbye.
 */
import type { NodeId, RaftStatus } from '@flotilla/core'
import { Alarm } from '../time/alarm.ts'
import type { Clock } from '../time/clock.ts'
import type { Goodbyes } from './goodbyes.ts'

export class LeaderTrust {
  /** Since this node started. */
  hasHeardAny = false
  readonly #clock: Clock
  readonly #goodbyes: Goodbyes
  readonly #silenceMs: number
  readonly #alarm: Alarm
  #heardAt = Number.NEGATIVE_INFINITY

  /** @param silenceMs who voices nothing for so long is gone: longer than any voter waits, which then campaigns by itself */
  constructor(clock: Clock, goodbyes: Goodbyes, silenceMs: number, ended: () => void) {
    this.#clock = clock
    this.#goodbyes = goodbyes
    this.#silenceMs = silenceMs
    this.#alarm = new Alarm(clock, () => {
      if (this.#clock.now() >= this.#heardAt + this.#silenceMs) ended()
      else this.#alarm.noLaterThan(this.#heardAt + this.#silenceMs)
    })
  }

  heard(now: number): void {
    this.#heardAt = now
    this.hasHeardAny = true
    this.#alarm.noLaterThan(now + this.#silenceMs)
  }

  /** The leader, if it is to be named. */
  leaderOf({ id, leader }: RaftStatus): NodeId | undefined {
    if (leader === undefined || leader === id) return leader
    const isSilent = this.#clock.now() >= this.#heardAt + this.#silenceMs
    return isSilent || this.#goodbyes.at.has(leader) ? undefined : leader
  }

  stop(): void {
    this.#alarm.stop()
  }
}
