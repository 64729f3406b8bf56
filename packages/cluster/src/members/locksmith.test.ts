/** Whoever is removed has the room's key: the others get another. */
import { afterEach, describe, expect, it } from 'vitest'
import type { ClusterOptions } from '../api.ts'
import { type TestNode, TestRoom } from '../fixtures/room.ts'
import type { MemoryDevice } from '../memory/memory-storage.ts'
import type { Transport } from '../transport.ts'

let room: TestRoom
let keysMade: number

afterEach(async () => {
  await Promise.all(room.nodes.map(({ cluster }) => cluster.close()))
})

/** What each transport was told, the newest last. */
const rekeyed = new Map<string, (readonly string[])[]>()

/** A transport that is closed by a key, and only notes what it is told of it. */
function withKey(): Partial<ClusterOptions<string, number>> {
  return {
    transport: name => {
      const inner = room.network.transport(name)
      let self = ''
      const transport: Transport = {
        open: (id, handler, options) => {
          self = id
          return inner.open(id, handler, options)
        },
        send: (to, frame, lane) => inner.send(to, frame, lane),
        peers: () => inner.peers(),
        close: () => inner.close(),
        keyed: {
          key: 'first',
          newKey: () => `key-${++keysMade}`,
          rekey: keys => rekeyed.set(self, [...(rekeyed.get(self) ?? []), keys]),
        },
      }
      return transport
    },
  }
}

async function settled(count: number, raft = {}): Promise<readonly TestNode[]> {
  keysMade = 0
  rekeyed.clear()
  room = new TestRoom({ raft })
  await room.open('create', undefined, withKey())
  for (let i = 1; i < count; i++) await room.open('join', undefined, withKey())
  await room.until(() => room.voters() === count && room.leader() !== undefined, 'they agree')
  await room.pass(1_000)
  return [room.mustLead(), ...room.followers()]
}

const keyOf = ({ cluster }: TestNode): string | undefined => cluster.status().key

const closed = async (node: TestNode): Promise<MemoryDevice> => {
  room.nodes.splice(room.nodes.indexOf(node), 1)
  await node.cluster.close()
  return node.device
}

describe('when somebody is removed', () => {
  it('the others get another key, and the removed one is told that it is out and nothing of the key', async () => {
    const [leader, other, removed] = await settled(3)
    if (leader === undefined || other === undefined || removed === undefined) throw new Error('three nodes')
    await room.done(other.cluster.removeMember(removed.id))
    await room.until(() => [leader, other].every(node => keyOf(node) === 'key-1'), 'both have the new key')
    await room.until(() => removed.cluster.status().refusal === 'Removed', 'it is told at once', 2_000)
    await room.pass(10_000)
    expect(keysMade).toBe(1)
    expect(keyOf(removed)).toBeUndefined()
    expect(rekeyed.get(removed.id)).toBeUndefined()
    expect(rekeyed.get(leader.id)).toEqual([['first', 'key-1']])
    expect(JSON.stringify(room.nodes.map(({ trace }) => trace))).not.toContain('key-1')
  })

  it('a member that was away learns it with the log, also from a snapshot; a newcomer too', async () => {
    const [leader, away, removed] = await settled(4, { snapshotThresholdEntries: 5 })
    if (leader === undefined || away === undefined || removed === undefined) throw new Error('three nodes')
    const device = await closed(away)
    await room.done(leader.cluster.removeMember(removed.id))
    await room.until(() => keyOf(leader) === 'key-1', 'there is a new key')
    for (let i = 0; i < 20; i++) await room.done(room.write(leader, `${i}`))
    const back = await room.open('join', device, withKey())
    await room.until(() => keyOf(back) === 'key-1', 'it has caught up')
    expect(rekeyed.get(back.id)?.at(-1)).toEqual(['first', 'key-1'])
    const newcomer = await room.open('join', undefined, withKey())
    await room.until(() => keyOf(newcomer) === 'key-1', 'it has it')
  })

  it('the leader itself, the next one makes the key', async () => {
    const [leader, ...others] = await settled(3)
    if (leader === undefined) throw new Error('a leader')
    await room.done(leader.cluster.removeMember(leader.id))
    await room.until(() => others.every(node => keyOf(node) === 'key-1'), 'the others have it')
    expect(keyOf(leader)).toBeUndefined()
  })

  it('and let in again, and removed again, there is another key each time; three are kept', async () => {
    const [leader, other, removed] = await settled(3)
    if (leader === undefined || other === undefined || removed === undefined) throw new Error('three nodes')
    for (const key of ['key-1', 'key-2', 'key-3']) {
      await room.done(leader.cluster.removeMember(removed.id))
      await room.until(() => keyOf(other) === key, `${key} is there`)
      await room.done(leader.cluster.addMember(removed.id))
    }
    expect(rekeyed.get(other.id)?.at(-1)).toEqual(['key-1', 'key-2', 'key-3'])
  })

  it('in a room that is closed by none, nothing of the kind happens', async () => {
    room = new TestRoom()
    await room.settled(3)
    const [other, removed] = room.followers()
    if (other === undefined || removed === undefined) throw new Error('two followers')
    await room.done(other.cluster.removeMember(removed.id))
    await room.pass(5_000)
    expect(keyOf(other)).toBeUndefined()
  })
})

describe('whoever leaves by itself', () => {
  it('leaves the key as it is', async () => {
    const [leader, leaving] = await settled(3)
    if (leader === undefined || leaving === undefined) throw new Error('two nodes')
    room.nodes.splice(room.nodes.indexOf(leaving), 1)
    await room.done(leaving.cluster.leave())
    await room.pass(5_000)
    expect(keyOf(leader)).toBeUndefined()
  })
})
