/** The node as its application has it: what is asked for is checked here, and done by whatever drives the node. */
import { isMember, type NodeId, type TraceEvent } from '@flotilla/core'
import {
  type ChangeOptions,
  type Cluster,
  ClusterError,
  type ClusterEvents,
  type ClusterStatus,
  type Committed,
  type ProposeAllOptions,
  type ProposeOptions,
  type ReadOptions,
} from '../api.ts'
import type { ClientWay } from '../client-way.ts'
import { Commands } from '../clients/commands.ts'
import {
  checkClientsEntry,
  checkedAdmission,
  checkedAnswer,
  checkedChangeOptions,
  checkedMembership,
  checkedProposeOptions,
  checkedReadOptions,
} from '../clients/options.ts'
import { Emitter } from '../emitter.ts'
import type { DamagedNode, RoomStorage, Storage } from '../storage.ts'
import { tell } from '../tell.ts'
import type { ProposeAnswer } from '../wire/frame.ts'
import type { Admission } from '../wire/house-rules.ts'
import { checkNodeId } from './check-options.ts'
import { Driver, type DriverOptions } from './driver.ts'
import type { Patience } from './patience.ts'
import { clusterStatus } from './status.ts'
import type { Surroundings } from './surroundings.ts'

/** A database that this tab now drives. */
export interface OpenedNode {
  readonly storage: Storage
  /** Passed over on the way to it. */
  readonly damaged: readonly DamagedNode[]
  /** It was made just now, and nobody has heard of it yet. */
  readonly isNew: boolean
}

/** A node that has its database, and starts. @throws ClusterError if the transport cannot be opened, RangeError for options out of bounds; the database is the caller's to close then. */
export async function startNode<Command, Result>(
  options: DriverOptions<Command, Result>,
  shelf: RoomStorage,
  opened: OpenedNode,
  patience: Patience,
  surroundings: Surroundings,
): Promise<Cluster<Command, Result>> {
  const node = new ClusterNode(options, shelf, opened, surroundings)
  surroundings.attend(node)
  await node.start(patience)
  return node
}

class ClusterNode<Command, Result> implements Cluster<Command, Result> {
  readonly room: string
  readonly #shelf: RoomStorage
  readonly #surroundings: Surroundings
  readonly #commands: Commands<Command, Result>
  readonly #events = new Emitter<ClusterEvents>()
  readonly #driver: Driver<Command, Result>
  #damaged: readonly DamagedNode[]

  constructor(
    options: DriverOptions<Command, Result>,
    shelf: RoomStorage,
    { storage, damaged }: OpenedNode,
    surroundings: Surroundings,
  ) {
    this.room = options.room
    this.#shelf = shelf
    this.#surroundings = surroundings
    this.#commands = new Commands(options.machine)
    this.#damaged = damaged
    this.#driver = new Driver(options, shelf, storage, this.#events)
  }

  get id(): NodeId {
    return this.#driver.id
  }

  start(patience: Patience): Promise<void> {
    return this.#driver.start(patience)
  }

  status(): ClusterStatus {
    return clusterStatus(this.#driver.condition(), this.#damaged)
  }

  async propose(command: Command, options: ProposeOptions = {}): Promise<Committed<Result>> {
    const { timeoutMs, onFate } = checkedProposeOptions(options)
    const life = this.#driver.living()
    return this.#commands.committed(await life.propose(this.#commands.encode(command), timeoutMs, onFate))
  }

  async proposeAll(
    commands: readonly Command[],
    options: ProposeAllOptions = {},
  ): Promise<readonly PromiseSettledResult<Committed<Result>>[]> {
    const { timeoutMs, onFate } = checkedProposeOptions(options)
    const life = this.#driver.living()
    const encoded = commands.map(command => this.#commands.encode(command))
    const answers = life.proposeAll(encoded, timeoutMs, onFate)
    return Promise.allSettled(answers.map(async answer => this.#commands.committed(await answer)))
  }

  async read<T>(query: () => T, options: ReadOptions = {}): Promise<T> {
    const { timeoutMs, consistency } = checkedReadOptions(options)
    const life = this.#driver.living()
    return consistency === 'local' ? query() : life.read(query, timeoutMs)
  }

  forward(
    entry: Uint8Array,
    answer: (answer: ProposeAnswer) => void,
    onReach?: (isElsewhere: boolean) => void,
  ): () => void {
    checkClientsEntry(entry)
    const reached = onReach && ((isElsewhere: boolean) => tell(onReach, isElsewhere))
    return this.#driver.living().forward(entry, event => tell(answer, event), reached)
  }

  on<Name extends keyof ClusterEvents>(name: Name, listener: (event: ClusterEvents[Name]) => void): () => void {
    return this.#events.on(name, listener)
  }

  async removeDamaged(id: NodeId): Promise<boolean> {
    if (this.#damaged.every(({ nodeId }) => nodeId !== id)) return false
    const isGone = await this.#shelf
      .exclusively(() => this.#shelf.remove(id))
      .catch((cause: unknown) => {
        throw new ClusterError('StorageFailed', 'the database cannot be deleted', { cause })
      })
    if (isGone) this.#damaged = this.#damaged.filter(({ nodeId }) => nodeId !== id)
    this.#events.emit('status', undefined)
    return isGone
  }

  async addMember(id: NodeId, as: 'learner' | 'voter' = 'voter', options: ChangeOptions = {}): Promise<void> {
    const { timeoutMs } = checkedChangeOptions(options)
    checkNodeId(id)
    await this.#driver.living().members.ask({ type: checkedMembership(as), id }, timeoutMs)
  }

  async removeMember(id: NodeId, options: ChangeOptions = {}): Promise<void> {
    const { timeoutMs } = checkedChangeOptions(options)
    checkNodeId(id)
    await this.#driver.living().members.ask({ type: 'expel', id }, timeoutMs)
  }

  async setAdmission(admission: Admission, options: ChangeOptions = {}): Promise<void> {
    const { timeoutMs } = checkedChangeOptions(options)
    const change = { type: 'admission', admission: checkedAdmission(admission) } as const
    await this.#driver.living().members.ask(change, timeoutMs)
  }

  async admit(id: NodeId, answer: 'accept' | 'refuse' = 'accept', options: ChangeOptions = {}): Promise<void> {
    const { timeoutMs } = checkedChangeOptions(options)
    checkNodeId(id)
    const life = this.#driver.living()
    const type = checkedAnswer(answer)
    // Two people may answer at once.
    if (type === 'addLearner' && isMember(life.status.configuration, id)) return
    await life.members.ask({ type, id }, timeoutMs)
  }

  async swapVoter(options: ChangeOptions = {}): Promise<void> {
    const { timeoutMs } = checkedChangeOptions(options)
    await this.#driver.living().members.ask({ type: 'swap' }, timeoutMs)
  }

  async transferLeadership(to?: NodeId, options: ChangeOptions = {}): Promise<void> {
    const { timeoutMs } = checkedChangeOptions(options)
    if (to !== undefined) checkNodeId(to)
    await this.#driver.living().members.ask({ type: 'transfer', id: to }, timeoutMs)
  }

  async resign(options: ChangeOptions = {}): Promise<void> {
    await this.#driver.living().members.resign(checkedChangeOptions(options).timeoutMs)
  }

  async leave(options: ChangeOptions = {}): Promise<void> {
    const { timeoutMs } = checkedChangeOptions(options)
    const { id } = this
    await this.#driver.living().members.leave(timeoutMs)
    await this.close()
    // Nobody counts on it any more, and it shall not come back by itself.
    await this.#shelf.remove(id).catch((cause: unknown) => {
      throw new ClusterError('StorageFailed', 'the database cannot be deleted', { cause })
    })
  }

  async forceNewCluster(options: { readonly abandon: readonly NodeId[] }): Promise<void> {
    this.#driver.living()
    await this.#driver.forceNewCluster(options.abandon)
  }

  setVisible(visible: boolean): void {
    this.#driver.setVisible(visible)
  }

  observe(payload: Uint8Array, to?: NodeId): void {
    if (this.#driver.isClosed) return
    const { links } = this.#driver
    for (const peer of to === undefined ? links.up : [to]) links.observe(peer, payload)
    if (to === undefined || to === this.id) this.#events.emit('observe', { from: this.id, payload })
  }

  watch(listener: (event: TraceEvent) => void): () => void {
    return this.#driver.watch(listener)
  }

  compact(): number {
    return this.#driver.living().compact()
  }

  serveClients(accept: (way: ClientWay) => void): () => void {
    return this.#driver.clientWays.serve(accept)
  }

  peers(): readonly NodeId[] {
    return [...this.#driver.links.up]
  }

  crash(): void {
    this.#driver.crash()
  }

  restart(): Promise<void> {
    return this.#driver.restart()
  }

  resume(): void {
    this.#driver.resume()
  }

  goodbye(): void {
    this.#driver.goodbye()
  }

  async close(): Promise<void> {
    await this.#driver.close().finally(() => this.#surroundings.leave())
  }
}
