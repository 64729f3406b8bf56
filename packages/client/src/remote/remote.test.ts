/** Clients that are no members of the room they ask. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Client } from '../client.ts'
import { encodeClientMessage } from '../codec.ts'
import { Lines, ServedRoom } from '../fixtures/served-room.ts'
import { Watcher } from '../watch/watcher.ts'
import { StateReader } from './state-reader.ts'
import { decodeWayFrame, encodeWayFrame, type WayFrame } from './way-frame.ts'

let room: ServedRoom

beforeEach(() => {
  room = new ServedRoom()
})

afterEach(() => room.close())

describe('a client that is no member', () => {
  it('proposes and reads, and is neither a member nor linked to anybody in the room’s eyes', async () => {
    await room.open(3)
    const { client, machine } = room.client()
    await room.remote(client)
    expect(await room.done(client.propose('a line'))).toMatchObject({ result: 1 })
    expect(await room.done(client.read(() => machine.lines))).toEqual(['a line'])
    for (const { cluster } of room.nodes) {
      expect(cluster.peers()).toHaveLength(2)
      expect(cluster.status().members).toHaveLength(3)
    }
  })

  it('asks the leader, and the next one when leadership has moved', async () => {
    await room.open(3)
    const { client } = room.client()
    const remote = await room.remote(client)
    await room.until(() => remote.node === room.leader.cluster.id)
    const before = room.leader
    void before.cluster.resign().catch(() => undefined)
    await room.until(() => before.cluster.status().role !== 'leader' && remote.node === room.leader.cluster.id)
    expect(await room.done(client.propose('on'))).toMatchObject({ result: 1 })
  })

  it('goes on at another node when the one that it asks is gone for good, and each command takes effect once', async () => {
    await room.open(3)
    const { client, machine } = room.client()
    const remote = await room.remote(client)
    await room.until(() => remote.node === room.leader.cluster.id)
    const written = Array.from({ length: 20 }, (_, i) => client.propose(`line ${i}`, { timeoutMs: 60_000 }))
    await room.leader.cluster.close()
    const results = await Promise.all(written.map(each => room.done(each)))
    expect(new Set(results.map(({ result }) => result)).size).toBe(20)
    expect(await room.done(client.read(() => new Set(machine.lines).size))).toBe(20)
    expect(machine.lines).toHaveLength(20)
  })

  it('leaves a node that is cut off from the others, and so knows of no leader', async () => {
    await room.open(3)
    const { client } = room.client()
    const remote = await room.remote(client)
    const cutOff = room.leader
    await room.until(() => remote.node === cutOff.cluster.id)
    room.cut([cutOff])
    expect(await room.done(client.propose('a line', { timeoutMs: 60_000 }))).toMatchObject({ result: 1 })
    expect(remote.node).not.toBe(cutOff.cluster.id)
  })

  it('is told nothing in a room that asks before it lets somebody in, and is answered as soon as that is over', async () => {
    await room.open(1)
    await room.done(room.leader.cluster.setAdmission('asked'))
    const { client } = room.client()
    const remote = await room.remote(client)
    await room.until(() => remote.trouble === 'Closed')
    await expect(room.done(client.propose('a line', { timeoutMs: 1_000 }))).rejects.toMatchObject({ kind: 'Timeout' })
    expect([client.status(), room.leader.machine.lines]).toEqual([undefined, []])
    await room.done(room.leader.cluster.setAdmission('open'))
    expect(await room.done(client.propose('another', { timeoutMs: 60_000 }))).toMatchObject({ result: 1 })
    expect(remote.trouble).toBeUndefined()
  })

  it('may hand leadership over, and may not do what concerns a node’s own page', async () => {
    await room.open(3)
    const { client } = room.client()
    await room.remote(client)
    await room.until(() => client.status() !== undefined)
    const refused = { kind: 'InvalidOptions' }
    await expect(room.done(client.setVisible(false))).rejects.toMatchObject(refused)
    await expect(room.done(client.resign())).rejects.toMatchObject(refused)
    await expect(room.done(client.forceNewCluster({ abandon: [] }))).rejects.toMatchObject(refused)
    await room.done(client.transferLeadership(room.follower.cluster.id))
  })

  it('that only proposes keeps no copy', async () => {
    await room.open(1)
    const machine = new Lines()
    const client = new Client({ machine, clock: room.clock, copy: false })
    room.clients.push(client)
    await room.remote(client)
    expect(await room.done(client.propose('a line'))).toMatchObject({ result: 1 })
    expect(machine.lines).toEqual([])
    await expect(client.read(() => 0)).rejects.toMatchObject({ kind: 'InvalidOptions' })
  })

  it('watches the room', async () => {
    await room.open(1)
    const seen = new Set<string>()
    const watcher = new Watcher({
      clock: room.clock,
      seen: ({ from }) => seen.add(from),
      status: () => {},
      said: () => {},
    })
    await room.remote(watcher)
    await room.until(() => seen.has(room.leader.cluster.id))
    watcher.close()
  })

  it('asks as one of sixty-four at a node, and the next waits for a place', async () => {
    await room.open(1)
    const clients = Array.from({ length: 65 }, () => room.client().client)
    for (const client of clients) await room.remote(client)
    const isServed = (i: number) => room.remotes[i]?.node !== undefined
    await room.until(() => clients.every((_, i) => i === 64 || isServed(i)))
    expect([isServed(64), room.remotes[64]?.trouble]).toEqual([false, 'Nobody'])
  })
})

describe('a reader of the whole state', () => {
  it('reads what was acknowledged before, and however long it is', async () => {
    await room.open(3)
    const { client } = room.client(room.leader)
    for (let i = 0; i < 4; i++) await room.done(client.propose(`${i}${'x'.repeat(200_000)}`))
    const reader = new StateReader(room.clock)
    await room.remote(reader)
    const { index, bytes } = await room.done(reader.read())
    expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual(room.leader.machine.lines)
    expect(index).toBeGreaterThanOrEqual(room.leader.cluster.status().commitIndex)
    const local = await room.done(reader.read({ consistency: 'local' }))
    expect(local.bytes.every((byte, i) => byte === bytes[i])).toBe(true)
    reader.close()
    await expect(reader.read({ timeoutMs: 1_000 })).rejects.toMatchObject({ kind: 'Closed' })
  })
})

describe('a client that keeps to no protocol', () => {
  async function hostile(nodeId = '~evil') {
    const said: WayFrame[] = []
    const evil = room.transport()
    await evil.open(nodeId, {
      onPeer: () => {},
      onFrame: (_, bytes) => {
        const decoded = decodeWayFrame(bytes)
        if (decoded.ok) said.push(decoded.value)
      },
    })
    const to = room.leader.cluster.id
    const send = (frame: WayFrame): void => evil.send(to, encodeWayFrame(frame), 'normal')
    await room.until(() => said.some(({ kind }) => kind === 'open'))
    return { said, send, raw: (bytes: Uint8Array) => evil.send(to, bytes, 'normal'), close: () => evil.close() }
  }

  it('is not listened to any more after a few frames that are none, and others are', async () => {
    await room.open(1)
    const { said, send, raw, close } = await hostile()
    for (let i = 0; i < 20; i++) raw(Uint8Array.of(255, i))
    send({ kind: 'ping', nonce: 7 })
    const { client } = room.client()
    await room.remote(client)
    expect(await room.done(client.propose('a line'))).toMatchObject({ result: 1 })
    expect(said.map(({ kind }) => kind)).toEqual(['open'])
    await close()
  })

  it('cannot make a node serve it anew without end, nor say what only nodes say', async () => {
    await room.open(1)
    const { said, send, close } = await hostile()
    const ping = encodeClientMessage({ kind: 'ping', nonce: 1 })
    for (let port = 1; port <= 200; port++) {
      send({ kind: 'begin', port })
      send({ kind: 'part', port, number: 1, isLast: true, data: ping })
    }
    send({ kind: 'open' })
    await room.done(room.leader.cluster.propose('a line'))
    expect(said.filter(({ kind }) => kind === 'part').length).toBeLessThan(50)
    await close()
  })

  it('is no node, whatever it says: its frames are none of Raft’s', async () => {
    await room.open(1)
    const { raw, close } = await hostile()
    const before = room.leader.cluster.status()
    // A join, as a node would say it.
    raw(Uint8Array.of(2, 2, ...new Array<number>(16).fill(0)))
    await room.done(room.leader.cluster.propose('a line'))
    expect(room.leader.cluster.status().members).toEqual(before.members)
    await close()
  })
})
