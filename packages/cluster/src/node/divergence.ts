/**
 * Every node's state at one index must be the same, or the machine is not deterministic: it reads a clock, draws a number, depends
 * on what is not in the log. Nobody notices by itself, and a snapshot spreads it. So every so many entries each node makes a digest
 * of its state; voters tell theirs, and whoever learns that it is the one that differs stops (docs/decisions/state-digests.md).
 */
import type { NodeId, RaftStatus } from '@flotilla/core'
import { isMember, majorityOf } from '@flotilla/core'
import { Alarm } from '../time/alarm.ts'
import type { Clock } from '../time/clock.ts'
import type { DigestFrame } from '../wire/frame.ts'

/** Of one node. Who is further behind than so many digests is compared at a later one. */
const KEPT = 8
/** Where no majority agrees, this is how long the other voters may take to say what they have. In election timeouts. */
const DECIDE_AFTER_TIMEOUTS = 4

/** This node's state differs from what the others have: first noticed at `index`, and last found to be the same at `agreedAt` (0: never). */
export class Divergence extends Error {
  override readonly name = 'Divergence'
  readonly agreedAt: number
  readonly index: number
  constructor(agreedAt: number, index: number) {
    super(
      `the state here differs from the others’ since one of the entries ${agreedAt + 1} to ${index}: the machine is not deterministic, or not the same`,
    )
    this.agreedAt = agreedAt
    this.index = index
  }
}

export interface DivergenceHost {
  readonly id: NodeId
  readonly clock: Clock
  readonly everyEntries: number
  readonly electionTimeoutMs: number
  status(): RaftStatus
  isLinked(peer: NodeId): boolean
  send(to: NodeId, frame: DigestFrame): void
  /** Of the state as it is now; `undefined` while it cannot be compared. */
  digest(): string | undefined
  diverged(cause: Divergence): void
}

export class DivergenceWatch {
  readonly #host: DivergenceHost
  readonly #alarm: Alarm
  readonly #own = new Map<number, string>()
  readonly #others = new Map<NodeId, Map<number, string>>()
  #agreedAt = 0
  /** The others do not agree about it, and some have not said anything. */
  #undecided: number | undefined = undefined

  constructor(host: DivergenceHost) {
    this.#host = host
    this.#alarm = new Alarm(host.clock, () => this.#decide())
  }

  stop(): void {
    this.#alarm.stop()
  }

  /** The entry of this index, and none after it, has been applied. */
  applied(index: number): void {
    const { everyEntries } = this.#host
    if (everyEntries === 0 || index % everyEntries !== 0) return
    // Nobody has its own of so long ago: this node is catching up.
    if (this.#host.status().commitIndex - index >= KEPT * everyEntries) return
    const made = this.#host.digest()
    if (made === undefined) return
    keep(this.#own, index, made)
    this.#tellAll(index, made)
    this.#judge(index, false)
  }

  onDigest(from: NodeId, { index, digest, wantsAnswer }: DigestFrame): void {
    const { configuration } = this.#host.status()
    if (configuration.voters.includes(from)) {
      let kept = this.#others.get(from)
      if (kept === undefined) {
        this.#forgetStrangers()
        kept = new Map()
        this.#others.set(from, kept)
      }
      keep(kept, index, digest)
    }
    const own = this.#own.get(index)
    if (own === undefined) return
    if (wantsAnswer && this.#votes()) this.#host.send(from, { kind: 'digest', index, digest: own, wantsAnswer: false })
    this.#judge(index, false)
  }

  /** Its frames were lost while there was no link. */
  linkUp(peer: NodeId): void {
    const last = [...this.#own.keys()].at(-1)
    const digest = last === undefined ? undefined : this.#own.get(last)
    if (last !== undefined && digest !== undefined) this.#tell(peer, last, digest)
  }

  #tellAll(index: number, digest: string): void {
    for (const { id } of this.#host.status().configuration.members) this.#tell(id, index, digest)
  }

  /** Learners are judged, and judge nobody. */
  #tell(peer: NodeId, index: number, digest: string): void {
    const host = this.#host
    const { configuration } = host.status()
    if (peer === host.id || !host.isLinked(peer) || !isMember(configuration, peer)) return
    const wantsAnswer = configuration.voters.includes(peer) && this.#others.get(peer)?.get(index) === undefined
    if (wantsAnswer || this.#votes()) host.send(peer, { kind: 'digest', index, digest, wantsAnswer })
  }

  #votes(): boolean {
    return this.#host.status().configuration.voters.includes(this.#host.id)
  }

  #forgetStrangers(): void {
    const { voters } = this.#host.status().configuration
    for (const node of this.#others.keys()) if (!voters.includes(node)) this.#others.delete(node)
  }

  /**
   * A majority of the voters is right. Where none agrees, those who are most are, and of as many the leader's; but not before all have
   * been heard, or had the time to speak (`isLate`).
   */
  #judge(index: number, isLate: boolean): void {
    const own = this.#own.get(index)
    if (own === undefined) return
    const { configuration, leader } = this.#host.status()
    const { voters } = configuration
    const said = new Map<NodeId, string>()
    for (const voter of voters) {
      const digest = voter === this.#host.id ? own : this.#others.get(voter)?.get(index)
      if (digest !== undefined) said.set(voter, digest)
    }
    const counts = new Map<string, number>()
    for (const digest of said.values()) counts.set(digest, (counts.get(digest) ?? 0) + 1)
    const isDisputed = [...counts.keys()].some(digest => digest !== own)
    const most = Math.max(0, ...counts.values())
    if (isDisputed && most < majorityOf(voters.length) && said.size < voters.length && !isLate)
      return this.#putOff(index)
    const right = [...counts].filter(([, count]) => count === most).map(([digest]) => digest)
    const leaders = leader === undefined ? undefined : said.get(leader)
    const verdict = right.length === 1 ? right[0] : right.find(digest => digest === leaders)
    if (isDisputed && verdict === undefined) return this.#putOff(index)
    if (isDisputed && verdict !== own) return this.#host.diverged(new Divergence(this.#agreedAt, index))
    const isSaidByAnother = [...said.keys()].some(voter => voter !== this.#host.id)
    if (isSaidByAnother) this.#agreedAt = Math.max(this.#agreedAt, index)
  }

  #putOff(index: number): void {
    const { clock, electionTimeoutMs } = this.#host
    if (this.#undecided === undefined) this.#alarm.noLaterThan(clock.now() + DECIDE_AFTER_TIMEOUTS * electionTimeoutMs)
    this.#undecided = Math.min(this.#undecided ?? index, index)
  }

  #decide(): void {
    const index = this.#undecided
    this.#undecided = undefined
    if (index !== undefined) this.#judge(index, true)
  }
}

function keep(digests: Map<number, string>, index: number, digest: string): void {
  digests.delete(index)
  digests.set(index, digest)
  if (digests.size <= KEPT) return
  const [oldest] = digests.keys()
  if (oldest !== undefined) digests.delete(oldest)
}
