/**
 * Election only: for an application that needs one of its tabs to be in charge, and nothing else. The same nodes, terms
 * and votes as everywhere, but no commands: the log has only what elections themselves need, and is cut off every few entries.
 */
import type { NodeId, RaftOptions } from '@flotilla/core'
import type { ChangeOptions, Cluster, ClusterOptions, ClusterStatus } from './api.ts'
import { Emitter } from './emitter.ts'
import { noMachine } from './node/no-machine.ts'
import { createCluster, joinCluster, openCluster } from './node/open.ts'
import { yieldWhenHidden } from './node/page-lifecycle.ts'
import { tell } from './tell.ts'

/** What is kept of the log before it is cut off: no-ops and configurations, which nobody needs. */
const KEPT_ENTRIES = 16

export interface ElectionOptions
  extends Pick<
    ClusterOptions<never, never>,
    | 'room'
    | 'storage'
    | 'transport'
    | 'preferredNode'
    | 'clock'
    | 'random'
    | 'onTrace'
    | 'faults'
    | 'priority'
    | 'openTimeoutMs'
    | 'signal'
    | 'whenUnreachable'
  > {
  /** Nobody is in charge of a room of fewer voters than this, and no voter is forgotten that would leave fewer. Default 1. */
  readonly min?: number
  /** So many vote; further tabs stand by, and take the place of voters that leave. Default 5. */
  readonly max?: number
  /**
   * `open` (default): the first tab of this device makes the room. Where tabs do not share a storage (other devices, or
   * memory), one of them must `create` the room, and the others `join` it.
   */
  readonly start?: 'open' | 'create' | 'join'
  readonly raft?: Partial<Pick<RaftOptions, 'electionTimeoutMs' | 'heartbeatIntervalMs'>>
}

export interface InCharge {
  /** Who is in charge, as far as this tab knows; `undefined` while nobody is. */
  readonly leader: NodeId | undefined
  /** Whether it is this tab. */
  readonly isMe: boolean
  /**
   * Grows with every leader. Whoever acts on the outside world says it along, so that what a deposed leader
   * still sends can be told from what the next one says: two tabs may think themselves in charge for an election timeout.
   */
  readonly term: number
}

export interface Election {
  readonly id: NodeId
  readonly current: InCharge
  /** Calls `listener` at once, and whenever somebody else is in charge, or nobody. Gives the way to stop. */
  watch(listener: (current: InCharge) => void): () => void
  /** Gives the office to another tab. Rejects with `NotLeader`, or with `TransferRefused` if there is none. */
  resign(): Promise<void>
  /** Lets a node in, also one that was removed; as `addMember` of a cluster. */
  addMember(id: NodeId, as?: 'learner' | 'voter', options?: ChangeOptions): Promise<void>
  /** Removes a node and keeps it out, running or not, until `addMember`; as `removeMember` of a cluster. */
  removeMember(id: NodeId, options?: ChangeOptions): Promise<void>
  /** Everything that is known of the room. */
  status(): ClusterStatus
  /** Leaves: hands the office over if it is ours, and lets the others go on without us. */
  close(): Promise<void>
}

/**
 * Takes part in the election of the one tab that is in charge. In a page, closing or hiding the tab hands the office over.
 *
 * Rejects as `openCluster` does, and with a RangeError unless 1 ≤ `min` ≤ `max`.
 */
export async function electLeader(options: ElectionOptions): Promise<Election> {
  const { min = 1, max = 5, start = 'open', raft, ...rest } = options
  if (!(Number.isInteger(min) && Number.isInteger(max) && min >= 1 && min <= max)) {
    throw new RangeError(`min and max must be whole numbers, 1 ≤ min ≤ max, not ${min} and ${max}`)
  }
  const begin = new Map([
    ['open', openCluster],
    ['create', createCluster],
    ['join', joinCluster],
  ]).get(start)
  if (begin === undefined) throw new RangeError(`start must be 'open', 'create' or 'join', not ${String(start)}`)
  const cluster = await begin<never, never>({
    ...rest,
    machine: noMachine,
    raft: { ...raft, snapshotThresholdEntries: KEPT_ENTRIES },
    // There is no data of which a copy would be lost: who says goodbye does not count any more.
    autopilot: { minVoters: min, maxVoters: max, awayAfterMs: 0 },
  })
  return new TabElection(cluster, min)
}

class TabElection implements Election {
  current: InCharge
  readonly #cluster: Cluster<never, never>
  readonly #min: number
  readonly #events = new Emitter<{ change: InCharge }>()
  readonly #undo: (() => void)[]

  constructor(cluster: Cluster<never, never>, min: number) {
    this.#cluster = cluster
    this.#min = min
    this.current = this.#look()
    this.#undo = [cluster.on('leader', () => this.#update()), cluster.on('status', () => this.#update())]
    if (typeof document !== 'undefined') this.#undo.push(yieldWhenHidden(cluster))
  }

  get id(): NodeId {
    return this.#cluster.id
  }

  watch(listener: (current: InCharge) => void): () => void {
    const stop = this.#events.on('change', listener)
    tell(listener, this.current)
    return stop
  }

  resign(): Promise<void> {
    return this.#cluster.resign()
  }

  addMember(id: NodeId, as?: 'learner' | 'voter', options?: ChangeOptions): Promise<void> {
    return this.#cluster.addMember(id, as, options)
  }

  removeMember(id: NodeId, options?: ChangeOptions): Promise<void> {
    return this.#cluster.removeMember(id, options)
  }

  status(): ClusterStatus {
    return this.#cluster.status()
  }

  async close(): Promise<void> {
    await this.#cluster.close()
    this.#update()
    for (const undo of this.#undo.splice(0)) undo()
  }

  #update(): void {
    const next = this.#look()
    const { leader, term } = this.current
    this.current = next
    // Terms that nobody has won yet concern nobody.
    if (next.leader !== leader || (leader !== undefined && next.term !== term)) this.#events.emit('change', next)
  }

  #look(): InCharge {
    const { state, leader, term, members } = this.#cluster.status()
    const isRoom = state === 'running' && members.filter(({ voter }) => voter).length >= this.#min
    const inCharge = isRoom ? leader : undefined
    return { leader: inCharge, isMe: inCharge === this.id, term }
  }
}
