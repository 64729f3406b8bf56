/** Who is let in, who votes, and who is waited for. */
import { afterEach, describe, expect, it } from 'vitest'
import { type TestNode, TestRoom } from '../fixtures/room.ts'
import { memoryDevice } from '../memory/memory-storage.ts'
import { StorageError } from '../storage.ts'
import { TransportError } from '../transport.ts'

let room: TestRoom

afterEach(async () => {
  await Promise.all(room.nodes.map(({ cluster }) => cluster.close()))
})

const isVoter = (seenBy: TestNode, who: TestNode): boolean =>
  seenBy.cluster.status().members.some(({ id, voter }) => id === who.id && voter)

/** The tab is gone: nothing of it answers any more. */
async function closeTab(node: TestNode): Promise<void> {
  room.nodes.splice(room.nodes.indexOf(node), 1)
  await node.cluster.close()
}

describe('a joiner', () => {
  it('is admitted to the cluster that is there: a learner first, then a voter', async () => {
    room = new TestRoom()
    const founder = await room.open('create')
    await room.until(() => founder.cluster.status().role === 'leader', 'the founder leads')
    const joiner = await room.open('join')
    expect(joiner.cluster.status().role).toBe('learner')
    await room.until(() => isVoter(joiner, joiner), 'it votes')
    expect(joiner.cluster.status()).toMatchObject({
      state: 'running',
      name: 'S2',
      clusterId: founder.cluster.status().clusterId,
    })
    const stages = founder.trace.flatMap(event =>
      event.type === 'configuration' && event.stage === 'committed'
        ? [`${event.configuration.members.length} members, ${event.configuration.voters.length} voters`]
        : [],
    )
    expect(stages).toEqual(['1 members, 1 voters', '2 members, 1 voters', '2 members, 2 voters'])
  })

  it('waits until there is somebody to ask', async () => {
    room = new TestRoom()
    const joiner = await room.open('join')
    await room.pass(10_000)
    expect(joiner.cluster.status()).toMatchObject({ state: 'joining', role: 'learner', term: 0 })
    await room.open('create')
    await room.until(() => room.voters() === 2, 'both vote')
  })

  it('that does not vote can write, and read what was written elsewhere', async () => {
    room = new TestRoom({ autopilot: { maxVoters: 1 } })
    const founder = await room.open('create')
    const learner = await room.open('join')
    await room.until(() => learner.cluster.status().state === 'running', 'it is a member')
    expect(learner.cluster.status().role).toBe('learner')
    await room.done(room.write(learner, 'by the learner'))
    await room.done(room.write(founder, 'by the founder'))
    expect(await room.done(learner.cluster.read(() => [...learner.chronicle.lines]))).toEqual([
      'by the learner',
      'by the founder',
    ])
    expect(isVoter(founder, learner)).toBe(false)
  })

  it('can write and read before it is a member: its requests wait for a leader to speak to it', async () => {
    room = new TestRoom()
    const joiner = await room.open('join')
    const written = room.write(joiner, 'early', 60_000)
    const read = joiner.cluster.read(() => joiner.chronicle.lines.length, { timeoutMs: 60_000 })
    await room.pass(1_000)
    await room.open('create')
    expect((await room.done(written)).result).toBe(1)
    expect(await room.done(read)).toBeLessThanOrEqual(1)
  })
})

describe('a goodbye', () => {
  it('of the leader hands leadership over within one round trip', async () => {
    room = new TestRoom()
    await room.settled(3)
    for (const { faults } of room.nodes) faults.linkDelayMs = 20
    await room.pass(500)
    const leader = room.mustLead()
    const others = room.followers()
    const saidAt = room.clock.now()
    leader.cluster.goodbye()
    await closeTab(leader)
    await room.until(() => room.leader(others) !== undefined, 'another leads')
    // TimeoutNow leaves at once; then a vote and its answer, and the first heartbeat: three ways of 20 ms.
    expect(room.clock.now() - saidAt).toBeLessThanOrEqual(3 * 20 + 15)
  })

  it('hands over also while writes are under way, and none of them is lost', async () => {
    room = new TestRoom()
    await room.settled(3)
    for (const { faults } of room.nodes) faults.linkDelayMs = 20
    await room.pass(500)
    const leader = room.mustLead()
    const others = room.followers()
    const [client] = others
    if (client === undefined) throw new Error('no follower')
    const writes = Array.from({ length: 20 }, (_, i) => room.write(client, `under way ${i}`))
    await room.until(() => leader.cluster.status().lastIndex > leader.cluster.status().commitIndex, 'they arrive')
    const saidAt = room.clock.now()
    await closeTab(leader)
    await room.until(() => room.leader(others) !== undefined, 'another leads')
    expect(room.clock.now() - saidAt).toBeLessThanOrEqual(3 * 20 + 15)
    await room.done(Promise.all(writes))
    await room.until(() => others.every(({ chronicle }) => chronicle.lines.length === 20), 'each is there once')
  })

  it('is not the end of a membership: the voter is demoted only after a while, and votes again when it is back', async () => {
    room = new TestRoom()
    await room.settled(3)
    const leader = room.mustLead()
    const { device, id } = leader
    const [other, third] = room.followers()
    if (other === undefined || third === undefined) throw new Error('two followers')
    const leftAt = room.clock.now()
    await closeTab(leader)
    await room.until(() => !isVoter(other, leader), 'it is demoted')
    const after = room.clock.now() - leftAt
    expect(after).toBeGreaterThanOrEqual(5_000)
    expect(after).toBeLessThan(6_000)
    expect(other.cluster.status().members.map(member => member.id)).toContain(id)

    const back = await room.open('join', device)
    expect(back.id).toBe(id)
    await room.until(() => isVoter(other, back) && isVoter(back, back), 'it votes again')
    expect(back.cluster.status().name).toBe('S1')
  })

  it('is taken back by a reload', async () => {
    room = new TestRoom()
    await room.settled(3)
    const [node] = room.followers()
    if (node === undefined) throw new Error('no follower')
    await closeTab(node)
    await room.pass(3_000)
    const back = await room.open('join', node.device)
    expect(back.id).toBe(node.id)
    const before = back.trace.length
    await room.pass(10_000)
    for (const { cluster } of room.nodes) expect(cluster.status().members.filter(({ voter }) => voter)).toHaveLength(3)
    expect(before).toBeGreaterThanOrEqual(0)
  })
})

describe('a room of two', () => {
  it.each(['leader', 'follower'] as const)(
    'goes on when its %s says goodbye, and is two again when it is back',
    async who => {
      room = new TestRoom()
      await room.settled(2)
      const stays = who === 'leader' ? room.followers()[0] : room.mustLead()
      const leaves = room.nodes.find(node => node !== stays)
      if (stays === undefined || leaves === undefined) throw new Error('two nodes')
      await room.done(room.write(leaves, 'before'))
      await closeTab(leaves)
      await room.until(() => room.leader() === stays, 'who stays leads', 5_000)
      await room.done(room.write(stays, 'alone'))
      const back = await room.open('join', leaves.device)
      await room.until(() => room.voters() === 2 && back.chronicle.lines.length === 2, 'two voters again')
      expect(back.chronicle.lines).toEqual(['before', 'alone'])
    },
  )
})

describe('a shrinking room', () => {
  it('keeps its quorum from five tabs down to three, and then to two', async () => {
    room = new TestRoom()
    await room.settled(5)
    for (const left of [4, 3, 2]) {
      await closeTab(room.mustLead())
      await room.until(() => room.leader() !== undefined && room.voters() === left, `${left} voters are left`)
      await room.done(room.write(room.mustLead(), `${left} left`))
    }
  })

  it('demotes who fell silent without a word, and puts a standby in its place', async () => {
    room = new TestRoom({ autopilot: { maxVoters: 3 } })
    await room.settled(3)
    const standby = await room.open('join')
    await room.until(() => standby.cluster.status().state === 'running', 'the standby is a member')
    const leader = room.mustLead()
    const silent = room.nodes.find(node => node !== leader && node !== standby)
    if (silent === undefined) throw new Error('no follower')
    const since = room.clock.now()
    silent.cluster.crash()
    await room.until(() => isVoter(leader, standby), 'the standby votes')
    expect(room.clock.now() - since).toBeGreaterThanOrEqual(29_000)
    expect(isVoter(leader, silent)).toBe(false)
    await room.until(
      () =>
        leader.trace.some(
          event =>
            event.type === 'configuration' && event.configuration.oldVoters.length > 0 && event.stage === 'committed',
        ),
      'in one joint change',
    )
  })
})

describe('opening', () => {
  it('refuses options that core refuses, leases without a safe clock among them, and leaves the database free', async () => {
    room = new TestRoom()
    const device = memoryDevice()
    await expect(room.open('create', device, { raft: { leaseReads: true } })).rejects.toThrow(RangeError)
    const node = await room.open('open', device, { raft: { leaseReads: true, clock: 'bounded-drift' } })
    await room.until(() => node.cluster.status().role === 'leader', 'it leads')
    expect((await device.storage('test').survey()).nodes).toHaveLength(1)
    expect(await room.done(node.cluster.read(() => 'read by lease'))).toBe('read by lease')
  })

  it('makes one cluster of two tabs that open at the same moment on an empty device, twenty times out of twenty', async () => {
    for (let i = 0; i < 20; i++) {
      room = new TestRoom()
      const device = memoryDevice()
      await Promise.all([room.open('open', device), room.open('open', device)])
      await room.until(() => room.voters() === 2 && room.leader() !== undefined, 'both vote in one cluster')
      expect(new Set(room.nodes.map(({ cluster }) => cluster.status().clusterId)).size).toBe(1)
      await Promise.all(room.nodes.splice(0).map(({ cluster }) => cluster.close()))
    }
  })

  it('takes up the preferred node if it is free, else the longest-standing, else becomes a new one', async () => {
    room = new TestRoom()
    const device = memoryDevice()
    const first = await room.open('open', device)
    const second = await room.open('open', device)
    await room.until(() => room.voters() === 2, 'both vote')
    const duplicate = await room.open('open', device, { preferredNode: second.id })
    expect([first.id, second.id]).not.toContain(duplicate.id)
    await Promise.all(room.nodes.splice(0).map(({ cluster }) => cluster.close()))
    expect((await room.open('open', device, { preferredNode: second.id })).id).toBe(second.id)
    expect((await room.open('open', device)).id).toBe(first.id)
    expect((await room.open('open', device, { preferredNode: 'never heard of' })).id).toBe(duplicate.id)
  })

  it('creates only where there is nothing, and refuses a name that is none', async () => {
    room = new TestRoom()
    const { device } = await room.open('create')
    await expect(room.open('create', device)).rejects.toMatchObject({ kind: 'AlreadyExists' })
    await expect(room.open('open', device, { room: 'a b' })).rejects.toMatchObject({ kind: 'InvalidRoom' })
  })

  it('fails with a typed error where there is no network or no disk, and leaves nothing open behind', async () => {
    room = new TestRoom()
    const device = memoryDevice()
    const unreachable = {
      ...room.network.transport('test'),
      open: () => Promise.reject(new TransportError('Unsupported', 'no WebRTC here')),
      close: async () => undefined,
      peers: () => [],
      send: () => undefined,
    }
    await expect(room.open('open', device, { transport: () => unreachable })).rejects.toMatchObject({
      kind: 'TransportFailed',
    })
    const broken = { ...device.storage('test'), survey: () => Promise.reject(new StorageError('Unavailable', 'gone')) }
    await expect(room.open('open', device, { storage: () => broken })).rejects.toMatchObject({ kind: 'StorageFailed' })
    const node = await room.open('open', device)
    expect((await device.storage('test').survey()).nodes).toMatchObject([
      { nodeId: node.id, clusterId: node.cluster.status().clusterId },
    ])
  })

  it('keeps two clusters of one room apart', async () => {
    room = new TestRoom()
    const ours = await room.open('create')
    const theirs = await room.open('create')
    await room.until(() => room.nodes.every(({ cluster }) => cluster.status().role === 'leader'), 'each leads its own')
    await room.done(room.write(ours, 'ours'))
    await room.done(room.write(theirs, 'theirs'))
    await room.pass(5_000)
    expect(ours.chronicle.lines).toEqual(['ours'])
    expect(theirs.chronicle.lines).toEqual(['theirs'])
    const joiner = await room.open('join')
    await room.until(() => joiner.cluster.status().state === 'running', 'a joiner is in one of them')
    const host = [ours, theirs].find(({ cluster }) => cluster.status().clusterId === joiner.cluster.status().clusterId)
    await room.until(() => host !== undefined && isVoter(host, joiner), 'it votes there')
    const other = host === ours ? theirs : ours
    await room.pass(5_000)
    expect(joiner.chronicle.lines).toEqual(host?.chronicle.lines)
    expect(isVoter(other, joiner)).toBe(false)
    await room.done(room.write(other, 'alone'))
    expect(joiner.chronicle.lines).not.toContain('alone')
  })
})
