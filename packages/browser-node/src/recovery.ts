/**
 * A node that stopped because its disk failed starts again from what is durable, by itself, as long as that is safe: what was not
 * written was not acknowledged. What a machine or a broken invariant stopped stays stopped, for it would stop again.
 */
import { type Clock, ClusterError, type ClusterStatus, StorageError } from '@flotilla/cluster'

const FIRST_RETRY_MS = 500
/** A disk that has room again, or a database that answers again, is not to be waited for any longer than a person would. */
const LONGEST_RETRY_MS = 10_000
/** A database that is not there after so many looks was deleted. */
const LOOKS = 3

/** What of a cluster node it has to do with. */
export interface Restartable {
  status(): Pick<ClusterStatus, 'state' | 'failure'>
  on(name: 'status', listener: () => void): () => void
  restart(): Promise<void>
}

export class Recovery {
  readonly #cluster: Restartable
  readonly #lost: () => void
  readonly #clock: Clock
  readonly #off: () => void
  #failures = 0
  #missing = 0
  #underWay = false
  #stopped = false

  /** @param lost starting again will not help */
  constructor(cluster: Restartable, lost: () => void, clock: Clock) {
    this.#cluster = cluster
    this.#lost = lost
    this.#clock = clock
    this.#off = cluster.on('status', () => this.#look())
    this.#look()
  }

  stop(): void {
    this.#stopped = true
    this.#off()
  }

  #look(): void {
    const { state, failure } = this.#cluster.status()
    if (this.#stopped || this.#underWay) return
    if (state === 'running') this.#failures = 0
    if (state !== 'failed') return
    switch (failure) {
      case 'Fenced':
        return this.#lose()
      case 'QuotaExceeded':
      case 'Unavailable':
        return this.#startAgainLater()
      default:
        return
    }
  }

  #startAgainLater(): void {
    this.#underWay = true
    // One that seems to be gone is looked for soon, however long the disk was full before.
    const afterMs =
      this.#missing > 0 ? FIRST_RETRY_MS : Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++)
    this.#clock.setTimer(this.#clock.now() + afterMs, () => void this.#startAgain())
  }

  async #startAgain(): Promise<void> {
    if (this.#stopped) return
    try {
      await this.#cluster.restart()
      this.#missing = 0
    } catch (error) {
      this.#missing = isMissing(error) ? this.#missing + 1 : 0
      if (this.#missing >= LOOKS) return this.#lose()
    }
    this.#underWay = false
    this.#look()
  }

  #lose(): void {
    if (this.#stopped) return
    this.stop()
    this.#lost()
  }
}

/** A restart looks for the node's own database, and says so when there is none. */
function isMissing(error: unknown): boolean {
  if (!(error instanceof ClusterError) || error.kind !== 'StorageFailed') return false
  return !(error.cause instanceof StorageError) || error.cause.kind === 'Unavailable'
}
