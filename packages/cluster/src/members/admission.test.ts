/** Rooms in which somebody is asked before a newcomer is let in. */
import { afterEach, describe, expect, it } from 'vitest'
import { type TestNode, TestRoom } from '../fixtures/room.ts'
import { memoryDevice } from '../memory/memory-storage.ts'

let room: TestRoom

afterEach(async () => {
  await Promise.all(room.nodes.map(({ cluster }) => cluster.close()))
})

/** A room of so many that asks, and a newcomer at its door. */
async function knocked(count: number): Promise<{ leader: TestNode; follower: TestNode; newcomer: TestNode }> {
  room = new TestRoom()
  await room.settled(count)
  const [follower] = room.followers()
  if (follower === undefined) throw new Error('a follower')
  const leader = room.mustLead()
  await room.done(follower.cluster.setAdmission('asked'))
  const newcomer = await room.open('join')
  await room.until(
    () => [leader, follower].every(({ cluster }) => cluster.status().waiting.includes(newcomer.id)),
    'every member sees who waits',
  )
  return { leader, follower, newcomer }
}

describe('where somebody is asked', () => {
  it('a newcomer waits, is told so, and learns nothing until a person at any node lets it in', async () => {
    const { leader, follower, newcomer } = await knocked(3)
    await room.done(room.write(leader, 'private'))
    await room.pass(20_000)
    expect(newcomer.cluster.status()).toMatchObject({ state: 'joining', refusal: 'Waiting', lastIndex: 0, waiting: [] })
    expect(newcomer.chronicle.lines).toEqual([])
    await room.done(follower.cluster.admit(newcomer.id))
    await room.until(() => newcomer.chronicle.lines.includes('private'), 'it is told everything')
    expect(newcomer.cluster.status()).toMatchObject({ state: 'running', refusal: undefined, admission: 'asked' })
    expect(leader.cluster.status().waiting).toEqual([])
    await room.done(follower.cluster.admit(newcomer.id))
  })

  it('one that is refused is told so, and nobody is asked again, whoever leads; added by hand it comes in', async () => {
    const { leader, follower, newcomer } = await knocked(3)
    await room.done(follower.cluster.admit(newcomer.id, 'refuse'))
    await room.until(() => newcomer.cluster.status().refusal === 'Refused', 'it is told')
    expect(leader.cluster.status().waiting).toEqual([])
    await room.done(leader.cluster.transferLeadership(follower.id))
    await room.pass(20_000)
    expect(newcomer.cluster.status()).toMatchObject({ state: 'joining', refusal: 'Refused' })
    expect(follower.cluster.status().waiting).toEqual([])
    await room.done(leader.cluster.addMember(newcomer.id, 'learner'))
    await room.until(() => newcomer.cluster.status().state === 'running', 'it is in')
  })

  it('the rule outlives every node that heard of it, and the log', async () => {
    room = new TestRoom({ raft: { snapshotThresholdEntries: 5 } })
    const only = await room.open('create')
    await room.until(() => only.cluster.status().role === 'leader', 'it leads')
    await room.done(only.cluster.setAdmission('asked'))
    for (let i = 0; i < 20; i++) await room.done(room.write(only, `${i}`))
    expect(only.cluster.status().snapshotIndex).toBeGreaterThan(0)
    await only.cluster.close()
    room.nodes.pop()
    const again = await room.open('open', only.device)
    const newcomer = await room.open('join')
    await room.until(() => again.cluster.status().waiting.includes(newcomer.id), 'it waits')
    await room.pass(10_000)
    expect(newcomer.cluster.status().refusal).toBe('Waiting')
    await room.done(again.cluster.setAdmission('open'))
    await room.until(() => newcomer.cluster.status().state === 'running', 'the door is open')
  })

  it('at most sixteen are shown, and one that goes is not', async () => {
    room = new TestRoom()
    const only = await room.open('create')
    await room.until(() => only.cluster.status().role === 'leader', 'it leads')
    await room.done(only.cluster.setAdmission('asked'))
    const newcomers = []
    for (let i = 0; i < 18; i++) newcomers.push(await room.open('join'))
    await room.until(() => only.cluster.status().waiting.length === 16, 'sixteen wait')
    for (const newcomer of newcomers.slice(0, 17)) {
      room.nodes.splice(room.nodes.indexOf(newcomer), 1)
      await newcomer.cluster.close()
    }
    await room.until(() => only.cluster.status().waiting.length === 1, 'only the last is there', 20_000)
    expect(only.cluster.status().waiting).toEqual([newcomers[17]?.id])
  })

  it('a member that is back is not asked about', async () => {
    const { leader, follower, newcomer } = await knocked(3)
    await room.done(leader.cluster.admit(newcomer.id, 'refuse'))
    room.nodes.splice(room.nodes.indexOf(follower), 1)
    await follower.cluster.close()
    const back = await room.open('join', follower.device)
    await room.until(() => back.cluster.status().leader !== undefined, 'it is back')
    expect(back.id).toBe(follower.id)
    expect(leader.cluster.status().waiting).toEqual([])
  })

  it('what makes no sense is refused before it is sent', async () => {
    const { leader } = await knocked(2)
    // @ts-expect-error: what a program without types may hand over
    await expect(leader.cluster.setAdmission('shut')).rejects.toMatchObject({ kind: 'InvalidOptions' })
    // @ts-expect-error: what a program without types may hand over
    await expect(leader.cluster.admit('x', 'maybe')).rejects.toMatchObject({ kind: 'InvalidOptions' })
    await expect(leader.cluster.admit('')).rejects.toMatchObject({ kind: 'MembershipRefused' })
  })
})

describe('a member that was away while others were let in', () => {
  it('believes them once one that it knows vouches for them', async () => {
    room = new TestRoom()
    await room.settled(3)
    await room.done(room.mustLead().cluster.setAdmission('asked'))
    const leader = room.mustLead()
    const [stays, away] = room.followers()
    if (stays === undefined || away === undefined) throw new Error('two followers')
    await room.pass(1_000)
    room.cut([away], [leader, stays])
    const newcomer = await room.open('join', memoryDevice())
    room.cut([away], [newcomer])
    await room.until(() => leader.cluster.status().waiting.includes(newcomer.id), 'it waits')
    await room.done(leader.cluster.admit(newcomer.id))
    await room.until(() => room.voters([leader, stays, newcomer]) === 4, 'it votes', 120_000)
    await room.done(leader.cluster.transferLeadership(newcomer.id))
    await room.until(() => room.leader([leader, stays, newcomer]) === newcomer, 'it leads')
    room.heal()
    await room.until(() => room.leader() === newcomer, 'the one that was away follows it')
  })

  // The others said nothing by themselves: in their configuration nobody was expelled any more.
  it('learns that somebody who was expelled is one of them again, and follows it', async () => {
    room = new TestRoom()
    await room.settled(4)
    const leader = room.mustLead()
    const [expelled, away, stays] = room.followers()
    if (expelled === undefined || away === undefined || stays === undefined) throw new Error('three followers')
    await room.done(leader.cluster.removeMember(expelled.id))
    const hasExpelled = () => away.cluster.status().members.every(({ id }) => id !== expelled.id)
    await room.until(() => hasExpelled(), 'it knows')
    await room.pass(1_000)
    room.cut([away], [leader, stays, expelled])
    await room.done(leader.cluster.addMember(expelled.id))
    await room.until(() => room.voters([leader, stays, expelled]) === 4, 'it votes', 120_000)
    await room.done(leader.cluster.transferLeadership(expelled.id))
    await room.until(() => room.leader([leader, stays, expelled]) === expelled, 'it leads')
    expect(hasExpelled()).toBe(true)
    room.heal()
    await room.until(() => room.leader() === expelled, 'the one that was away follows it')
  })

  it('listens to strangers after a while when nobody it knows is left, or the room could never go on', async () => {
    room = new TestRoom({ autopilot: { deadAfterMs: 600_000 } })
    await room.settled(3)
    await room.done(room.mustLead().cluster.setAdmission('asked'))
    await room.pass(1_000)
    const leader = room.mustLead()
    const [leaves, away] = room.followers()
    if (leaves === undefined || away === undefined) throw new Error('two followers')
    room.cut([away], [leader, leaves])
    const newcomer = await room.open('join')
    room.cut([away], [newcomer])
    await room.until(() => leader.cluster.status().waiting.includes(newcomer.id), 'it waits')
    await room.done(leader.cluster.addMember(newcomer.id))
    await room.done(leader.cluster.removeMember(leaves.id))
    leader.cluster.crash()
    leaves.cluster.crash()
    room.heal()
    expect(away.cluster.status().members.map(({ id }) => id)).not.toContain(newcomer.id)
    await room.until(() => room.leader([away, newcomer]) === newcomer, 'the two go on', 120_000)
    expect(away.trace).toContainEqual(expect.objectContaining({ type: 'dropped', reason: 'not a member' }))
  })
})
