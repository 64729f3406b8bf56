/** Which node a tab should be: decided by the disks, and again while there is no leader. */
import { afterEach, describe, expect, it } from 'vitest'
import { electLeader } from '../elect-leader.ts'
import { type TestNode, TestRoom } from '../fixtures/room.ts'
import { type MemoryDevice, memoryDevice } from '../memory/memory-storage.ts'
import { removeStoredNode } from './open.ts'

let room: TestRoom

afterEach(async () => {
  await Promise.all(room.nodes.map(({ cluster }) => cluster.close()))
})

/** The tab is gone: nothing of it answers any more. */
async function closeTab(node: TestNode): Promise<void> {
  room.nodes.splice(room.nodes.indexOf(node), 1)
  await node.cluster.close()
}

const isVoter = (seenBy: TestNode, id: string): boolean =>
  seenBy.cluster.status().members.some(member => member.id === id && member.voter)

/** Two tabs of one browser, the second still a learner. */
async function voterAndLearner(device: MemoryDevice): Promise<readonly [TestNode, TestNode]> {
  room = new TestRoom()
  const first = await room.open('open', device)
  await room.until(() => first.cluster.status().role === 'leader', 'the first leads')
  const second = await room.open('open', device)
  await room.until(() => second.cluster.status().members.length === 2, 'the second is a learner')
  expect(isVoter(second, second.id)).toBe(false)
  return [first, second]
}

describe('the first tab, closed while the second is still a learner', () => {
  it('is not named as the leader for ever: the second takes up its node, and leads', async () => {
    const device = memoryDevice()
    const [first, second] = await voterAndLearner(device)
    await room.done(room.write(first, 'before'))
    const was = second.id
    const told: unknown[] = []
    second.cluster.on('identity', event => void told.push(event))
    await closeTab(first)
    expect(second.cluster.status().leader).toBe(undefined)
    expect(second.cluster.status().waitingFor).toMatchObject({ missing: [first.id], needed: 1, mayBeOutdated: false })
    await room.until(() => second.cluster.status().role === 'leader', 'the second leads', 10_000)
    expect(second.cluster.id).toBe(first.id)
    expect(told).toEqual([{ id: first.id, before: was }])
    await room.done(room.write(second, 'after'))
    expect(second.chronicle.lines).toEqual(['before', 'after'])

    const third = await room.open('open', device)
    expect(third.id).toBe(was)
    await room.until(() => isVoter(third, third.id), 'a third tab is let in')
  })

  it('dies without a goodbye: nobody is named after a silence, and the second takes its node up all the same', async () => {
    const device = memoryDevice()
    const [first, second] = await voterAndLearner(device)
    const election = second.cluster.status().leader
    expect(election).toBe(first.id)
    first.cluster.crash()
    device.crash(first.id)
    await room.until(() => second.cluster.status().leader === undefined, 'it is not named', 5_000)
    await room.until(() => second.cluster.status().role === 'leader', 'the second leads', 15_000)
  })

  it('takes no write with it that was not sent, and loses no read', async () => {
    const device = memoryDevice()
    const [first, second] = await voterAndLearner(device)
    await closeTab(first)
    const fates: string[] = []
    const written = second.cluster.propose('while nobody led', { onFate: ({ kind }) => void fates.push(kind) })
    const read = second.cluster.read(() => second.chronicle.lines.length)
    await room.done(written)
    expect(fates).toEqual(['queued', 'appended', 'committed', 'applied'])
    expect(await room.done(read)).toBeLessThanOrEqual(1)
  })

  it('lets a second that was never admitted go on as its node, and nothing is left of who that was', async () => {
    room = new TestRoom()
    const device = memoryDevice()
    const first = await room.open('open', device)
    await room.until(() => first.cluster.status().role === 'leader', 'the first leads')
    const faults = { isCut: () => true, delayMs: () => 0, persistDelayMs: () => 0 }
    const second = await room.open('open', device, { faults })
    await room.pass(3_000)
    expect(second.cluster.status().state).toBe('joining')
    await closeTab(first)
    await room.until(() => second.cluster.status().role === 'leader', 'the second leads')
    expect((await device.storage('test').survey()).nodes.map(({ nodeId }) => nodeId)).toEqual([first.id])
  })

  it('gets its own node back when it was only reloaded', async () => {
    const device = memoryDevice()
    const [first, second] = await voterAndLearner(device)
    await closeTab(first)
    await room.pass(1_000)
    const again = await room.open('open', device, { preferredNode: first.id })
    expect(again.id).toBe(first.id)
    await room.until(() => room.leader() !== undefined && room.voters() === 2, 'both vote')
    expect(second.cluster.id).toBe(second.id)
  })

  it('in another browser, is waited for by name, and comes back', async () => {
    room = new TestRoom()
    const first = await room.open('create')
    await room.until(() => first.cluster.status().role === 'leader', 'the first leads')
    const second = await room.open('join')
    await room.until(() => second.cluster.status().members.length === 2, 'the second is a learner')
    await closeTab(first)
    await room.pass(20_000)
    expect(second.cluster.status()).toMatchObject({
      leader: undefined,
      waitingFor: { missing: [first.id], needed: 1, mayBeOutdated: false },
    })
    await room.open('join', first.device)
    await room.until(() => room.leader() !== undefined && room.voters() === 2, 'both vote')
  })

  it('is in charge no more in an election', async () => {
    room = new TestRoom()
    const device = memoryDevice()
    const options = () => ({
      room: 'test',
      storage: (name: string) => device.storage(name),
      transport: (name: string) => room.network.transport(name),
      clock: room.clock,
    })
    const first = await electLeader(options())
    await room.until(() => first.current.isMe, 'the first is in charge')
    const second = await electLeader(options())
    await room.until(() => second.current.leader === first.id, 'the second knows')
    const { id } = second
    await first.close()
    expect(second.current.leader).toBe(undefined)
    await room.until(() => second.current.isMe, 'the second is in charge')
    expect([second.id, second.current.leader]).toEqual([first.id, first.id])
    expect(second.id).not.toBe(id)
    await second.close()
  })
})

describe('the first tab, closed while the second is just being made a voter', () => {
  // Neither could be elected without the other, and only one tab was left to drive either.
  it.each(['has not been told yet', 'has not answered yet'] as const)(
    '(who %s) leaves a room that goes on',
    async what => {
      const device = memoryDevice()
      const [first, second] = await voterAndLearner(device)
      await room.done(room.write(first, 'before'))
      if (what === 'has not been told yet') first.faults.linkDelayMs = 200
      second.faults.linkDelayMs = 200
      await room.until(
        () => isVoter(first, second.id) && (what === 'has not been told yet' || isVoter(second, second.id)),
        'it is made a voter',
      )
      expect(first.cluster.status().commitIndex).toBeLessThan(first.cluster.status().lastIndex)
      second.faults.linkDelayMs = 0
      await closeTab(first)
      await room.until(() => second.cluster.status().role === 'leader', 'the second leads', 30_000)
      await room.done(room.write(second, 'after'))
      expect(second.chronicle.lines).toEqual(['before', 'after'])
      await room.until(() => room.voters() === 1, 'it is the only voter')
      const third = await room.open('open', device)
      await room.until(() => isVoter(third, third.id), 'a third tab is let in')
      expect(third.chronicle.lines).toEqual(['before', 'after'])
    },
  )
})

describe('a tab that is opened', () => {
  it('takes up the node that was closed last, not the oldest, when a room was closed one tab at a time', async () => {
    room = new TestRoom()
    const device = memoryDevice()
    const first = await room.open('open', device)
    const second = await room.open('open', device)
    await room.until(() => room.voters() === 2 && room.leader() !== undefined, 'both vote')
    await closeTab(first)
    await room.until(() => room.leader() === second, 'the second leads alone')
    await room.done(room.write(second, 'last'))
    await closeTab(second)
    const again = await room.open('open', device, { preferredNode: first.id })
    expect(again.id).toBe(second.id)
    await room.done(room.write(again, 'more'))
    expect(again.chronicle.lines).toEqual(['last', 'more'])
  })

  it('becomes the node that is needed although it opened as an outdated voter, while the other was still closing', async () => {
    room = new TestRoom()
    const device = memoryDevice()
    const first = await room.open('open', device)
    const second = await room.open('open', device)
    await room.until(() => room.voters() === 2 && room.leader() !== undefined, 'both vote')
    await closeTab(first)
    await room.done(room.write(second, 'last'))
    room.cut([second], [])
    const faults = { isCut: () => true, delayMs: () => 0, persistDelayMs: () => 0 }
    const again = await room.open('open', device, { faults })
    expect(again.id).toBe(first.id)
    await closeTab(second)
    expect(again.cluster.status().waitingFor).toMatchObject({ missing: [second.id], needed: 1, mayBeOutdated: true })
    await room.until(() => again.cluster.status().role === 'leader', 'it leads as the second')
    expect(again.cluster.id).toBe(second.id)
  })

  it('prefers a learner to a node that was never admitted, whatever it was last', async () => {
    room = new TestRoom({ autopilot: { maxVoters: 1 } })
    const device = memoryDevice()
    const first = await room.open('open', device)
    const second = await room.open('open', device)
    await room.until(() => second.cluster.status().state === 'running', 'the second is a learner')
    const never = await room.open('open', device, {
      faults: { isCut: () => true, delayMs: () => 0, persistDelayMs: () => 0 },
    })
    const ids = [first.id, second.id, never.id]
    for (const node of room.nodes.slice().reverse()) await closeTab(node)
    const opened = [
      await room.open('open', device, { preferredNode: never.id }),
      await room.open('open', device, { preferredNode: never.id }),
      await room.open('open', device),
    ]
    expect(opened.map(({ id }) => id)).toEqual(ids)
  })
})

describe('a damaged database', () => {
  it.each(['Corrupt', 'NewerVersion'] as const)(
    '(%s) stops nobody: the next free node is taken, the damaged one is named, and can be deleted',
    async kind => {
      room = new TestRoom()
      const device = memoryDevice()
      const nodes = [await room.open('open', device), await room.open('open', device), await room.open('open', device)]
      await room.until(() => room.voters() === 3 && room.leader() !== undefined, 'all vote')
      const [first] = nodes
      if (first === undefined) throw new Error('three nodes')
      await room.done(room.write(first, 'kept'))
      await Promise.all(room.nodes.splice(0).map(({ cluster }) => cluster.close()))
      device.damage('test', first.id, kind)

      const [a, b] = [await room.open('open', device), await room.open('open', device)]
      expect([a.id, b.id]).not.toContain(first.id)
      await room.until(() => room.leader() !== undefined, 'two of three are enough')
      expect(await room.done(a.cluster.read(() => [...a.chronicle.lines]))).toEqual(['kept'])
      expect(a.cluster.status().damaged).toMatchObject([{ nodeId: first.id, error: { kind } }])

      const c = await room.open('open', device)
      await room.until(() => c.cluster.status().state === 'running', 'the third tab is a new node')
      expect(await a.cluster.removeDamaged('somebody else')).toBe(false)
      expect(await a.cluster.removeDamaged(first.id)).toBe(true)
      expect(a.cluster.status().damaged).toEqual([])
      expect((await device.storage('test').survey()).damaged).toEqual([])
    },
  )

  it('is not hidden by a new room where it was the only one: opening says so, until it is deleted', async () => {
    room = new TestRoom()
    const device = memoryDevice()
    const only = await room.open('open', device)
    await closeTab(only)
    device.damage('test', only.id)
    await expect(room.open('open', device)).rejects.toMatchObject({
      kind: 'NodesDamaged',
      damaged: [{ nodeId: only.id, error: { kind: 'Corrupt' } }],
    })
    await expect(room.open('create', device)).rejects.toMatchObject({ kind: 'AlreadyExists' })
    expect(await removeStoredNode({ room: 'test', storage: device.storage }, only.id)).toBe(true)
    const anew = await room.open('open', device)
    await room.until(() => anew.cluster.status().role === 'leader', 'a new room')
  })
})
