/** When Live may speak of giving up a majority: not while somebody may only be reloading, or the room be so slow that nobody could have been elected. */
import type { Cancel, Clock, ClusterStatus } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'

/** By a watch. Milliseconds. */
const LONG_MS = 20_000
/** By the node's clock, which may be slowed down: more than the cluster asks for (`forceNewCluster`). */
const LONG_FOR_NODE_MS = 5_000
/** The pace may have changed meanwhile. */
const LOOK_AGAIN_MS = 5_000

interface LostMajorityHost {
  readonly base: Clock
  /** The node's. */
  readonly clock: Pick<Clock, 'now'>
  changed(missing: readonly NodeId[]): void
}

export class LostMajority {
  readonly #host: LostMajorityHost
  /** By a watch. */
  #since: number | undefined
  #waitingFor: ClusterStatus['waitingFor']
  #told: readonly NodeId[] = []
  #cancel: Cancel = () => {}

  constructor(host: LostMajorityHost) {
    this.#host = host
  }

  see({ state, waitingFor }: Pick<ClusterStatus, 'state' | 'waitingFor'>): void {
    const isLost = state === 'running' && waitingFor !== undefined && waitingFor.needed > 0
    this.#waitingFor = isLost ? waitingFor : undefined
    if (!isLost) this.#since = undefined
    else this.#since ??= this.#host.base.now()
    this.#look()
  }

  #look(): void {
    const { base, clock } = this.#host
    this.#cancel()
    this.#cancel = () => {}
    if (this.#since === undefined || this.#waitingFor === undefined) return this.#tell([])
    const leftMs = this.#since + LONG_MS - base.now()
    if (leftMs <= 0 && clock.now() - this.#waitingFor.since >= LONG_FOR_NODE_MS)
      return this.#tell(this.#waitingFor.missing)
    const againMs = leftMs > 0 ? leftMs : LOOK_AGAIN_MS
    this.#cancel = base.setTimer(base.now() + againMs, () => this.#look())
  }

  #tell(missing: readonly NodeId[]): void {
    if (missing.join() === this.#told.join()) return
    this.#told = missing
    this.#host.changed(missing)
  }
}
