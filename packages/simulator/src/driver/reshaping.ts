/**
 * The operator: adds learners and voters, demotes and removes, several at once too, and asks leaders to hand over.
 *
 * It never does what would leave the cluster dead for good: with a voter's disk gone, it only replaces that voter.
 */
import type { Configuration, MembershipChange, NodeId } from '@flotilla/core'
import { emptyState } from '@flotilla/core'
import type { Random } from '../ground/random.ts'
import type { SimulatedNode } from '../world/node.ts'
import type { Driver } from './driver.ts'

/** More would only make runs slower. */
const mostNodes = 10

export class Reshaping {
  readonly #driver: Driver
  readonly #random: Random
  readonly #everAdded = new Set<NodeId>()
  #stopped = false

  constructor(driver: Driver, random: Random) {
    this.#driver = driver
    this.#random = random
    const { changeEveryMs, transferEveryMs } = driver.mix
    this.#every(changeEveryMs, () => this.#change())
    this.#every(transferEveryMs, () => this.#transfer())
  }

  stop(): void {
    this.#stopped = true
  }

  #every(ms: number, act: () => void): void {
    this.#driver.after(this.#random.tail(0, ms), () => {
      if (this.#stopped) return
      act()
      this.#every(ms, act)
    })
  }

  #leader(): SimulatedNode | undefined {
    const leaders = this.#driver.world.nodes.filter(
      node => node.isUp && node.status?.role === 'leader' && !this.#driver.isFrozen(node),
    )
    return this.#random.pick(leaders)
  }

  #transfer(): void {
    const leader = this.#leader()
    if (leader?.status === undefined) return
    const to = this.#random.chance(0.3) ? undefined : this.#random.pick(leader.status.configuration.members)?.id
    const atOnce = this.#random.chance(0.2)
    const outcome = this.#driver.act({ type: 'transfer', node: leader.index, to, atOnce })
    if (outcome?.kind === 'done') this.#driver.world.marks.sometimes('leadership transferred')
  }

  #change(): void {
    const leader = this.#leader()
    if (leader?.status === undefined) return
    const { world } = this.#driver
    const { configuration } = leader.status
    const gone = configuration.members.filter(({ id }) => world.node(id)?.vanished)
    const changes = gone.length > 0 ? this.#replace(gone.map(({ id }) => id)) : this.#draw(configuration)
    if (changes.length === 0) return
    const outcome = this.#driver.act({ type: 'change', node: leader.index, changes })
    if (outcome?.kind !== 'configuration') return
    const { marks } = world
    if (leader.status.configuration.oldVoters.length > 0) {
      marks.sometimes('joint configuration')
      this.#crashSoon(leader)
    }
    for (const { type, id } of changes) {
      if (type === 'remove') {
        marks.sometimes('member removed')
        if (id === leader.id) marks.sometimes('leader removed itself')
      } else if (type !== 'demote' && !configuration.members.some(member => member.id === id)) {
        marks.sometimes(this.#everAdded.has(id) ? 'removed member added again' : 'member added')
      }
      this.#everAdded.add(id)
    }
  }

  /** A joint configuration is left again so soon that other crashes rarely fall into it. */
  #crashSoon(leader: SimulatedNode): void {
    const { faultWeights, faultLastsMs } = this.#driver.mix
    if (faultWeights.crashLeader === 0 || !this.#random.chance(0.3)) return
    this.#driver.act({ type: 'fuse', node: leader.index, effects: this.#random.int(8), keep: this.#random.int(3) })
    this.#driver.after(this.#random.tail(0, faultLastsMs), () => {
      if (!this.#stopped && !leader.isUp) this.#driver.act({ type: 'restart', node: leader.index })
    })
  }

  #replace(gone: readonly NodeId[]): MembershipChange[] {
    const changes: MembershipChange[] = gone.map(id => ({ type: 'remove', id }))
    const fresh = this.#random.chance(0.5) ? this.#newcomer() : undefined
    if (fresh !== undefined) changes.push({ type: this.#random.chance(0.5) ? 'addVoter' : 'addLearner', id: fresh })
    return changes
  }

  #draw(configuration: Configuration): MembershipChange[] {
    const random = this.#random
    const changes: MembershipChange[] = []
    const count = random.chance(0.7) ? 1 : 2 + random.int(2)
    for (let i = 0; i < count; i++) {
      const change = this.#drawOne(configuration)
      if (change !== undefined && !changes.some(({ id }) => id === change.id)) changes.push(change)
    }
    return changes
  }

  #drawOne({ members, voters }: Configuration): MembershipChange | undefined {
    const random = this.#random
    const member = random.pick(members)
    const learner = random.pick(members.filter(({ id }) => !voters.includes(id)))
    switch (random.int(5)) {
      case 0:
      case 1: {
        const id = this.#outsider(members.map(({ id }) => id)) ?? this.#newcomer()
        return id === undefined ? undefined : { type: random.chance(0.5) ? 'addLearner' : 'addVoter', id }
      }
      case 2:
        return learner === undefined ? undefined : { type: 'addVoter', id: learner.id }
      case 3:
        return member === undefined ? undefined : { type: 'demote', id: member.id }
      default:
        return member === undefined ? undefined : { type: 'remove', id: member.id }
    }
  }

  /** Somebody who was a member, or whose addition came to nothing. */
  #outsider(members: readonly NodeId[]): NodeId | undefined {
    const outsiders = this.#driver.world.nodes.filter(node => !node.vanished && !members.includes(node.id))
    return this.#random.pick(outsiders)?.id
  }

  #newcomer(): NodeId | undefined {
    const { world } = this.#driver
    if (world.nodes.length >= mostNodes) return undefined
    const id = `n${world.nodes.length + 1}`
    this.#driver.act({ type: 'appear', node: world.nodes.length, id, initial: emptyState })
    return id
  }
}
