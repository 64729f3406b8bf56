/** A page and its node, with a port between them that lives, dies and is replaced. */
import { encodeEnvelope } from '@flotilla/cluster'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decodeNodeMessage, encodeClientMessage } from './codec.ts'
import { memoryPorts } from './fixtures/memory-ports.ts'
import { ServedRoom } from './fixtures/served-room.ts'
import { Hearing } from './hearing.ts'
import type { ClientMessage, NodeMessage } from './message.ts'
import { messagePort } from './port.ts'
import { serve } from './serve.ts'

let room: ServedRoom

beforeEach(() => {
  room = new ServedRoom()
})

afterEach(() => room.close())

describe('a client', () => {
  it('proposes through the leader’s node and through a follower’s, and reads what it wrote', async () => {
    await room.open(3)
    for (const node of [room.leader, room.follower]) {
      const { client, machine } = room.client(node)
      const before = node.machine.lines.length
      expect(await room.done(client.propose('a line'))).toMatchObject({ result: before + 1 })
      expect(await room.done(client.read(() => machine.lines.length))).toBe(before + 1)
    }
    await room.until(() => room.nodes.every(({ machine }) => machine.lines.length === 2))
  })

  it('tells when its copy has what its node had when it was first heard', async () => {
    await room.open(1)
    const { client: before } = room.client(room.leader)
    for (const line of ['a', 'b', 'c']) await room.done(before.propose(line))
    const { client, machine } = room.client()
    expect(client.isFilled).toBe(false)
    const shown: number[] = []
    for (const event of ['status', 'applied'] as const)
      client.on(event, () => client.isFilled && shown.push(machine.lines.length))
    room.attach(client, room.leader)
    await room.until(() => client.isFilled)
    expect(shown[0]).toBe(3)
  })

  it('proposes many commands in one call, each with its own fate, in their order', async () => {
    await room.open(3)
    for (const [node, before] of [[room.leader, 0] as const, [room.follower, 150] as const]) {
      const { client } = room.client(node)
      const lines = Array.from({ length: 150 }, (_, i) => (i === 70 ? 'bad' : `line ${i}`))
      const results = await room.done(client.proposeAll(lines))
      expect(results).toHaveLength(lines.length)
      expect(results[70]).toMatchObject({ status: 'rejected', reason: { kind: 'Rejected' } })
      expect(results[0]).toMatchObject({ status: 'fulfilled', value: { result: before + 1 } })
      expect(results.at(-1)).toMatchObject({ status: 'fulfilled', value: { result: before + 150 } })
      await room.until(() => node.machine.lines.length === before + 150)
      expect(node.machine.lines.slice(before)).toEqual(lines)
    }
  })

  it('proposes none of many of which one is too large', async () => {
    await room.open(1)
    const { client } = room.client(room.leader)
    await expect(client.proposeAll(['a', 'x'.repeat(2 ** 20)])).rejects.toMatchObject({ kind: 'TooLarge' })
    expect(await room.done(client.proposeAll([]))).toEqual([])
    await room.done(client.propose('after'))
    await room.until(() => room.leader.machine.lines.length === 1)
    expect(room.leader.machine.lines).toEqual(['after'])
  })

  it('proposes over a MessageChannel as well', async () => {
    await room.open(1)
    const { cluster, followed } = room.leader
    const { client, machine } = room.client()
    const { port1, port2 } = new MessageChannel()
    serve(cluster, followed, messagePort(port2), { clock: room.clock })
    client.attach(messagePort(port1))
    const written = client.propose('over a channel')
    let done = false
    void written.then(() => {
      done = true
    })
    await expect
      .poll(async () => {
        room.clock.advance(10)
        return done
      })
      .toBe(true)
    await expect.poll(() => machine.lines).toEqual(['over a channel'])
  })

  it('that comes to a node of another cluster ends, and neither takes from it nor brings it anything', async () => {
    await room.open(1)
    const { client, machine } = room.client(room.leader)
    await room.done(client.propose('here'))
    await room.until(() => machine.lines.length === 1)
    const other = new ServedRoom()
    await other.open(1)
    for (const line of ['a', 'b', 'c']) await other.done(other.client(other.leader).client.propose(line))

    room.leader.cluster.crash()
    const underWay = client.propose('of the first').catch((error: unknown) => error)
    other.attach(client, other.leader)
    expect(await other.done(underWay)).toMatchObject({ kind: 'StorageFailed' })
    expect(machine.lines).toEqual(['here'])
    expect(other.leader.machine.lines).toEqual(['a', 'b', 'c'])
    await expect(client.propose('more')).rejects.toMatchObject({ kind: 'StorageFailed' })
    await other.close()
  })

  it('is told when its node knows of no majority: who is missing, and since when', async () => {
    await room.open(2)
    const { client } = room.client(room.leader)
    await room.until(() => client.status()?.leader !== undefined)
    expect(client.status()?.waitingFor).toBe(undefined)
    const { follower } = room
    follower.cluster.crash()
    await room.until(() => client.status()?.waitingFor !== undefined)
    const told = client.status()?.waitingFor
    expect(told).toEqual(room.nodes.find(({ cluster }) => cluster !== follower.cluster)?.cluster.status().waitingFor)
    expect(told?.since).toBeLessThanOrEqual(room.clock.now())
  })

  it('has its node go on without a lost majority, and ends: its session was of the old cluster', async () => {
    await room.open(3)
    const [node, ...others] = room.nodes
    if (node === undefined) throw new Error('there are three')
    const { client } = room.client(node)
    await room.done(client.propose('before'))
    for (const { cluster } of others) cluster.crash()
    await room.until(() => client.status()?.waitingFor?.missing.length === 2)
    const since = room.clock.now()
    await room.until(() => room.clock.now() >= since + 5_000)
    const { missing: abandon = [] } = client.status()?.waitingFor ?? {}
    await expect(room.done(client.forceNewCluster({ abandon: [] }))).rejects.toMatchObject({
      kind: 'MembershipRefused',
    })
    await room.done(client.forceNewCluster({ abandon }))
    await room.until(() => node.cluster.status().role === 'leader')
    expect(node.machine.lines).toEqual(['before'])
    await expect(client.propose('after')).rejects.toMatchObject({ kind: 'StorageFailed' })
    const { client: anew, machine } = room.client(node)
    await room.done(anew.propose('after'))
    await room.until(() => machine.lines.length === 2)
  })

  it('has the same state as its node, also of what the machine refused when it had written it', async () => {
    await room.open(1)
    const { client, machine } = room.client(room.leader)
    await room.done(client.propose('good'))
    const refused = room.done(client.propose('bad'))
    await expect(refused).rejects.toMatchObject({ kind: 'Rejected', thrown: { name: 'Error', message: 'too late' } })
    await room.until(() => machine.lines.length === 2)
    expect(machine.lines).toEqual(room.leader.machine.lines)
  })

  it('that comes late, or was away for long, gets a snapshot and what follows, gap-free and in order', async () => {
    room = new ServedRoom(2_000)
    await room.open(1)
    const writer = room.client(room.leader)
    const early = room.client(room.leader)
    const big = 'x'.repeat(100_000)
    for (let i = 0; i < 8; i++) await room.done(writer.client.propose(`${i} ${big}`))
    await room.until(() => early.machine.lines.length === 8)
    const late = room.client(room.leader)
    const more = Array.from({ length: 40 }, (_, i) => writer.client.propose(`more ${i}`))
    await room.done(Promise.all(more))
    await room.until(() => [early, late, writer].every(({ machine }) => machine.lines.length === 48))
    for (const { machine } of [early, late, writer]) expect(machine.lines).toEqual(room.leader.machine.lines)
  })

  it('is told of its node’s status when it changes, and may ask it to resign', async () => {
    await room.open(3)
    const { leader } = room
    const { client } = room.client(leader)
    await room.until(() => client.status()?.role === 'leader')
    expect(client.status()?.members.map(({ name }) => name)).toEqual(['S1', 'S2', 'S3'])
    await room.done(client.resign())
    await room.until(() => client.status()?.role === 'follower' && client.status()?.leader !== undefined)
    await expect(room.done(client.transferLeadership('nobody'))).rejects.toMatchObject({ name: 'ClusterError' })
  })

  it('says something to all clients in reach, its own node’s too, and hears who is gone', async () => {
    await room.open(2)
    const [one, other, far] = [room.client(room.leader), room.client(room.leader), room.client(room.follower)]
    const heard: unknown[] = []
    for (const [name, { client }] of Object.entries({ one, other, far })) {
      client.on('said', ({ from, payload }) => heard.push([name, from, ...payload]))
      client.on('gone', peer => heard.push([name, 'gone', peer]))
    }
    await room.until(() => far.client.status() !== undefined)
    const { id } = room.leader.cluster
    one.client.say(Uint8Array.of(1, 2))
    await room.until(() => heard.length === 3)
    for (const name of ['one', 'other', 'far']) expect(heard).toContainEqual([name, id, 1, 2])
    expect(() => one.client.say(new Uint8Array(5_000))).toThrow(RangeError)
    const gone = room.follower.cluster
    void gone.close()
    await room.until(() => heard.some(each => Array.isArray(each) && each[1] === 'gone'))
    expect(heard).toContainEqual(['other', 'gone', gone.id])
  })

  it('that never asks what was said makes its node keep only so much', () => {
    const hearing = new Hearing()
    for (let i = 0; i < 10_000; i++) hearing.heard('a', Uint8Array.of(i % 256))
    hearing.heard('a', new Uint8Array(1 << 20))
    expect(hearing.take()?.said).toHaveLength(256)
    expect(hearing.take()).toBeUndefined()
  })

  it('that is closed rejects what waits, and the node goes on', async () => {
    await room.open(1)
    const { client } = room.client(room.leader)
    const lost = room.client()
    const waiting = [lost.client.propose('never sent'), lost.client.read(() => 1)]
    lost.client.close()
    for (const each of waiting) await expect(each).rejects.toMatchObject({ kind: 'Closed' })
    await expect(lost.client.propose('later')).rejects.toMatchObject({ kind: 'Closed' })
    expect(await room.done(client.propose('goes on'))).toMatchObject({ result: 1 })
  })
})

describe('a node that goes away', () => {
  it('is noticed though its port says nothing, and another takes over what was under way, each command once', async () => {
    await room.open(3)
    const { client, machine } = room.client()
    const detach = room.attach(client, room.leader)
    await room.done(client.propose('before'))
    const dead = room.leader
    const underWay = Array.from({ length: 20 }, (_, i) => client.propose(`line ${i}`, { timeoutMs: 60_000 }))
    await Promise.resolve()
    dead.cluster.crash()
    detach()
    expect(client.isReachable).toBe(true)
    await room.until(() => !client.isReachable)
    await room.until(() => room.nodes.some(({ cluster }) => cluster.status().role === 'leader'))
    const heir = room.follower
    room.attach(client, heir)
    const results = await room.done(Promise.all(underWay))
    expect(results.map(({ result }) => result)).toEqual(Array.from({ length: 20 }, (_, i) => i + 2))
    await room.until(() => client.isReachable && machine.lines.length === 21)
    expect(machine.lines).toEqual(['before', ...Array.from({ length: 20 }, (_, i) => `line ${i}`)])
    expect(heir.machine.lines).toEqual(machine.lines)
  })

  it('and starts again behind its client is waited for: the copy never goes back', async () => {
    await room.open(1)
    const { client, machine } = room.client(room.leader)
    for (let i = 0; i < 5; i++) await room.done(client.propose(`line ${i}`))
    await room.until(() => machine.lines.length === 5)
    const seen: number[] = []
    client.on('applied', () => seen.push(machine.lines.length))
    const [node] = room.nodes
    node?.cluster.crash()
    const waiting = client.propose('while it is down', { timeoutMs: 60_000 })
    await room.done(node?.cluster.restart() ?? Promise.reject(new Error('no node')))
    await room.done(waiting)
    await room.until(() => machine.lines.length === 6)
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(5)
    expect(machine.lines).toEqual(node?.machine.lines)
  })
})

describe('a node’s end of a port', () => {
  /** A client that says whatever it likes. */
  async function hostile() {
    await room.open(1)
    const { cluster, followed } = room.leader
    const [here, there] = memoryPorts()
    serve(cluster, followed, there, { clock: room.clock })
    const heard: NodeMessage[] = []
    here.open(bytes => {
      const decoded = decodeNodeMessage(bytes)
      if (!decoded.ok) throw new Error(decoded.error.message)
      heard.push(decoded.value)
    })
    const say = (message: ClientMessage): void => here.send(encodeClientMessage(message))
    return { here, heard, say, cluster }
  }

  it('says nothing that was not asked for, however much happens: a slow page makes nobody keep anything', async () => {
    const { heard, say, cluster } = await hostile()
    for (let i = 0; i < 10; i++) await room.done(cluster.propose(`line ${i}`))
    await room.until(() => true)
    expect(heard).toEqual([])
    say({ kind: 'follow', upTo: 0, snapshot: 0, offset: 0 })
    await room.until(() => heard.length > 0)
    for (let i = 0; i < 10; i++) await room.done(cluster.propose(`more ${i}`))
    expect(heard).toMatchObject([{ kind: 'entries', entries: { length: 10 } }])
  })

  it('lets a client propose commands, and nothing that other sessions depend on', async () => {
    const { heard, say, here, cluster } = await hostile()
    await room.done(cluster.propose('the node’s own session'))
    const { lastIndex } = cluster.status()
    say({ kind: 'propose', request: 1, data: encodeEnvelope({ kind: 'expire', sessions: [lastIndex - 1] }) })
    say({ kind: 'propose', request: 2, data: Uint8Array.of(1, 2, 3) })
    say({ kind: 'follow', upTo: 2 ** 50, snapshot: 7, offset: 2 ** 50 })
    for (let i = 0; i < 90; i++) here.send(Uint8Array.of(i, 255, i))
    say({ kind: 'ping', nonce: 5 })
    await room.until(() => heard.length > 0)
    expect(heard).toEqual([{ kind: 'pong', nonce: 5 }])
    expect(cluster.status()).toMatchObject({ state: 'running', lastIndex })

    for (let i = 0; i < 20; i++) here.send(Uint8Array.of(i))
    say({ kind: 'ping', nonce: 6 })
    expect(await room.done(cluster.propose('goes on'))).toMatchObject({ result: 2 })
    expect(heard).toHaveLength(1)
  })

  // Its node appended it again and again, each time without effect: the log grew without end.
  it('is done with a command that its client has given up, once it is told that nobody can say what became of it', async () => {
    const { heard, say, cluster } = await hostile()
    say({ kind: 'propose', request: 1, data: encodeEnvelope({ kind: 'open' }) })
    await room.until(() => heard.length === 1)
    const session = cluster.status().lastIndex
    const command = (sequence: number, firstUnanswered: number) =>
      encodeEnvelope({ kind: 'command', session, sequence, firstUnanswered, command: new Uint8Array(9) })
    say({ kind: 'propose', request: 2, data: command(2, 2) })
    say({ kind: 'propose', request: 3, data: command(1, 1) })
    await room.until(() => heard.length === 3)
    const ends = room.clock.now() + 10_000
    await room.until(() => room.clock.now() >= ends)
    expect(heard).toMatchObject([{}, { request: 2 }, { request: 3, answer: { kind: 'unknown' } }])
    expect(cluster.status().lastIndex).toBe(session + 2)
  })

  it('appends a command once that is asked for again while it is under way, and bounds how many are', async () => {
    const { heard, say, cluster } = await hostile()
    say({ kind: 'propose', request: 1, data: encodeEnvelope({ kind: 'open' }) })
    await room.until(() => heard.length === 1)
    const [opened] = heard
    const session = opened?.kind === 'answer' && opened.answer.kind === 'applied' ? opened.answer.index : 0
    const { lastIndex } = cluster.status()
    const command = encodeEnvelope({
      kind: 'command',
      session,
      sequence: 1,
      firstUnanswered: 1,
      command: new Uint8Array(9),
    })
    for (let i = 0; i < 5; i++) say({ kind: 'propose', request: 2, data: command })
    for (let i = 0; i < 2_000; i++) say({ kind: 'propose', request: 10 + i, data: encodeEnvelope({ kind: 'open' }) })
    await room.until(() => heard.filter(({ kind }) => kind === 'answer').length === 2_002)
    const overloaded = heard.filter(message => message.kind === 'answer' && message.answer.kind === 'overloaded')
    expect(overloaded.length).toBe(2_000 - 1024)
    expect(cluster.status().lastIndex).toBe(lastIndex + 1 + 1024)
  })
})
