/** What applications change by hand: who belongs, who votes, who leads; through any node, and never so that a room gets stuck. */
import { afterEach, describe, expect, it } from 'vitest'
import { type TestNode, TestRoom } from '../fixtures/room.ts'
import { memoryDevice } from '../memory/memory-storage.ts'
import { MAX_ROOM_MEMBERS } from './autopilot-options.ts'

let room: TestRoom

afterEach(async () => {
  await Promise.all(room.nodes.map(({ cluster }) => cluster.close()))
})

async function closeTab(node: TestNode): Promise<void> {
  room.nodes.splice(room.nodes.indexOf(node), 1)
  await node.cluster.close()
}

const memberIds = ({ cluster }: TestNode): readonly string[] => cluster.status().members.map(({ id }) => id)

const isVoter = (seenBy: TestNode, id: string): boolean =>
  seenBy.cluster.status().members.some(member => member.id === id && member.voter)

/** A room of so many, and two of its followers. */
async function settled(count: number): Promise<readonly [TestNode, TestNode, TestNode]> {
  room = new TestRoom()
  await room.settled(count)
  await room.pass(1_000)
  const [a, b] = room.followers()
  if (a === undefined || b === undefined) throw new Error('two followers')
  return [room.mustLead(), a, b]
}

describe('a name that nobody has', () => {
  it('added to a room of one does not brick it, nor after a restart: it is a learner that counts in no majority', async () => {
    room = new TestRoom()
    const only = await room.open('create')
    await room.until(() => only.cluster.status().role === 'leader', 'it leads')
    const error = await room.done(only.cluster.addMember('typo').catch((caught: unknown) => caught))
    expect(error).toMatchObject({ kind: 'Timeout', message: expect.stringContaining('votes once it has been heard') })
    await room.done(room.write(only, 'still'))
    await closeTab(only)
    const again = await room.open('open', only.device)
    await room.done(room.write(again, 'works'))
    expect(again.chronicle.lines).toEqual(['still', 'works'])
    expect(isVoter(again, 'typo')).toBe(false)
    await room.done(again.cluster.removeMember('typo'))
    expect(memberIds(again)).toEqual([again.id])
  })

  it.each(['', 'a b', 'x'.repeat(65), 'ünïcode', 12, undefined, null])(
    '%o is refused before anything is appended',
    async id => {
      room = new TestRoom()
      const only = await room.open('create')
      await room.until(() => only.cluster.status().role === 'leader', 'it leads')
      const { lastIndex } = only.cluster.status()
      // @ts-expect-error: what a program without types may hand over
      await expect(only.cluster.addMember(id)).rejects.toMatchObject({ kind: 'MembershipRefused' })
      // @ts-expect-error: what a program without types may hand over
      await expect(only.cluster.removeMember(id)).rejects.toMatchObject({ kind: 'MembershipRefused' })
      expect(only.cluster.status().lastIndex).toBe(lastIndex)
    },
  )
})

describe('a voter that is added', () => {
  it('is a learner until it has caught up, and then votes however many do', async () => {
    room = new TestRoom({ autopilot: { maxVoters: 1 } })
    const founder = await room.open('create')
    const joiner = await room.open('join')
    await room.until(() => joiner.cluster.status().state === 'running', 'it is a learner')
    await room.done(founder.cluster.addMember(joiner.id))
    expect(isVoter(founder, joiner.id)).toBe(true)
    await expect(founder.cluster.addMember(joiner.id)).rejects.toMatchObject({ kind: 'MembershipRefused' })
  })
})

describe('any node', () => {
  it('can add, remove and hand over: it asks whoever leads', async () => {
    const [leader, a, b] = await settled(3)
    await room.done(b.cluster.transferLeadership(a.id))
    await room.until(() => room.leader() === a, 'it was handed over')
    await room.done(leader.cluster.removeMember(b.id))
    expect(memberIds(a)).not.toContain(b.id)
    await room.done(leader.cluster.addMember(b.id))
    expect(isVoter(a, b.id)).toBe(true)
    await room.done(leader.cluster.transferLeadership())
    await room.until(() => room.leader() !== undefined && room.leader() !== a, 'to whoever is placed best')
  })

  it('is told why the leader refuses', async () => {
    const [leader, a, b] = await settled(3)
    for (const { cluster } of [leader, a]) {
      const refused = (promise: Promise<void>) => room.done(promise.catch((caught: unknown) => caught))
      expect(await refused(cluster.addMember(b.id))).toMatchObject({ kind: 'MembershipRefused', message: /alreadySo/ })
      expect(await refused(cluster.removeMember('nobody'))).toMatchObject({ kind: 'MembershipRefused' })
      expect(await refused(cluster.transferLeadership('nobody'))).toMatchObject({ kind: 'TransferRefused' })
    }
    await expect(a.cluster.resign()).rejects.toMatchObject({ kind: 'NotLeader' })
  })

  it('asks the next leader when the one it asked is gone, and no change is made twice', async () => {
    const [leader, a, b] = await settled(3)
    room.cut([leader], [a, b])
    const adding = a.cluster.addMember('newcomer', 'learner', { timeoutMs: 30_000 })
    await room.until(() => room.leader([a, b]) !== undefined, 'another leads')
    room.heal()
    await room.done(adding)
    expect(memberIds(a).filter(id => id === 'newcomer')).toHaveLength(1)
  })

  it('gives up in time where nobody leads', async () => {
    const [leader, a, b] = await settled(3)
    for (const node of [leader, b]) await closeTab(node)
    const error = await room.done(a.cluster.addMember('x', 'learner', { timeoutMs: 3_000 }).catch((e: unknown) => e))
    expect(error).toMatchObject({ kind: 'Timeout' })
    await expect(a.cluster.addMember('x', 'learner', { timeoutMs: Number.NaN })).rejects.toMatchObject({
      kind: 'InvalidOptions',
    })
  })
})

describe('a node that is removed while it runs', () => {
  it('stays out, says so, and is let in again when somebody adds it, also by another leader', async () => {
    const [leader, a, b] = await settled(3)
    await room.done(leader.cluster.removeMember(b.id))
    await room.until(() => b.cluster.status().refusal === 'Removed', 'it is told')
    await room.pass(30_000)
    expect(memberIds(leader)).not.toContain(b.id)
    expect(b.cluster.status()).toMatchObject({ leader: undefined, refusal: 'Removed' })

    await room.done(leader.cluster.transferLeadership(a.id))
    await room.pass(30_000)
    expect(memberIds(a)).not.toContain(b.id)
    await room.done(a.cluster.addMember(b.id))
    await room.until(() => b.cluster.status().refusal === undefined && isVoter(b, b.id), 'it is back')
    expect(b.cluster.status().name).toBe('S4')
  })

  it('stays out also when its tab is opened anew', async () => {
    const [leader, , b] = await settled(3)
    await room.done(leader.cluster.removeMember(b.id))
    await closeTab(b)
    const again = await room.open('join', b.device)
    expect(again.id).toBe(b.id)
    await room.until(() => again.cluster.status().refusal === 'Removed', 'it is told', 30_000)
    await room.pass(10_000)
    expect(memberIds(leader)).not.toContain(b.id)
  })
})

describe('the leader', () => {
  // It was told nothing of what became of its own removal, which nobody tells the removed.
  it.each(['itself', 'another'] as const)('is removed like any other, asked by %s', async who => {
    const [leader, a] = await settled(3)
    // The others commit it long before its own disk has it.
    leader.faults.writeDelayMs = 2_000
    await room.done((who === 'itself' ? leader : a).cluster.removeMember(leader.id))
    await room.until(() => leader.cluster.status().refusal === 'Removed', 'it is told', 30_000)
    const others = room.nodes.filter(node => node !== leader)
    await room.until(() => room.leader(others) !== undefined, 'another leads')
    await room.done(room.write(a, 'without it'))
  })
})

describe('a node that leaves', () => {
  it.each(['leader', 'follower'] as const)(
    '(the %s) is no member once that resolves, and its database is gone',
    async who => {
      const [leader, a] = await settled(3)
      const leaving = who === 'leader' ? leader : a
      room.nodes.splice(room.nodes.indexOf(leaving), 1)
      await room.done(leaving.cluster.leave())
      expect(leaving.cluster.status().state).toBe('closed')
      expect((await leaving.device.storage('test').survey()).nodes).toEqual([])
      await room.until(() => room.nodes.every(node => !memberIds(node).includes(leaving.id)), 'nobody counts on it')
      await room.done(room.write(room.mustLead(), 'without it'))
    },
  )

  it('may come again as somebody new, and a node that only closes is a member still', async () => {
    const [leader, a] = await settled(3)
    room.nodes.splice(room.nodes.indexOf(a), 1)
    await room.done(a.cluster.leave())
    const again = await room.open('join', a.device)
    expect(again.id).not.toBe(a.id)
    await room.until(() => room.voters() === 3, 'it is let in')
    await closeTab(again)
    await room.pass(10_000)
    expect(memberIds(leader)).toContain(again.id)
  })

  // It left behind two voters of which one was lost: neither its going was ever committed, nor anybody elected again.
  it.each(['leaves', 'is removed'] as const)(
    'while another voter is lost (%s) takes no majority with it: a learner votes in its place',
    async how => {
      room = new TestRoom({ autopilot: { maxVoters: 3, deadAfterMs: Number.POSITIVE_INFINITY } })
      await room.settled(3)
      const leader = room.mustLead()
      const [leaving, lost] = room.followers()
      if (leaving === undefined || lost === undefined) throw new Error('two followers')
      const learner = await room.open('join')
      await room.until(() => learner.cluster.status().state === 'running', 'it is a learner')
      lost.cluster.crash()
      await room.pass(3_000)
      if (how === 'leaves') {
        room.nodes.splice(room.nodes.indexOf(leaving), 1)
        await room.done(leaving.cluster.leave())
      } else await room.done(leader.cluster.removeMember(leaving.id))
      await room.until(() => isVoter(learner, learner.id), 'the learner votes')
      expect(memberIds(leader)).not.toContain(leaving.id)
      await room.done(room.write(learner, 'without it'))
    },
  )

  it('while another voter is lost, and nobody could vote in its place, waits until the lost one counts no more', async () => {
    const [leader, leaving, lost] = await settled(3)
    lost.cluster.crash()
    await room.pass(3_000)
    const left = leaving.cluster.leave({ timeoutMs: 5_000 }).catch((caught: unknown) => caught)
    await room.done(room.write(leader, 'meanwhile'))
    expect(await room.done(left)).toMatchObject({ kind: 'Timeout' })
    await room.done(room.write(leaving, 'goes on'))
    room.nodes.splice(room.nodes.indexOf(leaving), 1)
    await room.done(leaving.cluster.leave({ timeoutMs: 60_000 }), 'the lost one is demoted first', 70_000)
    await room.done(room.write(leader, 'alone'))
  })

  // It was gone as soon as both majorities had agreed that it goes, of which it was one: nobody could be elected again.
  it('as the only voter, stays until whoever votes in its place can lead without it', async () => {
    room = new TestRoom({ autopilot: { maxVoters: 1 } })
    let heir: TestNode | undefined
    const only: TestNode = await room.open('create', memoryDevice(), {
      onTrace: event => {
        const isBoths = event.type === 'configuration' && event.configuration.oldVoters.length > 0
        if (isBoths && event.stage === 'committed' && heir !== undefined) only.faults.cut.add(heir.id)
      },
    })
    const learner = await room.open('join')
    heir = learner
    await room.until(() => learner.cluster.status().state === 'running', 'it is a learner')
    await room.pass(1_000)
    let hasLeft = false
    const left = only.cluster.leave({ timeoutMs: 60_000 }).then(() => {
      hasLeft = true
    })
    await room.until(() => only.faults.cut.size > 0, 'both majorities have agreed')
    await room.pass(5_000)
    expect(hasLeft).toBe(false)
    heir = undefined
    only.faults.cut.clear()
    room.nodes.splice(room.nodes.indexOf(only), 1)
    await room.done(left)
    await room.done(room.write(learner, 'alone'))
    expect(memberIds(learner)).toEqual([learner.id])
  })

  // The second time found no member in a configuration that was never committed, and deleted the only database that was left.
  it('asked twice, has not left before that is committed, and its database stays', async () => {
    room = new TestRoom()
    await room.settled(2)
    const leader = room.mustLead()
    const [other] = room.followers()
    if (other === undefined) throw new Error('a follower')
    await room.done(room.write(leader, 'before'))
    const leaving = [leader.cluster.leave({ timeoutMs: 2_000 })]
    other.cluster.crash()
    await room.until(() => !memberIds(leader).includes(leader.id), 'it has appended that it goes')
    leaving.push(leader.cluster.leave({ timeoutMs: 2_000 }))
    const refused = leaving.map(left => expect(left).rejects.toMatchObject({ kind: 'Timeout' }))
    await room.pass(3_000)
    await Promise.all(refused)
    expect((await leader.device.storage('test').survey()).nodes).toHaveLength(1)
    expect(leader.cluster.status().state).not.toBe('closed')
  })

  it('cannot where nobody would be left, and runs on', async () => {
    room = new TestRoom()
    const only = await room.open('create')
    await room.until(() => only.cluster.status().role === 'leader', 'it leads')
    await expect(only.cluster.leave()).rejects.toMatchObject({ kind: 'MembershipRefused' })
    await room.done(room.write(only, 'still here'))
  })
})

describe('a swap', () => {
  it('asked for through a learner, lets a learner vote in the place of a voter, again and again', async () => {
    room = new TestRoom({ autopilot: { maxVoters: 3 } })
    await room.settled(3)
    const leader = room.mustLead()
    const learner = await room.open('join')
    await room.open('join')
    const votersNow = (): readonly string[] =>
      leader.cluster
        .status()
        .members.filter(({ voter }) => voter)
        .map(({ id }) => id)
        .sort()
    await room.until(() => memberIds(leader).length === 5, 'five are members')
    await room.pass(2_000)
    for (let i = 0; i < 5; i++) {
      const before = votersNow()
      await room.done(learner.cluster.swapVoter())
      await room.until(() => votersNow().length === 3, 'the joint configuration is left')
      const after = votersNow()
      expect(after.filter(id => !before.includes(id))).toHaveLength(1)
      expect(after).toContain(leader.id)
      await room.pass(2_000)
    }
    await room.done(room.write(learner, 'still works'))
  })

  it('is refused where nobody is there who could vote', async () => {
    const [leader, follower] = await settled(3)
    for (const { cluster } of [leader, follower])
      await expect(room.done(cluster.swapVoter())).rejects.toMatchObject({ kind: 'MembershipRefused' })
  })
})

describe('a full room', () => {
  it('lets nobody in while all are there, and says so; the longest gone makes room', async () => {
    room = new TestRoom()
    const founder = await room.open('create')
    await room.until(() => founder.cluster.status().role === 'leader', 'it leads')
    const gone = Array.from({ length: MAX_ROOM_MEMBERS - 2 }, (_, i) => `gone-${i}`)
    for (const id of gone) await room.done(founder.cluster.addMember(id, 'learner'))
    const second = await room.open('join')
    await room.until(() => memberIds(founder).includes(second.id), 'the last place')
    expect(memberIds(founder)).toHaveLength(MAX_ROOM_MEMBERS)
    await expect(founder.cluster.addMember('one-more', 'learner')).rejects.toMatchObject({ kind: 'RoomFull' })

    const third = await room.open('join')
    await room.until(() => third.cluster.status().refusal === 'RoomFull', 'it is told')
    expect(third.cluster.status().state).toBe('joining')
    await room.until(() => third.cluster.status().state === 'running', 'the dead make room', 90_000)
    expect(third.cluster.status().refusal).toBe(undefined)
    // The one that was added first has been silent for longest.
    expect(memberIds(founder)).not.toContain('gone-0')
    expect(memberIds(founder)).toContain(gone.at(-1))
    expect(memberIds(founder)).toHaveLength(MAX_ROOM_MEMBERS)
  })

  it('forgets a learner that is gone for a day, and lets it in again when it is back', async () => {
    room = new TestRoom({ autopilot: { maxVoters: 1, forgetAfterMs: 120_000 } })
    const founder = await room.open('create')
    const learner = await room.open('join', memoryDevice())
    await room.until(() => learner.cluster.status().state === 'running', 'it is a learner')
    await closeTab(learner)
    await room.pass(110_000)
    expect(memberIds(founder)).toContain(learner.id)
    await room.until(() => !memberIds(founder).includes(learner.id), 'it is forgotten')
    const last = founder.trace.filter(event => event.type === 'configuration').at(-1)
    expect(last).toMatchObject({ stage: 'committed', configuration: { members: [{ id: founder.id }], expelled: [] } })
    const back = await room.open('join', learner.device)
    expect(back.id).toBe(learner.id)
    await room.until(() => memberIds(founder).includes(back.id), 'it is let in', 60_000)
  })
})
