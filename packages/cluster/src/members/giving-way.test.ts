/** Leaders that give way, in whole rooms: to the preferred node, to a tab that people see, and because they are told to. */
import { afterEach, describe, expect, it } from 'vitest'
import { ClusterError } from '../api.ts'
import { type TestNode, TestRoom } from '../fixtures/room.ts'
import { memoryDevice } from '../memory/memory-storage.ts'

let room = new TestRoom()
afterEach(async () => {
  await Promise.all(room.nodes.map(({ cluster }) => cluster.close()))
})

/** Three voters, of which the last has priority. */
async function withPreferred(): Promise<TestNode> {
  room = new TestRoom()
  await room.open('create')
  await room.open('join')
  const preferred = await room.open('join', memoryDevice(), { priority: 5 })
  await room.until(() => room.voters() === 3, 'three voters')
  return preferred
}

describe('priority', () => {
  it('brings the preferred node to office, and back to it after it was gone; nothing is lost on the way', async () => {
    const preferred = await withPreferred()
    await room.until(() => room.leader() === preferred, 'the preferred node leads')
    preferred.cluster.crash()
    await room.until(() => room.leader() !== undefined, 'another leads')
    await room.done(room.write(room.mustLead(), 'meanwhile'))
    await preferred.cluster.restart()
    await room.until(() => room.leader() === preferred, 'it leads again')
    expect(preferred.chronicle.lines).toEqual(['meanwhile'])
  })

  it('does not make leadership go to and fro: the others never get it back from the preferred node', async () => {
    const preferred = await withPreferred()
    await room.until(() => room.leader() === preferred, 'the preferred node leads')
    const { term } = preferred.cluster.status()
    await room.pass(20_000)
    expect(preferred.cluster.status()).toMatchObject({ role: 'leader', term })
  })

  it('must be a whole number from 0 to 255', async () => {
    room = new TestRoom()
    for (const priority of [-1, 256, 0.5, Number.NaN]) {
      await expect(room.open('create', memoryDevice(), { priority })).rejects.toThrow(RangeError)
    }
  })
})

describe('a hidden tab', () => {
  it('hands leadership over to a visible one, whatever its priority, and takes it back when it is seen again', async () => {
    const preferred = await withPreferred()
    await room.until(() => room.leader() === preferred, 'the preferred node leads')
    preferred.cluster.setVisible(false)
    await room.until(() => room.leader() !== undefined && room.leader() !== preferred, 'a visible tab leads')
    const second = room.mustLead()
    second.cluster.setVisible(false)
    const third = room.followers().find(node => node !== preferred)
    await room.until(() => room.leader() === third, 'the only visible tab leads')
    preferred.cluster.setVisible(true)
    await room.until(() => room.leader() === preferred, 'the preferred node leads again')
  })

  it('leads on when there is nobody that is seen', async () => {
    room = new TestRoom()
    await room.settled(3)
    const leader = room.mustLead()
    const { term } = leader.cluster.status()
    for (const { cluster } of room.nodes) cluster.setVisible(false)
    await room.pass(20_000)
    expect(leader.cluster.status()).toMatchObject({ role: 'leader', term })
  })

  it('is passed over by a leader that says goodbye', async () => {
    room = new TestRoom()
    await room.settled(3)
    const leader = room.mustLead()
    const [hidden, visible] = room.followers()
    if (hidden === undefined || visible === undefined) throw new Error('two followers')
    hidden.cluster.setVisible(false)
    await room.pass(100)
    leader.cluster.goodbye()
    leader.cluster.crash()
    await room.until(() => room.leader() !== undefined, 'another leads')
    expect(room.leader()).toBe(visible)
  })
})

describe('resign', () => {
  it('hands over, and resolves when somebody else leads', async () => {
    room = new TestRoom()
    await room.settled(3)
    const leader = room.mustLead()
    await room.done(leader.cluster.resign())
    expect(leader.cluster.status().role).not.toBe('leader')
    await room.until(() => room.leader() !== undefined, 'another leads')
    expect(room.leader()).not.toBe(leader)
  })

  it('is refused at a node that does not lead, and where nobody can take over', async () => {
    room = new TestRoom()
    await room.settled(3)
    const [follower] = room.followers()
    await expect(follower?.cluster.resign()).rejects.toMatchObject({ kind: 'NotLeader' })
    const leader = room.mustLead()
    room.cut([leader], room.followers())
    const refused = await leader.cluster.resign().catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(ClusterError)
    expect(refused).toMatchObject({ kind: 'TransferRefused' })
    expect(leader.cluster.status().role).toBe('leader')
  })
})
