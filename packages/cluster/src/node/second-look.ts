/**
 * Which node a tab is was decided when it opened, by which databases were free at that moment. So a tab that finds no leader
 * looks again: the voter that all wait for may lie free in this browser by now, because the tab that drove it has closed.
 *
 * Not at once: a tab that is being reloaded lets go of its node for a moment, and wants it back.
 */
import type { NodeId } from '@flotilla/core'
import type { RoomStorage, Storage } from '../storage.ts'
import { Alarm } from '../time/alarm.ts'
import type { Clock } from '../time/clock.ts'
import { neededMore, partnerOf } from './which-node.ts'

/** Each look takes longer to come than the one before, up to so many times as long. */
const MAX_BACK_OFF = 4

export class SecondLook {
  readonly #clock: Clock
  readonly #afterMs: number
  readonly #alarm: Alarm
  #isLost = false
  #isLooking = false
  #backOff = 1

  /** @param look settles when it is known whether there is another, and never rejects */
  constructor(clock: Clock, afterMs: number, look: () => Promise<void>) {
    this.#clock = clock
    this.#afterMs = afterMs
    this.#alarm = new Alarm(clock, () => {
      this.#isLooking = true
      void look().finally(() => {
        this.#isLooking = false
        this.#backOff = Math.min(this.#backOff * 2, MAX_BACK_OFF)
        this.#wait()
      })
    })
  }

  /** Whether this node runs and finds no leader may be news. */
  update(isLost: boolean): void {
    if (isLost === this.#isLost) return
    this.#isLost = isLost
    this.#backOff = 1
    if (isLost) this.#wait()
    else this.#alarm.stop()
  }

  #wait(): void {
    if (this.#isLost && !this.#isLooking) this.#alarm.noLaterThan(this.#clock.now() + this.#afterMs * this.#backOff)
  }
}

export interface Needed {
  readonly storage: Storage
  /** Whether to be that node from now on, or to stand in for it beside one's own (`stand-in.ts`). */
  readonly as: 'oneself' | 'standIn'
}

/** A free node whose vote is needed for a leader, claimed. @param hasLeft whether that node said goodbye */
export async function claimNeeded(
  shelf: RoomStorage,
  self: NodeId,
  hasLeft: (id: NodeId) => boolean,
): Promise<Needed | undefined> {
  // One that cannot be read is no help, and will be named by whoever opens the room next.
  const claim = (id: NodeId): Promise<Storage | undefined> => shelf.claim(id).catch(() => undefined)
  const { nodes } = await shelf.survey()
  for (const { nodeId } of neededMore(nodes, self)) {
    const storage = await claim(nodeId)
    if (storage !== undefined) return { storage, as: 'oneself' }
  }
  const partner = partnerOf(nodes, self)
  if (partner === undefined || !hasLeft(partner.id)) return undefined
  const storage = await claim(partner.id)
  return storage && { storage, as: partner.isBetter ? 'oneself' : 'standIn' }
}
