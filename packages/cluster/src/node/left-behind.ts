/**
 * A member of a cluster that was given up (`forceNewCluster`) comes back, and is told so by the one that went on without it. With others
 * who come back it might be a majority of the old cluster, and commit what contradicts the new one. So from the moment it is told it takes
 * no part in elections; and stops, unless a leader of its own cluster turns out to be there: then whoever gave that up was mistaken.
 */
import type { Message, NodeId } from '@flotilla/core'
import { Alarm } from '../time/alarm.ts'
import type { Clock } from '../time/clock.ts'
import { LOST_AFTER_TIMEOUTS } from './refounding.ts'

/** The room went on as another cluster, without this node. */
export class LeftBehind extends Error {
  override readonly name = 'LeftBehind'
  /** Who said so. */
  readonly by: NodeId
  constructor(by: NodeId) {
    super('the room went on without this node: a majority was given up, and another cluster was founded')
    this.by = by
  }
}

export class LeftBehindWatch {
  readonly #electionTimeoutMs: number
  readonly #clock: Clock
  readonly #alarm: Alarm
  #toldBy: NodeId | undefined = undefined

  constructor(clock: Clock, electionTimeoutMs: number, left: (cause: LeftBehind) => void) {
    this.#clock = clock
    this.#electionTimeoutMs = electionTimeoutMs
    this.#alarm = new Alarm(clock, () => {
      if (this.#toldBy !== undefined) left(new LeftBehind(this.#toldBy))
    })
  }

  get isTold(): boolean {
    return this.#toldBy !== undefined
  }

  /** By somebody who was a member of this node's own cluster, while no leader is known. */
  told(by: NodeId): void {
    if (this.#toldBy !== undefined) return
    this.#toldBy = by
    this.#alarm.noLaterThan(this.#clock.now() + LOST_AFTER_TIMEOUTS * this.#electionTimeoutMs)
  }

  leaderKnown(): void {
    this.#toldBy = undefined
    this.#alarm.stop()
  }

  /** Whether this is not to be said any more. */
  withholds({ type }: Message): boolean {
    if (this.#toldBy === undefined) return false
    switch (type) {
      case 'RequestVote':
      case 'RequestVoteResult':
      case 'RequestPreVote':
      case 'RequestPreVoteResult':
        return true
      default:
        return false
    }
  }

  stop(): void {
    this.#alarm.stop()
  }
}
