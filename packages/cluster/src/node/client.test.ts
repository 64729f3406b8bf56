/** What a client of the room is promised: exactly once, and a typed reason where that cannot be. */
import { afterEach, describe, expect, it } from 'vitest'
import { type TestNode, TestRoom } from '../fixtures/room.ts'
import { MAX_COMMAND_BYTES } from '../wire/command.ts'

let room: TestRoom

afterEach(async () => {
  await Promise.all(room.nodes.map(({ cluster }) => cluster.close()))
})

const sessionEntries = (node: TestNode, text: RegExp): number =>
  node.trace.flatMap(event => (event.type === 'appended' ? event.entries : [])).filter(entry => text.test(entry.text))
    .length

describe('a command', () => {
  it('whose answer is lost is sent again, takes effect once, and gets its first answer', async () => {
    room = new TestRoom({ autopilot: { deadAfterMs: 1e9 } })
    await room.settled(5)
    const leader = room.mustLead()
    const [client] = room.followers()
    if (client === undefined) throw new Error('no follower')
    await room.done(room.write(client, 'first'))

    // The request arrives, and everything that could tell its sender what became of it is lost.
    for (const { faults } of room.nodes) faults.linkDelayMs = 10
    const answer = room.write(client, 'once')
    await room.until(() => sessionEntries(leader, /^once$/) === 1, 'it is appended at the leader')
    leader.faults.cut.add(client.id)
    await room.until(() => leader.chronicle.lines.includes('once'), 'it is applied at the leader')
    await room.done(room.write(leader, 'later'))
    expect(client.chronicle.lines).toEqual(['first'])
    leader.cluster.crash()
    await room.until(() => room.leader() !== undefined, 'another leads')

    expect(await room.done(answer)).toMatchObject({ result: 2 })
    expect(client.chronicle.lines.filter(line => line === 'once')).toHaveLength(1)
  })

  it('is refused where it is made if it is too long', async () => {
    room = new TestRoom()
    const only = await room.open('create')
    await expect(room.write(only, 'x'.repeat(MAX_COMMAND_BYTES))).rejects.toMatchObject({ kind: 'TooLarge' })
    const longest = 'x'.repeat(MAX_COMMAND_BYTES - 2)
    expect((await room.done(room.write(only, longest))).result).toBe(1)
  })

  it('waits for a leader, and says that it was not sent when there is none in time', async () => {
    room = new TestRoom()
    await room.settled(3)
    const [a, b, c] = room.nodes
    if (a === undefined || b === undefined || c === undefined) throw new Error('three nodes')
    b.cluster.crash()
    c.cluster.crash()
    await room.until(() => a.cluster.status().leader === undefined, 'it leads nobody')
    await expect(room.done(room.write(a, 'nobody', 2_000))).rejects.toMatchObject({
      kind: 'Timeout',
      message: expect.stringContaining('was not sent'),
    })
    const patient = room.write(a, 'patient', 60_000)
    await room.done(Promise.all([b.cluster.restart(), c.cluster.restart()]))
    await room.done(patient)
    expect(a.chronicle.lines).toEqual(['patient'])
  })

  it('is refused as Overloaded when too many wait already', async () => {
    room = new TestRoom()
    const joiner = await room.open('join')
    const waiting = Array.from({ length: 10_000 }, (_, i) => room.write(joiner, `line ${i}`, 5_000))
    const outcomes = Promise.allSettled(waiting)
    await expect(room.write(joiner, 'one more')).rejects.toMatchObject({ kind: 'Overloaded' })
    const results = await room.done(outcomes)
    expect(results.every(({ status }) => status === 'rejected')).toBe(true)
  })

  it('comes through when the leader has more to do than it takes at once', async () => {
    room = new TestRoom({ raft: { maxUncommittedBytes: 2_000 } })
    await room.settled(3)
    const leader = room.mustLead()
    const [client] = room.followers()
    if (client === undefined) throw new Error('no follower')
    for (const { faults } of room.nodes) faults.linkDelayMs = 10
    const lines = Array.from({ length: 200 }, (_, i) => `line ${i}`)
    await room.done(Promise.all(lines.map((line, i) => room.write(i % 2 === 0 ? leader : client, line, 60_000))))
    await room.until(() => client.chronicle.lines.length === 200, 'all are applied')
    expect([...client.chronicle.lines].toSorted()).toEqual(lines.toSorted())
    expect(client.chronicle.lines).toEqual(leader.chronicle.lines)
  })
})

// 50 commands came to stand in the log three times each while a write took 4 s; all but the first had no effect.
describe('a command that is under way', () => {
  it('is not appended again when its sender asks again, because the leader’s disk is slow', async () => {
    room = new TestRoom({ autopilot: { deadAfterMs: 1e9 } })
    await room.settled(3)
    const leader = room.mustLead()
    const [client] = room.followers()
    if (client === undefined) throw new Error('no follower')
    await room.done(room.write(client, 'a session is open'))
    for (const { faults } of room.nodes) faults.writeDelayMs = 4_000
    const lines = Array.from({ length: 50 }, (_, i) => `line ${i}`)
    await room.done(Promise.all(lines.map(line => room.write(client, line, 60_000))))
    expect(sessionEntries(leader, /^line /)).toBe(50)
  })
})

describe('a leader that removes itself', () => {
  it('is told that it is done, however slow its own disk is', async () => {
    room = new TestRoom()
    await room.settled(3)
    const leader = room.mustLead()
    leader.faults.writeDelayMs = 2_000
    await room.done(leader.cluster.removeMember(leader.id))
    const others = room.nodes.filter(({ id }) => id !== leader.id)
    await room.until(() => room.voters(others) === 2, 'the others go on without it')
  })
})

describe('a session', () => {
  it('is opened once, and serves all commands of a node', async () => {
    room = new TestRoom()
    await room.settled(3)
    const leader = room.mustLead()
    for (const node of room.nodes) for (let i = 0; i < 3; i++) await room.done(room.write(node, `${node.id} ${i}`))
    expect(sessionEntries(leader, /^open a session/)).toBe(3)
  })

  it('that nobody uses ends by an entry in the log, and its client opens another without noticing', async () => {
    room = new TestRoom()
    const only = await room.open('create')
    await room.done(room.write(only, 'before'))
    await room.until(() => sessionEntries(only, /^end 1 idle/) === 1, 'the session ends', 15 * 60_000)
    await room.done(room.write(only, 'after'))
    expect(only.chronicle.lines).toEqual(['before', 'after'])
    expect(sessionEntries(only, /^open a session/)).toBe(2)
  })
})

describe('events', () => {
  it('tell of leaders, of what was applied, and of links', async () => {
    room = new TestRoom()
    const a = await room.open('create')
    const told: string[] = []
    a.cluster.on('leader', ({ leader, term }) => told.push(`${leader === a.id ? 'I lead' : leader} ${term}`))
    a.cluster.on('peer', ({ up }) => told.push(up ? 'up' : 'down'))
    const stop = a.cluster.on('applied', () => told.push('applied'))
    await room.until(() => a.cluster.status().role === 'leader', 'it leads')
    await room.done(room.write(a, 'one'))
    stop()
    await room.done(room.write(a, 'two'))
    const b = await room.open('join')
    await room.until(() => b.cluster.status().state === 'running', 'b is a member')
    expect(told.filter((line, i) => told.indexOf(line) === i)).toEqual(['undefined 2', 'I lead 2', 'applied', 'up'])
  })
})
