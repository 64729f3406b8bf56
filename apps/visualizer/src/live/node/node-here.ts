/** This tab's node, in whatever thread this is: a cluster node on this browser's disk, at the pace and with the faults of its room. */
import {
  type Clock,
  type Cluster,
  type ClusterOptions,
  joinCluster,
  openCluster,
  type PacedClock,
  pacedClock,
  type RoomStorage,
} from '@flotilla/cluster'
import type { NodeId, TraceEvent } from '@flotilla/core'
import { indexedDb } from '@flotilla/indexeddb-storage'
import { describeCommand, KeyValueMachine, type KvCommand } from '../../machine/key-value.ts'
import type { Consistency } from '../../store/live-store.ts'
import { serveOutside } from '../outside.ts'
import { deleteNodesOf } from './deleted-nodes.ts'
import { lastWords } from './last-words.ts'
import type { Change, LiveRoom, NodeControls, ServedNode, Tell, Written } from './live-node.ts'
import { readingOf } from './node-clock.ts'
import { RoomFaults } from './room-faults.ts'
import { type TransportHere, waysInto } from './ways-into.ts'

type Node = Cluster<KvCommand, null>

/** What a thread has for its node. */
export interface NodesThread {
  /** Its timers go on while the page is hidden. */
  readonly clock: Clock
  readonly transport: TransportHere
}

export class NodeHere implements ServedNode {
  readonly opened: Promise<void>
  readonly #opening: Promise<Node>
  readonly #machine = new KeyValueMachine()
  readonly #tell: Tell
  readonly #base: Clock
  readonly #clock: PacedClock
  readonly #faults: RoomFaults
  #node: Node | undefined
  /** Once it is open. */
  #shelf: RoomStorage | undefined
  #self: NodeId | undefined

  constructor(room: LiveRoom, { clock, transport }: NodesThread, tell: Tell) {
    this.#tell = tell
    this.#base = clock
    this.#clock = pacedClock(clock, room.controls.pace)
    this.#faults = new RoomFaults(room.controls, () => this.#self)
    this.#machine.onWrite = (key, value, at) => tell({ kind: 'applied', write: { ...at, key, value } })
    this.#machine.onRestore = () => this.#tellState()
    // The page's copy may be of the node that was here before.
    this.#tellState()
    this.#tellClock()
    this.#opening = this.#open(room, transport)
    this.opened = this.#opening.then(() => undefined)
    this.opened.catch(() => {})
  }

  // ---- What is asked of it --------------------------------------------------------------------------------------------

  async set(key: string, value: string, timeoutMs: number): Promise<Written> {
    const node = await this.#opening
    const { index, term } = await node.propose({ type: 'set', key, value }, { timeoutMs })
    return { index, term }
  }

  async get(key: string, consistency: Consistency, timeoutMs: number): Promise<string | undefined> {
    const node = await this.#opening
    return node.read(() => this.#machine.get(key), { consistency, timeoutMs })
  }

  async change(change: Change): Promise<void> {
    const node = await this.#opening
    switch (change.kind) {
      case 'restart':
        return node.restart()
      case 'swapVoter':
        return node.swapVoter()
      case 'setAdmission':
        return node.setAdmission(change.admission)
      case 'admit':
        return node.admit(change.id, change.letIn ? 'accept' : 'refuse')
      case 'remove':
        return node.removeMember(change.id)
      case 'deleteDamaged':
        for (const { nodeId } of node.status().damaged) await node.removeDamaged(nodeId)
        return
      case 'goOnWithout':
        return node.forceNewCluster({ abandon: change.missing })
      case 'forget':
        return this.#forget(node)
      default:
        change satisfies never
    }
  }

  observe(payload: Uint8Array, to?: NodeId): void {
    this.#node?.observe(payload, to)
  }

  setControls(controls: NodeControls): void {
    this.#faults.setControls(controls)
    if (controls.pace === this.#clock.pace) return
    this.#clock.setPace(controls.pace)
    this.#tellClock()
  }

  crash(): void {
    this.#node?.crash()
  }

  goodbye(): void {
    this.#node?.goodbye()
  }

  resume(): void {
    this.#node?.resume()
  }

  sayLastWords(events: readonly TraceEvent[]): void {
    const self = this.#self
    if (self !== undefined) this.observe(lastWords(self, this.#clock.now(), events))
  }

  // ---- Its life -------------------------------------------------------------------------------------------------------

  async #open(room: LiveRoom, transport: TransportHere): Promise<Node> {
    const storage = room.isGuest ? await keepNothing() : indexedDb()
    // Finding each other is not Raft, and not slowed down with it.
    const isSettled = (): boolean => this.#node?.status().clusterId !== undefined
    const ways = await waysInto(room, this.#base, transport, isSettled)
    const shelf = storage(ways.room)
    this.#shelf = shelf
    const open = room.isGuest ? joinCluster : openCluster
    const node = await open<KvCommand, null>({
      ...ways,
      isGuest: room.isGuest,
      storage: () => shelf,
      // What is stored here can be read, and the page can say what is wrong with the way to the others.
      whenUnreachable: 'run',
      machine: this.#machine,
      preferredNode: room.preferredNode,
      clock: this.#clock,
      onTrace: event => {
        this.#self = event.node
        this.#tell({ kind: 'trace', event })
      },
      describe: describeCommand,
      faults: this.#faults,
    })
    this.#node = node
    this.#identify(node.id)
    node.on('observe', ({ from, payload }) => this.#tell({ kind: 'observed', from, payload }))
    node.on('peer', ({ peer, up }) => {
      if (up) this.#tell({ kind: 'linked', peer })
    })
    node.on('goodbye', ({ peer }) => this.#tell({ kind: 'goodbye', peer }))
    node.on('identity', ({ id }) => this.#identify(id))
    const tellStatus = (): void => this.#tell({ kind: 'status', status: node.status() })
    node.on('status', tellStatus)
    serveOutside(node, this.#machine, this.#base)
    tellStatus()
    for (const peer of node.peers()) this.#tell({ kind: 'linked', peer })
    return node
  }

  async #forget(node: Node): Promise<void> {
    const { clusterId } = node.status()
    await node.close()
    if (this.#shelf !== undefined && clusterId !== undefined) await deleteNodesOf(clusterId, node.id, this.#shelf)
  }

  #identify(id: NodeId): void {
    this.#self = id
    this.#tell({ kind: 'identity', id })
  }

  #tellState(): void {
    this.#tell({ kind: 'restored', snapshot: this.#machine.snapshot() })
  }

  #tellClock(): void {
    this.#tell({ kind: 'clock', reading: readingOf(this.#clock, this.#base) })
  }
}

async function keepNothing(): Promise<ClusterOptions<KvCommand, null>['storage']> {
  const { memoryDevice } = await import('@flotilla/cluster/memory')
  const memory = memoryDevice()
  return room => memory.storage(room)
}
