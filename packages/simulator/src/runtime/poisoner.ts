/**
 * A member that poisons the term: beside what its node says, its tab sends requests for votes of terms that nobody has reached. They
 * ask for nothing that anybody would grant, so safety is not at stake; the question is whether the room still has a leader, and
 * where its terms end.
 */
import { encodeFrame, MAX_TERM } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import type { Random } from '../ground/random.ts'
import type { Room } from './room.ts'

const sendEveryTimeouts = 0.7
/** Terms ahead of whoever is spoken to: as an honest node could be, too far to be believed at once, and more than any room reaches. */
const leaps = [1, 3, 40, 2 ** 20, 2 ** 40, MAX_TERM] as const
/** What all together may be raised by: a tab's burst towards each of the others, and that of each of those. */
const MOST_TERMS = 1_000_000

export class Poisoner {
  readonly #room: Room
  readonly #random: Random
  readonly #clusterId: string
  #sequence = 1
  #stopped = false

  constructor(room: Room, random: Random, clusterId: string) {
    this.#room = room
    this.#random = random
    this.#clusterId = clusterId
    const everyMs = sendEveryTimeouts * room.mix.electionTimeoutMs
    room.timeline.every(
      () => random.tail(0, everyMs),
      () => this.#send(),
      () => !this.#stopped,
    )
  }

  /** It is itself again: whoever has ceased to listen to it hears it when their link is up anew. */
  stop(): void {
    this.#stopped = true
    const [self, ...others] = this.#room.tabs
    for (const other of others) if (self !== undefined) this.#room.network.breakLinks(self.index, other.index)
  }

  get fault(): string | undefined {
    const terms = this.#room.tabs.map(tab => this.#room.status(tab)?.term ?? 0)
    return Math.max(0, ...terms) > MOST_TERMS ? `a term of ${Math.max(...terms)}` : undefined
  }

  #send(): void {
    const random = this.#random
    const { tabs, network, marks } = this.#room
    const [self, ...others] = tabs
    const from = self?.open?.cluster?.id
    const target = random.pick(others)
    const status = target === undefined ? undefined : this.#room.status(target)
    const leap = random.pick(leaps) ?? 1
    // Whoever is new to the room believes its first word: that one could be shut out of it.
    if (from === undefined || status === undefined || status.lastIndex === 0 || status.clusterId === undefined) return
    if (network.forge(from, status.id, this.#frame(from, status.id, Math.min(MAX_TERM, status.term + leap)))) {
      marks.sometimes('term poisoned')
    }
  }

  #frame(from: NodeId, to: NodeId, term: number): Uint8Array {
    const message = { type: 'RequestVote', from, to, term, lastLogIndex: 0, lastLogTerm: 0 } as const
    const body = {
      kind: 'raft',
      sequence: this.#sequence++,
      message: { ...message, leadershipTransfer: true },
    } as const
    return encodeFrame({ clusterId: this.#clusterId, body }).slice()
  }
}
