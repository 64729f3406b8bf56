/** Clients that are no members, in a mesh of nodes. */
import { describe, expect, test } from 'vitest'
import { MAX_CLIENT_NEIGHBORS, PART_AFTER_MS } from './mesh.ts'
import { newClientIdentity, newNodeIdentity } from './node-keys.ts'
import { type Tab, VirtualRoom } from './room-in-virtual-time.ts'

const nodes = ['a', 'b', 'c', 'd', 'e']

/** Five that vote, and know it. */
function roomOfFive() {
  const room = new VirtualRoom()
  const tabs = nodes.map(id => {
    const tab = room.open(id, false)
    tab.mesh.knowMembers({ members: nodes, voters: nodes })
    tab.mesh.announce()
    return tab
  })
  room.run(5_000)
  return { room, tabs }
}

const peersOf = ({ mesh }: Tab): string[] => [...mesh.peers()].sort()

describe('a client in a room of five', () => {
  test('is answered by all who vote, keeps links to those it chooses, and finds others when these have gone', () => {
    const { room, tabs } = roomOfFive()
    const client = room.open('~client')
    room.run(3_000)
    expect(peersOf(client)).toEqual(nodes)

    client.mesh.knowMembers({ members: ['b', 'c'], voters: [] })
    room.run(PART_AFTER_MS + 1_000)
    expect(peersOf(client)).toEqual(['b', 'c'])
    expect(tabs.map(tab => peersOf(tab).includes('~client'))).toEqual([false, true, true, false, false])

    for (const tab of tabs) if (tab.id === 'b' || tab.id === 'c') tab.mesh.close()
    client.mesh.knowMembers({ members: [], voters: [] })
    room.run(20_000)
    expect(peersOf(client)).toEqual(['a', 'd', 'e'])
  })

  test('is not linked to other clients, and nobody is asked through it', () => {
    const { room, tabs } = roomOfFive()
    const [one, two] = [room.open('~one'), room.open('~two')]
    room.run(3_000)
    expect([peersOf(one), peersOf(two)]).toEqual([nodes, nodes])
    expect(tabs[0]?.mesh.carriersTo('b')).toHaveLength(3)
    one.sent.length = 0
    tabs[0]?.mesh.passOn('a text for somebody', 'nobody')
    room.run(100)
    expect(one.sent).toEqual([])
  })

  test('that has gone without a word is not looked for', () => {
    const { room, tabs } = roomOfFive()
    const client = room.open('~client')
    room.run(3_000)
    client.crash()
    for (const id of nodes) room.breakLink(id, '~client')
    room.run(10_000)
    expect(tabs.flatMap(({ mesh }) => mesh.obstacles())).toEqual([])
    room.run(60_000)
    const made = room.connectionsMade
    for (const tab of tabs) tab.sent.length = 0
    room.run(30_000)
    expect(room.connectionsMade).toBe(made)
    expect(tabs.some(({ sent }) => sent.some(text => text.includes('~client')))).toBe(false)
  })

  test('leaves room for nodes, however many clients there are', () => {
    const { room, tabs } = roomOfFive()
    for (let i = 0; i < MAX_CLIENT_NEIGHBORS + 20; i++) room.open(`~${i}`)
    room.run(10_000)
    const [a] = tabs
    if (a === undefined) throw new Error('no node')
    expect(peersOf(a).filter(id => id.startsWith('~'))).toHaveLength(MAX_CLIENT_NEIGHBORS)
    room.open('f')
    room.run(5_000)
    expect(peersOf(a)).toContain('f')
  })
})

test('where everybody proves who it is, a client does so under an id that no node can have', async () => {
  const room = new VirtualRoom()
  const [node, client, other] = [await newNodeIdentity(), await newClientIdentity(), await newClientIdentity()]
  const credentials = (self: string, keys: CryptoKeyPair) => ({ credentials: { self, keys, topic: () => 'room' } })
  const at = room.open(node.nodeId, true, credentials(node.nodeId, node.keys))
  const honest = room.open(client.nodeId, true, credentials(client.nodeId, client.keys))
  await room.until(() => peersOf(honest).length === 1)
  // Under another's id, and under a client's with the key of another.
  const liar = room.open(other.nodeId, true, credentials(other.nodeId, client.keys))
  await room.until(() => at.mesh.stats().impostors > 0)
  expect(peersOf(liar)).toEqual([])
  expect(peersOf(at)).toEqual([client.nodeId])
})
