/** The bad day itself: crashes, partitions, slow disks, frozen tabs, clocks that lie; drawn by the mix's weights, each with an end. */
import type { Configuration, MessageType, NodeId } from '@flotilla/core'
import type { Random } from '../ground/random.ts'
import { isMajority } from '../invariants/invariant.ts'
import type { SimulatedNode } from '../world/node.ts'
import type { Driver } from './driver.ts'
import { Starvation } from './starvation.ts'
import { type FaultKind, faultKinds } from './swarm.ts'

const messageTypes: readonly MessageType[] = [
  'AppendEntries',
  'AppendEntriesResult',
  'InstallSnapshot',
  'InstallSnapshotResult',
  'RequestVote',
  'RequestVoteResult',
  'RequestPreVoteResult',
  'ReadIndexResult',
  'TimeoutNow',
]

export class Faults {
  readonly #driver: Driver
  readonly #random: Random
  readonly #total: number
  #stopped = false

  constructor(driver: Driver, random: Random) {
    this.#driver = driver
    this.#random = random
    this.#total = faultKinds.reduce((sum, kind) => sum + driver.mix.faultWeights[kind], 0)
    if (this.#total > 0) this.#next()
  }

  stop(): void {
    this.#stopped = true
  }

  #next(): void {
    this.#driver.after(this.#random.tail(0, this.#driver.mix.faultEveryMs), () => {
      if (this.#stopped) return
      this.#inflict(this.#draw())
      this.#next()
    })
  }

  #draw(): FaultKind {
    let left = this.#random.next() * this.#total
    for (const kind of faultKinds) {
      left -= this.#driver.mix.faultWeights[kind]
      if (left < 0) return kind
    }
    return 'crash'
  }

  #inflict(kind: FaultKind): void {
    const { world, mix, network } = this.#driver
    const random = this.#random
    const node = random.pick(world.nodes)
    const leader = this.#leader()
    const lastsMs = random.tail(0, mix.faultLastsMs)
    switch (kind) {
      case 'crash':
        return this.#crash(node, lastsMs)
      case 'crashLeader':
        return this.#crash(leader, lastsMs)
      case 'crashEverybody':
        for (const each of world.nodes) this.#crash(each, random.chance(0.5) ? 0 : lastsMs)
        return
      case 'fuse':
        return this.#fuse(random.chance(0.5) ? leader : node, lastsMs)
      case 'partition':
        return this.#cut(lastsMs, this.#halves())
      case 'isolateLeader':
        // Often for so long that the others elect another, and both lead.
        if (leader !== undefined) {
          const longer = random.between(0, 4) * mix.electionTimeoutMs
          this.#cut(lastsMs + longer, (a, b) => (a === leader) !== (b === leader))
        }
        return
      case 'cutOneWay': {
        const share = random.between(0.1, 0.6)
        return this.#cut(lastsMs, () => random.chance(share))
      }
      case 'bridge': {
        // Two halves that reach each other only through one node, which is in both.
        const areApart = this.#halves()
        return this.#cut(lastsMs, (a, b) => a !== node && b !== node && areApart(a, b))
      }
      case 'filter':
        return this.#filter(lastsMs)
      case 'clog':
        for (const a of world.nodes) {
          for (const b of world.nodes) {
            if (a !== b && random.chance(0.3)) network.clog(a.index, b.index, world.now + lastsMs)
          }
        }
        return
      case 'slowDisk':
        if (node !== undefined) this.#slowDisk(node, lastsMs)
        return
      case 'freeze':
        return this.#freeze(random.chance(0.5) ? leader : node, lastsMs)
      case 'starve':
        new Starvation(this.#driver, random, random.between(0.2, 2) * mix.electionTimeoutMs, 4 * lastsMs)
        return
      case 'jump':
        return this.#jump(node)
      case 'skew':
        return this.#skew(node, lastsMs)
      case 'coalesce':
        return this.#coalesce(node, lastsMs)
      case 'vanish':
        if (node !== undefined && !node.vanished && this.#canVanish(node)) {
          this.#driver.act({ type: 'vanish', node: node.index })
        }
        return
      case 'failDisk':
        return this.#failDisk(node, lastsMs)
      case 'fillDisk':
        return this.#fillDisk(node, lastsMs)
      case 'rollBack':
        return this.#rollBack(node, lastsMs)
      case 'flip':
        return this.#flip(node, lastsMs)
      case 'restartBesideCandidate':
        return this.#restartBesideCandidate(leader)
      default:
        return kind satisfies never
    }
  }

  #crash(node: SimulatedNode | undefined, lastsMs: number): void {
    if (node === undefined || !node.isUp) return
    this.#driver.act({ type: 'crash', node: node.index, keep: this.#keep(node) })
    this.#restartLater(node, lastsMs)
  }

  #fuse(node: SimulatedNode | undefined, lastsMs: number): void {
    if (node === undefined || !node.isUp) return
    this.#driver.act({ type: 'fuse', node: node.index, effects: this.#random.int(12), keep: this.#random.int(4) })
    this.#restartLater(node, lastsMs)
  }

  #restartLater(node: SimulatedNode, lastsMs: number): void {
    this.#driver.after(lastsMs, () => {
      if (this.#stopped) return
      if (!node.isUp && !node.vanished) this.#driver.act({ type: 'restart', node: node.index })
    })
  }

  /** Who hears the leader starts again just when another, who does not, begins to campaign: what does it still know of its promises? */
  #restartBesideCandidate(leader: SimulatedNode | undefined): void {
    const { world, mix, network } = this.#driver
    const others = world.nodes.filter(node => node !== leader && node.isUp)
    const deaf = this.#random.pick(others)
    const forgetful = this.#random.pick(others.filter(node => node !== deaf))
    if (leader === undefined || deaf === undefined || forgetful === undefined) return
    network.cut(leader.index, deaf.index)
    network.cut(deaf.index, leader.index)
    const until = world.now + 4 * mix.electionTimeoutMs
    const look = (): void => {
      if (this.#stopped) return
      const campaigns = deaf.isUp && (deaf.status?.role === 'preCandidate' || deaf.status?.role === 'candidate')
      if (!campaigns && world.now < until) return this.#driver.after(mix.heartbeatMs / 8, look)
      if (campaigns && forgetful.isUp) {
        world.marks.sometimes('voter started again beside a candidate')
        this.#crash(forgetful, 0)
      }
      this.#driver.after(mix.electionTimeoutMs, () => {
        if (!this.#stopped) network.heal()
      })
    }
    look()
  }

  #keep(node: SimulatedNode): number {
    return this.#random.int(node.disk.pending.length + 1)
  }

  #halves(): (a: SimulatedNode, b: SimulatedNode) => boolean {
    const side = new Map<SimulatedNode, boolean>()
    for (const node of this.#driver.world.nodes) side.set(node, this.#random.chance(0.5))
    return (a, b) => side.get(a) !== side.get(b)
  }

  #cut(lastsMs: number, isCut: (from: SimulatedNode, to: SimulatedNode) => boolean): void {
    const { world, network } = this.#driver
    for (const from of world.nodes) {
      for (const to of world.nodes) if (from !== to && isCut(from, to)) network.cut(from.index, to.index)
    }
    this.#driver.after(lastsMs, () => {
      if (!this.#stopped) network.heal()
    })
  }

  /** All messages of one type are lost, everywhere. */
  #filter(lastsMs: number): void {
    const { network } = this.#driver
    const type = this.#random.pick(messageTypes)
    network.lost = type
    this.#driver.after(lastsMs, () => {
      if (network.lost === type) network.lost = undefined
    })
  }

  #slowDisk(node: SimulatedNode, lastsMs: number): void {
    const treatment = this.#driver.treatment(node)
    treatment.diskFactor = this.#random.pick([10, 100, 1000]) ?? 10
    this.#driver.after(lastsMs, () => {
      treatment.diskFactor = 1
    })
  }

  #freeze(node: SimulatedNode | undefined, lastsMs: number): void {
    if (node === undefined || !node.isUp || this.#driver.isFrozen(node)) return
    if (node.status?.role === 'leader') this.#driver.world.marks.sometimes('leader frozen')
    this.#driver.freeze(node)
    const keepsMail = this.#random.chance(0.5)
    this.#driver.after(lastsMs, () => this.#driver.thaw(node, keepsMail))
  }

  #jump(node: SimulatedNode | undefined): void {
    if (node === undefined) return
    const { world, mix } = this.#driver
    world.marks.sometimes('clock jumped')
    const by = this.#random.between(0, 4) * mix.electionTimeoutMs
    node.clock.jump(world.now, by)
    this.#driver.clockChanged(node)
    // Hosts notice a jump that is past the election timeout; what they do not notice must be harmless as well.
    if (by > mix.electionTimeoutMs && node.isUp && !this.#driver.isFrozen(node) && this.#random.chance(0.7)) {
      this.#driver.act({ type: 'resume', node: node.index })
    }
  }

  #skew(node: SimulatedNode | undefined, lastsMs: number): void {
    if (node === undefined) return
    const { world, mix } = this.#driver
    const { leaseReads = false, clockDriftBound = 1 } = mix.raftOptions
    // Between any two clocks, not between one and the truth.
    const fastest = leaseReads ? Math.sqrt(clockDriftBound) : 2
    node.clock.setRate(world.now, this.#random.between(1 / fastest, fastest))
    this.#driver.clockChanged(node)
    this.#driver.after(lastsMs, () => {
      node.clock.setRate(world.now, 1)
      this.#driver.clockChanged(node)
    })
  }

  #coalesce(node: SimulatedNode | undefined, lastsMs: number): void {
    if (node === undefined) return
    const treatment = this.#driver.treatment(node)
    treatment.timerGrainMs = this.#random.between(0.5, 2) * this.#driver.mix.electionTimeoutMs
    this.#driver.after(lastsMs, () => {
      treatment.timerGrainMs = 0
    })
  }

  #failDisk(node: SimulatedNode | undefined, lastsMs: number): void {
    if (node === undefined) return
    this.#driver.act({ type: 'failDisk', node: node.index })
    this.#repairLater(node, lastsMs)
  }

  #fillDisk(node: SimulatedNode | undefined, lastsMs: number): void {
    if (node === undefined) return
    this.#driver.act({ type: 'fillDisk', node: node.index, room: this.#random.int(4) })
    // It still opens, and is still full.
    for (const share of [0.3, 0.6]) this.#restartLater(node, share * lastsMs)
    this.#repairLater(node, lastsMs)
  }

  #repairLater(node: SimulatedNode, lastsMs: number): void {
    this.#driver.after(lastsMs, () => {
      if (this.#stopped) return
      this.#driver.act({ type: 'repairDisk', node: node.index })
      if (!node.isUp && !node.vanished) this.#driver.act({ type: 'restart', node: node.index })
    })
  }

  /** A copy made while it is up, or while nobody has it open, comes back after a while. */
  #rollBack(node: SimulatedNode | undefined, lastsMs: number): void {
    if (node === undefined || node.vanished) return
    const { index } = node
    const whileDown = this.#random.chance(0.5)
    const isDownAfterwards = this.#random.chance(0.5)
    if (whileDown) this.#driver.act({ type: 'crash', node: index, keep: this.#keep(node) })
    this.#driver.act({ type: 'copyDisk', node: index })
    if (whileDown) this.#driver.act({ type: 'restart', node: index })
    this.#driver.after(this.#random.chance(0.3) ? 0.1 * lastsMs : lastsMs, () => {
      if (this.#stopped || node.vanished || !this.#canVanish(node)) return
      if (isDownAfterwards) this.#driver.act({ type: 'crash', node: index, keep: 0 })
      this.#driver.act({ type: 'rollBack', node: index })
      if (isDownAfterwards) this.#restartLater(node, lastsMs)
    })
  }

  #flip(node: SimulatedNode | undefined, lastsMs: number): void {
    if (node === undefined || !this.#canVanish(node)) return
    const { entries } = node.disk
    const record = this.#random.int(2 + entries.length)
    this.#driver.act({ type: 'flip', node: node.index, record, bit: this.#random.int(1 << 12) })
    // Nobody reads it before the next start.
    if (this.#random.chance(0.5)) this.#crash(node, lastsMs)
  }

  /** Only while a majority of every configuration that anybody goes by keeps its disks: otherwise all is lost, by right. */
  #canVanish(candidate: SimulatedNode): boolean {
    const { nodes } = this.#driver.world
    const keeps = (id: NodeId): boolean => id !== candidate.id && this.#driver.world.node(id)?.isDoomed !== true
    return nodes.every(({ status }) => status === undefined || hasMajority(status.configuration, keeps))
  }

  #leader(): SimulatedNode | undefined {
    return this.#random.pick(this.#driver.world.nodes.filter(node => node.isUp && node.status?.role === 'leader'))
  }
}

export function hasMajority(configuration: Configuration, holds: (id: NodeId) => boolean): boolean {
  const { voters, oldVoters } = configuration
  return (voters.length === 0 || isMajority(voters, holds)) && (oldVoters.length === 0 || isMajority(oldVoters, holds))
}
