/**
 * After the bad day: faults end, and a cluster with a connected majority must find a leader, answer every request and
 * agree, in the time that bounds.ts allows (invariant 20); then it must stay as it is (21) and quiet (24).
 */
import type { NodeId } from '@flotilla/core'
import type { Random } from '../ground/random.ts'
import { Machine } from '../world/machine.ts'
import type { SimulatedNode } from '../world/node.ts'
import type { Operation } from '../world/operations.ts'
import type { World } from '../world/world.ts'
import { type Backlog, recoveryBoundEvents, recoveryBoundMs } from './bounds.ts'
import type { Driver } from './driver.ts'
import { hasMajority } from './faults.ts'

export function converge(driver: Driver, random: Random): void {
  const { world, mix } = driver
  driver.becomeCalm()
  const canConverge = world.nodes.every(
    ({ status }) => status === undefined || hasMajority(status.configuration, id => world.node(id)?.vanished !== true),
  )
  if (!canConverge) return
  // Without these two, a single node that is cut off or was removed may disturb the others for ever: that is what they are for.
  const steadfast = mix.raftOptions.preVote === true && mix.raftOptions.checkQuorum === true
  const faulty = mix.minorityStaysFaulty && steadfast ? keepMinorityFaulty(driver, random) : new Set<SimulatedNode>()

  const asked = askEverybody(driver, faulty)
  const backlog = backlogOf(world)
  const boundMs = recoveryBoundMs(mix, backlog)
  const endedAt = world.now
  const mostEvents = world.events + recoveryBoundEvents(mix, backlog)
  let missing: string | undefined = 'nothing has been looked at'
  let checkAt = 0
  driver.run(endedAt + boundMs, () => {
    if (world.events > mostEvents) return true
    if (world.now < checkAt) return false
    checkAt = world.now + mix.heartbeatMs / 4
    if (!steadfast) switchOffRemoved(driver)
    missing = asked() ?? whatIsMissing(driver, faulty)
    return missing === undefined
  })
  if (world.checker.violations.length > 0) return
  if (missing !== undefined) missing = asked() ?? whatIsMissing(driver, faulty)
  if (missing !== undefined) {
    world.checker.report('Liveness', `faults ended ${(world.now - endedAt).toFixed(0)} ms ago, and ${missing}`)
    return
  }
  if (steadfast) stayStable(driver, faulty)
}

function backlogOf({ nodes }: World): Backlog {
  const entries = nodes.map(
    ({ disk, status }) => Math.max(disk.lastIndex, status?.lastIndex ?? 0) - disk.firstIndex + 1,
  )
  return { nodes: nodes.length, entries: Math.max(0, ...entries), snapshotBytes: new Machine().snapshot().length }
}

/**
 * Whoever was removed and never heard of it campaigns on (dissertation §4.2.3). A leader that must step down for each of
 * those terms never gets a long snapshot across; so somebody switches them off, until they are members again.
 */
function switchOffRemoved(driver: Driver): void {
  const status = currentLeader(driver, new Set())?.status
  if (status === undefined) return
  const { members, oldVoters } = status.configuration
  const isSettled = oldVoters.length === 0 && status.configurationIndex <= status.commitIndex
  for (const node of driver.world.nodes) {
    const isMember = members.some(({ id }) => id === node.id)
    if (node.isUp && !isMember && isSettled) driver.act({ type: 'crash', node: node.index, keep: 0 })
    // A later leader may know of a configuration that has it back.
    else if (!node.isUp && !node.vanished && isMember) driver.act({ type: 'restart', node: node.index })
  }
}

/** Nodes that stay crashed or hard to reach, never so many that the others are no majority. */
function keepMinorityFaulty(driver: Driver, random: Random): Set<SimulatedNode> {
  const { world, network, mix } = driver
  const faulty = new Set<SimulatedNode>()
  const isSound = (id: NodeId): boolean => {
    const node = world.node(id)
    return node !== undefined && !node.vanished && !faulty.has(node)
  }
  const leave = (node: SimulatedNode): void => {
    faulty.add(node)
    const enough = world.nodes.every(({ status }) => status === undefined || hasMajority(status.configuration, isSound))
    if (!enough) faulty.delete(node)
  }
  const deaf = mix.leaderStaysDeaf ? currentLeader(driver, faulty) : undefined
  if (deaf !== undefined) leave(deaf)
  for (const node of world.nodes) if (!node.vanished && node !== deaf && !random.chance(0.5)) leave(node)
  for (const node of faulty) {
    if (node === deaf) {
      world.marks.sometimes('leader stayed deaf')
      for (const other of world.nodes) if (other !== node) network.cut(other.index, node.index)
      continue
    }
    if (random.chance(0.3)) {
      driver.act({ type: 'crash', node: node.index, keep: 0 })
      continue
    }
    const inward = random.chance(0.5)
    for (const other of world.nodes) {
      if (other === node) continue
      if (inward || random.chance(0.3)) network.cut(other.index, node.index)
      if (!inward || random.chance(0.3)) network.cut(node.index, other.index)
    }
  }
  return faulty
}

/**
 * A read at every member, and then a write: each asked until it is done. Reads first: a leader must be able to answer them
 * without anybody writing. Call what this returns now and then; it says what has no answer yet.
 */
function askEverybody(driver: Driver, faulty: ReadonlySet<SimulatedNode>): () => string | undefined {
  const { world } = driver
  const reads = new Map<SimulatedNode, Operation>()
  let write: Operation | undefined
  const begun = (): Operation | undefined => {
    const latest = world.operations.all.at(-1)
    return latest?.invoked === world.events ? latest : undefined
  }
  return () => {
    const leader = currentLeader(driver, faulty)
    if (leader?.status === undefined) return 'there is no leader'
    let unanswered: string | undefined
    const asked = members(driver, leader, faulty)
    for (const node of asked) {
      const read = reads.get(node)
      if (read?.outcome === 'done') continue
      unanswered = `no read is answered at ${node.id}`
      if (read !== undefined && read.outcome !== 'failed') continue
      driver.act({ type: 'read', node: node.index, client: -1, key: 0, drain: true })
      const fresh = begun()
      if (fresh !== undefined) reads.set(node, fresh)
    }
    if (unanswered !== undefined) return unanswered
    // Whoever was removed with a write in its hands learns no more of it: the fate of that one is never known.
    const isLost = write?.outcome === 'pending' && !asked.some(({ index }) => index === write?.node)
    if (write === undefined || isLost || write.outcome === 'failed' || write.outcome === 'unknown') {
      driver.act({ type: 'propose', node: leader.index, client: -1, key: 0, padding: 0, drain: true })
      write = begun()
    }
    return write?.outcome === 'done' ? undefined : 'no write is answered'
  }
}

function currentLeader(driver: Driver, faulty: ReadonlySet<SimulatedNode>): SimulatedNode | undefined {
  let latest: SimulatedNode | undefined
  for (const node of driver.world.nodes) {
    if (!node.isUp || faulty.has(node) || node.status?.role !== 'leader') continue
    if (latest === undefined || node.status.currentTerm > (latest.status?.currentTerm ?? 0)) latest = node
  }
  return latest
}

/** Those of the leader's configuration who can be expected to answer. */
function members(driver: Driver, leader: SimulatedNode, faulty: ReadonlySet<SimulatedNode>): SimulatedNode[] {
  const found: SimulatedNode[] = []
  for (const { id } of leader.status?.configuration.members ?? []) {
    const node = driver.world.node(id)
    if (node !== undefined && !node.vanished && !faulty.has(node)) found.push(node)
  }
  return found
}

function whatIsMissing(driver: Driver, faulty: ReadonlySet<SimulatedNode>): string | undefined {
  const leader = currentLeader(driver, faulty)
  const status = leader?.status
  if (leader === undefined || status === undefined) return 'there is no leader'
  if (status.commitIndex < status.lastIndex) {
    return `${leader.id} has committed ${status.commitIndex} of ${status.lastIndex} entries`
  }
  if (status.configuration.oldVoters.length > 0) return `${leader.id} is still in a joint configuration`
  const digest = leader.machine.digest()
  for (const node of members(driver, leader, faulty)) {
    if (!node.isUp) return `${node.id} is down`
    if (node.machine.digest() !== digest) {
      return `${node.id} has applied ${node.machine.appliedIndex}, its leader ${leader.id} ${leader.machine.appliedIndex}`
    }
  }
  const open = driver.world.operations.all.find(
    operation =>
      operation.outcome === 'pending' && members(driver, leader, faulty).some(({ index }) => index === operation.node),
  )
  return open === undefined ? undefined : `${open.kind} ${open.number} has no answer`
}

function stayStable(driver: Driver, faulty: ReadonlySet<SimulatedNode>): void {
  const { world, mix } = driver
  // Let what is under way arrive, and a transfer that was asked for come to its end.
  driver.run(world.now + 3 * mix.electionTimeoutMs)
  if (world.checker.violations.length > 0) return
  const leader = currentLeader(driver, faulty)
  const termBefore = leader?.status?.currentTerm
  if (mix.changesInPeace && faulty.size === 0 && leader !== undefined) {
    changeInPeace(driver, leader)
    if (world.checker.violations.length > 0) return
    driver.run(world.now + 3 * mix.electionTimeoutMs)
  }
  if (world.checker.violations.length > 0) return
  if (leader?.status === undefined) {
    world.checker.report('Stability', 'there was a leader, and nothing happened, and now there is none')
    return
  }
  const currentTerm = termBefore ?? leader.status.currentTerm
  const { configuration } = leader.status
  let traffic = 0
  const ids = new Set(configuration.members.map(({ id }) => id))
  world.onSend = message => {
    if (ids.has(message.from) && ids.has(message.to)) traffic += 1
  }
  const beats = Math.ceil((6 * mix.electionTimeoutMs) / mix.heartbeatMs)
  driver.run(world.now + beats * mix.heartbeatMs)
  world.onSend = undefined
  if (world.checker.violations.length > 0) return
  if (leader.status.role !== 'leader' || leader.status.currentTerm !== currentTerm) {
    world.checker.report(
      'Stability',
      `${leader.id} led term ${currentTerm} and reached a majority; now it is ${leader.status.role} in term ${leader.status.currentTerm}`,
    )
  }
  const allowed = 2 * (ids.size - 1) * (beats + 1)
  if (faulty.size === 0 && traffic > allowed) {
    world.checker.report(
      'No Storm',
      `${traffic} messages in ${beats} idle heartbeats of ${ids.size} members; ${allowed} would do`,
    )
  }
  handOver(driver, leader, faulty)
}

/** A member loses its vote and gets it back, and that is all that happens: both succeed, and whoever leads leads on (Stability). */
function changeInPeace(driver: Driver, leader: SimulatedNode): void {
  const { world, mix } = driver
  const { voters = [], members: all = [] } = leader.status?.configuration ?? {}
  const id = voters.find(voter => voter !== leader.id)
  // Nobody takes a vote away while another voter is gone for good.
  if (id === undefined || all.some(member => world.node(member.id)?.vanished === true)) return
  for (const type of ['demote', 'addVoter'] as const) {
    const isDone = (): boolean => {
      const { configuration, configurationIndex, commitIndex } = leader.status ?? {}
      if (configuration === undefined || configuration.oldVoters.length > 0) return false
      const votes = configuration.voters.includes(id)
      return votes === (type === 'addVoter') && (configurationIndex ?? 0) <= (commitIndex ?? 0)
    }
    driver.act({ type: 'change', node: leader.index, changes: [{ type, id }] })
    driver.run(world.now + 3 * mix.electionTimeoutMs, isDone)
    if (world.checker.violations.length > 0) return
    if (!isDone())
      return world.checker.report(
        'Liveness',
        `${leader.id} was asked to ${type} ${id}, and nothing is wrong, and it has not`,
      )
  }
  world.marks.sometimes('member demoted and promoted in peace')
}

/** On a good day, a leader that is asked to hand over to an up-to-date voter does (dissertation §3.10). */
function handOver(driver: Driver, leader: SimulatedNode, faulty: ReadonlySet<SimulatedNode>): void {
  const { world, mix } = driver
  const voters: readonly NodeId[] = leader.status?.configuration.voters ?? []
  const heir = members(driver, leader, faulty).find(({ id }) => id !== leader.id && voters.includes(id))
  if (heir === undefined || leader.status?.role !== 'leader') return
  driver.act({ type: 'transfer', node: leader.index, to: heir.id, atOnce: false })
  driver.run(world.now + mix.electionTimeoutMs, () => heir.status?.role === 'leader')
  if (world.checker.violations.length > 0 || heir.status?.role === 'leader') return
  world.checker.report('Liveness', `${leader.id} was asked to hand over to ${heir.id}, and does not`)
}
