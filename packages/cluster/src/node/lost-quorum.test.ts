/** A node that knows of no majority says who is missing, how many of them it takes, and since when. */
import { afterEach, describe, expect, it } from 'vitest'
import { TestRoom } from '../fixtures/room.ts'
import { memoryDevice } from '../memory/memory-storage.ts'

let room: TestRoom

afterEach(async () => {
  await Promise.all(room.nodes.map(({ cluster }) => cluster.close()))
})

describe('a lost quorum', () => {
  it('is told by a leader within the time that it takes to notice, with who is missing and since when', async () => {
    room = new TestRoom()
    await room.settled(3)
    const leader = room.mustLead()
    const others = room.followers()
    expect(leader.cluster.status().waitingFor).toBe(undefined)

    const lostAt = room.clock.now()
    for (const { cluster } of others) cluster.crash()
    await room.until(() => leader.cluster.status().waitingFor !== undefined, 'it knows of no majority')
    const { mayBeOutdated, since } = leader.cluster.status().waitingFor ?? {}
    expect(mayBeOutdated).toBe(false)
    expect(since).toBeGreaterThanOrEqual(lostAt)
    expect(since).toBeLessThanOrEqual(room.clock.now())

    // However long it lasts and whatever is tried meanwhile, that was the moment.
    await room.pass(20_000)
    const lost = others.map(({ id }) => id)
    // Their links are up, as those of frozen tabs are.
    const told = leader.cluster.status().waitingFor
    expect(told).toMatchObject({ needed: 1, since })
    expect(new Set(told?.missing)).toEqual(new Set(lost))
  })

  it('is over when a majority is back, and begins anew when that is lost', async () => {
    room = new TestRoom()
    await room.settled(2)
    const leader = room.mustLead()
    const [other] = room.followers()
    if (other === undefined) throw new Error('there is another')
    room.cut([leader], [other])
    await room.until(() => leader.cluster.status().waitingFor !== undefined, 'it knows of no majority')
    const first = leader.cluster.status().waitingFor?.since ?? 0
    await room.pass(5_000)
    room.heal()
    await room.until(() => room.leader() !== undefined, 'a leader again')
    expect(leader.cluster.status().waitingFor).toBe(undefined)

    room.cut([leader], [other])
    await room.until(() => leader.cluster.status().waitingFor !== undefined, 'it knows of no majority again')
    expect(leader.cluster.status().waitingFor?.since).toBeGreaterThan(first + 5_000)
  })

  it('lasts since the node was opened, where it has heard of no leader since', async () => {
    room = new TestRoom()
    const device = memoryDevice()
    await room.open('create', device)
    await room.open('join')
    await room.until(() => room.voters() === 2, 'two voters')
    for (const { cluster } of room.nodes) cluster.crash()
    room.clock.advance(3_600_000)
    const openedAt = room.clock.now()
    const [first] = room.nodes
    if (first === undefined) throw new Error('there is one')
    await room.done(first.cluster.restart())
    await room.pass(10_000)
    expect(first.cluster.status().waitingFor).toMatchObject({ mayBeOutdated: true, since: openedAt })
  })

  it('is not told by a node that no configuration has reached yet', async () => {
    room = new TestRoom()
    const joiner = await room.open('join')
    await room.pass(5_000)
    expect(joiner.cluster.status().waitingFor).toBe(undefined)
  })
})
