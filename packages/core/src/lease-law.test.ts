/**
 * The law of leases (dissertation §6.4.1): whatever a leader reads without asking holds all that was committed anywhere when
 * the read was asked for. Tried on bad days drawn from seeds: clocks that drift as far apart as is declared, lost and late
 * messages, partitions, restarts, resumes, transfers and changes of voters.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { snapshotOf } from './fixtures/test-cluster.ts'
import {
  type Entry,
  emptyState,
  type Message,
  type NodeId,
  type PersistUnit,
  Raft,
  type RecoveredState,
} from './index.ts'

const BOUND = 1.25
const ids = ['S1', 'S2', 'S3', 'S4'] as const
const voters = ids.slice(0, 3)

interface Node {
  readonly id: NodeId
  /** Its milliseconds per true one. */
  readonly rate: number
  disk: RecoveredState
  raft: Raft
}

class BadDay {
  leaseReads = 0
  private readonly random: () => number
  private now = 0
  private readonly nodes: Node[]
  private messages: Message[] = []
  private cutOff: NodeId | undefined
  /** As far as any node has ever known. */
  private committed = 0
  private nextRead = 1

  constructor(seed: number, greatestRate: number) {
    let state = seed
    this.random = () => {
      state = (state * 48_271) % 2_147_483_647
      return state / 2_147_483_647
    }
    this.nodes = ids.map(id => {
      const disk = { ...emptyState, snapshot: snapshotOf(voters) }
      const rate = this.random() < 0.5 ? 1 : greatestRate
      return { id, rate, disk, raft: this.start(id, rate, disk) }
    })
  }

  run(steps: number): void {
    for (let i = 0; i < steps; i++) this.event()
  }

  private event(): void {
    const node = this.any(this.nodes)
    const what = this.random()
    if (what < 0.62) this.deliver()
    else if (what < 0.87) this.pass(this.random() * 60)
    else if (what < 0.9) this.step(node, () => node.raft.propose(new Uint8Array(1), this.clock(node)))
    else if (what < 0.915) this.cut()
    else if (what < 0.925) this.restart(node)
    else if (what < 0.935) this.step(node, () => node.raft.step({ type: 'resume' }, this.clock(node)))
    else if (what < 0.945)
      this.step(node, () => node.raft.step({ type: 'transferLeadership', to: this.any(ids) }, this.clock(node)))
    else if (what < 0.96) this.messages = this.messages.filter(() => this.random() < 0.7)
    else if (what < 0.97) this.change(node)
    else this.deliver()
    for (const reader of this.nodes) this.read(reader)
  }

  /** A leader that nobody hears is the one to watch. */
  private cut(): void {
    const leader = this.nodes.find(({ raft }) => raft.role === 'leader')
    this.cutOff =
      this.random() < 0.4 ? undefined : this.random() < 0.7 && leader !== undefined ? leader.id : this.any(ids)
  }

  private read(node: Node): void {
    if (node.raft.role !== 'leader') return
    const before = this.committed
    const id = this.nextRead++
    node.raft.step({ type: 'read', id }, this.clock(node))
    for (let output = node.raft.drain(); output !== undefined; output = node.raft.drain()) {
      for (const read of output.reads) {
        if (read.id !== id || read.kind !== 'ready') continue
        this.leaseReads++
        expect(read.index).toBeGreaterThanOrEqual(before)
      }
      this.perform(node, output.persist, [...output.sendNow, ...output.sendWhenDurable])
    }
  }

  private deliver(): void {
    const at = Math.floor(this.random() * Math.min(6, this.messages.length))
    const [message] = this.messages.splice(at, 1)
    const to = this.nodes.find(({ id }) => id === message?.to)
    if (message === undefined || to === undefined) return
    if (this.cutOff === message.from || this.cutOff === message.to) return
    this.step(to, () => to.raft.receive(message, this.clock(to)))
  }

  private pass(ms: number): void {
    this.now += ms
    for (const node of this.nodes) {
      if (node.raft.deadline <= this.clock(node))
        this.step(node, () => node.raft.step({ type: 'tick' }, this.clock(node)))
    }
  }

  private change(node: Node): void {
    const id = this.any(ids)
    const type = this.random() < 0.5 ? 'addVoter' : 'demote'
    this.step(node, () => node.raft.step({ type: 'changeMembership', changes: [{ type, id }] }, this.clock(node)))
  }

  private restart(node: Node): void {
    node.raft = this.start(node.id, node.rate, node.disk)
    this.step(node, () => undefined)
  }

  private step(node: Node, input: () => unknown): void {
    input()
    for (let output = node.raft.drain(); output !== undefined; output = node.raft.drain()) {
      this.perform(node, output.persist, [...output.sendNow, ...output.sendWhenDurable])
    }
  }

  /** Disks are quick here: what is persisted is durable at once. */
  private perform(node: Node, unit: PersistUnit | undefined, messages: readonly Message[]): void {
    if (unit !== undefined) {
      node.disk = written(node.disk, unit)
      node.raft.step({ type: 'persisted', token: unit.token }, this.clock(node))
    }
    this.messages.push(...messages)
    this.committed = Math.max(this.committed, node.raft.commitIndex)
  }

  private start(id: NodeId, rate: number, recovered: RecoveredState): Raft {
    const options = { leaseReads: true, clock: 'bounded-drift', clockDriftBound: BOUND } as const
    // Often no patience at all beyond the election timeout: the earliest challenge is the hardest one.
    const random = (): number => (this.random() < 0.7 ? 0 : this.random())
    return new Raft({ id, now: this.now * rate, random, recovered, options })
  }

  private clock({ rate }: Node): number {
    return this.now * rate
  }

  private any<T>(of: readonly T[]): T {
    const one = of[Math.floor(this.random() * of.length)]
    if (one === undefined) throw new Error('there is none')
    return one
  }
}

function written(disk: RecoveredState, unit: PersistUnit): RecoveredState {
  const kept = (entry: Entry): boolean => unit.truncateFrom === 0 || entry.index < unit.truncateFrom
  return { ...disk, ...unit.hardState, entries: [...disk.entries.filter(kept), ...unit.entries] }
}

it('a read by lease never misses what was committed before it', () => {
  let leaseReads = 0
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000_000_000 }), seed => {
      const day = new BadDay(seed, BOUND)
      day.run(1_500)
      leaseReads += day.leaseReads
    }),
    { numRuns: 300 },
  )
  expect(leaseReads).toBeGreaterThan(1_000)
})
