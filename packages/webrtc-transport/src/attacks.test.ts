/**
 * What a hostile signalling server, or somebody who has got hold of the room's link, can do to a room with a secret:
 * keep its members apart, and nothing else. In virtual time, with real cryptography.
 */
import { describe, expect, it } from 'vitest'
import type { Connection } from './connection.ts'
import { type NodeIdentity, newNodeIdentity } from './node-keys.ts'
import { type Tab, VirtualRoom } from './room-in-virtual-time.ts'
import { deriveRoomKeys, newRoomSecret, type RoomKeys } from './room-secret.ts'
import { sealWith } from './seal.ts'
import { decodeSignal, encodeSignal, type Signal } from './signal.ts'
import { SignalBus } from './signal-bus.ts'
import type { Signaling, SignalingHandler } from './signaling.ts'

const ROOM = 'quiet-otter-42'

interface Told {
  readonly from: string
  readonly to: string | undefined
  readonly text: string
}

/** A server that does with what it is told whatever the test wants. By itself it is honest. */
class Server {
  readonly told: Told[] = []
  /** What becomes of a text: what is said instead, and to whom. */
  treat: (told: Told) => readonly Told[] = told => [told]
  readonly #guests: { readonly id: string; readonly handler: SignalingHandler }[] = []

  way(): Signaling {
    let self = ''
    return {
      join: async (id, handler) => {
        self = id
        this.#guests.push({ id, handler })
      },
      send: (text, to) => {
        const told = { from: self, to, text }
        this.told.push(told)
        for (const each of this.treat(told)) this.say(each)
      },
      leave: () => {},
    }
  }

  say({ from, to, text }: Told): void {
    for (const { id, handler } of this.#guests) {
      if (id !== from && (to === undefined || to === id)) handler.onSignal(text)
    }
  }
}

let streams = 0
const newStream = (): string => (++streams).toString(16).padStart(32, '0')

interface Member extends Tab {
  readonly bus: SignalBus
}

async function enter(room: VirtualRoom, server: Server, keys: RoomKeys, identity: NodeIdentity): Promise<Member> {
  const bus = new SignalBus([server.way()], {
    stream: newStream(),
    seal: sealWith(keys),
    passOn: (text, to) => tab.mesh.passOn(text, to),
  })
  const credentials = { self: identity.nodeId, keys: identity.keys, topic: () => keys.topic }
  const tab = room.open(identity.nodeId, false, { credentials, signaling: bus })
  await bus.join(identity.nodeId, { onSignal: text => tab.mesh.receive(text), onReturn: () => {} })
  tab.mesh.announce()
  return { ...tab, bus }
}

async function roomOf(count: number, server = new Server(), room = new VirtualRoom(), secret = newRoomSecret()) {
  const keys = await deriveRoomKeys(ROOM, secret)
  const identities = await Promise.all(Array.from({ length: count }, newNodeIdentity))
  const members: Member[] = []
  for (const identity of identities) members.push(await enter(room, server, keys, identity))
  return { room, server, keys, members, identities }
}

const allLinked = (members: readonly Member[]) => (): boolean =>
  members.every(({ mesh }) => mesh.peers().length === members.length - 1)

const frame = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('a room with a secret', () => {
  it('finds together, and frames pass', async () => {
    const { room, members } = await roomOf(3)
    await room.until(allLinked(members))
    const [a, b] = members
    a?.mesh.send(b?.id ?? '', frame('hello'), 'normal')
    await room.until(() => b?.frames.length === 1)
    expect(b?.frames).toEqual([`${a?.id}:hello`])
  })

  it('a server that reads everything learns neither the room’s name, nor who is who, nor what is said', async () => {
    const { room, server, members } = await roomOf(3)
    await room.until(allLinked(members))
    const read = server.told.map(({ text }) => text).join('\n')
    // None so short that letters which mean nothing could spell it.
    for (const secret of [ROOM, 'hello', 'offer', 'session', ...members.map(({ id }) => id)])
      expect(read).not.toContain(secret)
  })

  it('a server that plays everything again, to everyone and later, changes nothing', async () => {
    const { room, server, members } = await roomOf(3)
    await room.until(allLinked(members))
    const made = room.connectionsMade
    const links = members.map(member => [...member.links])
    for (const told of [...server.told, ...server.told]) server.say({ ...told, from: '', to: undefined })
    await room.until(() => room.now > 20_000)
    expect(members.map(member => member.links)).toEqual(links)
    expect(room.connectionsMade).toBe(made)
  })

  it('a server that relabels is not believed: another number, another stream, another addressee', async () => {
    const server = new Server()
    const forged: ((told: Told) => Told)[] = [
      told => ({ ...told, text: told.text.replace(/:\d+/, ':999999') }),
      told => ({ ...told, text: told.text.replace(/^.{32}/, 'f'.repeat(32)) }),
      told => ({ ...told, text: told.text.replace('@|', '*|'), to: undefined }),
      told => ({ ...told, text: told.text.replace('*|', '@|') }),
      told => ({ ...told, to: undefined }),
    ]
    // The forged ones come first: believed, they would push out the true one.
    server.treat = told => [...forged.map(forge => forge(told)).filter(each => each.text !== told.text), told]
    const { room, members } = await roomOf(3, server)
    await room.until(allLinked(members))
    for (const { bus } of members) expect(bus.refused).toBeGreaterThan(0)
  })

  it('a server that changes the order, and one that loses half of it, only delays', async () => {
    const [shuffled, lossy] = [new VirtualRoom(), new VirtualRoom()]
    // Within a second: who is answered later than it waits for has to begin anew.
    const held: Told[] = []
    const shuffling = new Server()
    const release = (): void => {
      for (const told of held.splice(0).reverse()) shuffling.say(told)
    }
    shuffling.treat = told => {
      if (held.push(told) === 1) shuffled.clock.setTimer(shuffled.now + 1_000, release)
      return []
    }
    const losing = new Server()
    losing.treat = told => (lossy.random() < 0.5 ? [] : [told])
    for (const [room, server] of [
      [shuffled, shuffling],
      [lossy, losing],
    ] as const) {
      const { members } = await roomOf(3, server, room)
      await room.until(allLinked(members), 3_600_000)
    }
  })

  it('a server that floods costs neither a link nor a connection, and bounded work', async () => {
    const { room, server, members } = await roomOf(2)
    await room.until(allLinked(members))
    const held = room.connectionsHeld
    const own = server.told.at(-1)?.text ?? ''
    for (let i = 0; i < 20_000; i += 1) {
      const text = i % 2 === 0 ? own.replace(/^.{32}:\d+/, `${i.toString(16).padStart(32, 'f')}:1`) : `${i}`
      server.say({ from: '', to: undefined, text })
    }
    await room.until(() => members.every(({ bus }) => bus.refused >= 20_000))
    expect(room.connectionsHeld).toBe(held)
    expect(members.map(({ links }) => links.length)).toEqual([1, 1])
  })

  it('whoever lacks the secret is not even noticed', async () => {
    const { room, server, members } = await roomOf(2)
    const stranger = await enter(room, server, await deriveRoomKeys(ROOM, newRoomSecret()), await newNodeIdentity())
    await room.until(allLinked(members))
    await room.until(() => room.now > 60_000, 120_000)
    expect(stranger.mesh.peers()).toEqual([])
    expect(members.every(({ mesh }) => !mesh.peers().includes(stranger.id))).toBe(true)
  })

  it('somebody who has the secret and takes another’s id is not let in, and hears nothing', async () => {
    const { room, server, keys, members } = await roomOf(1)
    const [a] = members
    const [victim, mallory] = await Promise.all([newNodeIdentity(), newNodeIdentity()])
    const impostor = await enter(room, server, keys, { nodeId: victim.nodeId, keys: mallory.keys })
    await room.until(() => (a?.mesh.stats().impostors ?? 0) > 0)
    a?.mesh.send(victim.nodeId, frame('secret'), 'normal')
    await room.until(() => room.now > 60_000, 120_000)
    expect(a?.links).toEqual([])
    expect(a?.mesh.obstacles()).toEqual([{ kind: 'Impostor', peer: victim.nodeId }])
    expect(impostor.frames).toEqual([])
  })

  it('somebody who has the secret and says bye for another is not believed: not of one who is linked, nor under a session of its own', async () => {
    const server = new Server()
    const secret = newRoomSecret()
    const mallory = new SignalBus([server.way()], {
      stream: newStream(),
      seal: sealWith(await deriveRoomKeys(ROOM, secret)),
    })
    const sessions = new Map<string, string>()
    const listen = (text: string): void => {
      const signal = decodeSignal(text)
      if (signal?.type === 'hello') sessions.set(signal.from, signal.session)
    }
    await mallory.join('mallory', { onSignal: listen, onReturn: () => {} })
    const { room, members } = await roomOf(2, server, undefined, secret)
    await room.until(allLinked(members))
    const [a, b] = members
    if (a === undefined || b === undefined) throw new Error('two are there')
    const refused = b.mesh.stats().refusedSignals
    const bye = { type: 'bye', from: a.id, session: sessions.get(a.id) ?? '' } as const
    mallory.send(encodeSignal(bye))
    mallory.send(encodeSignal({ ...bye, signature: 'A'.repeat(86) }))
    await room.until(() => b.mesh.stats().refusedSignals === refused + 2)
    expect(b.mesh.peers()).toEqual([a.id])

    mallory.send(encodeSignal({ type: 'hello', from: a.id, session: 'of-its-own' }))
    mallory.send(encodeSignal({ type: 'bye', from: a.id, session: 'of-its-own' }))
    await room.until(() => b.links.includes(`-${a.id}`))
    expect(b.byes).toEqual([])
  })

  it('a bye that goes by the signalling alone is believed: it is signed', async () => {
    const { room, members } = await roomOf(2)
    await room.until(allLinked(members))
    const [a, b] = members
    if (a === undefined || b === undefined) throw new Error('two are there')
    room.breakLink(a.id, b.id)
    a.mesh.sayBye()
    a.crash()
    await room.until(() => b.byes.length > 0)
    expect(b.byes).toEqual([a.id])
  })

  it('somebody in between who has the secret, puts in its own certificates and carries all bytes is found out', async () => {
    const server = new Server()
    const secret = newRoomSecret()
    const keys = await deriveRoomKeys(ROOM, secret)
    const room = new VirtualRoom()
    const middle = new Middle(room, server, keys)
    server.treat = told => middle.treat(told)
    const identities = await Promise.all([newNodeIdentity(), newNodeIdentity()])
    const members = [await enter(room, server, keys, identities[0]), await enter(room, server, keys, identities[1])]
    await room.until(() => members.every(({ mesh }) => mesh.stats().impostors > 0), 120_000)
    expect(middle.carried).toBeGreaterThan(0)
    for (const member of members) {
      expect(member.links).toEqual([])
      expect(member.frames).toEqual([])
    }
  })
})

/** Sits in each connection: answers the offerer itself, offers to the other itself, and carries between the two. */
class Middle {
  carried = 0
  readonly #room: VirtualRoom
  readonly #server: Server
  readonly #keys: RoomKeys
  /** By attempt: the end towards the offerer and the one towards the other. */
  readonly #pairs = new Map<string, { toOfferer: Connection; toOther: Connection }>()
  #said = 1_000_000

  constructor(room: VirtualRoom, server: Server, keys: RoomKeys) {
    this.#room = room
    this.#server = server
    this.#keys = keys
  }

  treat(told: Told): readonly Told[] {
    if (told.to === undefined) return [told]
    void this.#meddle(told)
    return []
  }

  async #meddle(told: Told): Promise<void> {
    const [header = ''] = /^[^|]*\|/.exec(told.text) ?? []
    const text = await sealWith(this.#keys).open(told.text.slice(header.length), header + told.to)
    const signal = text === undefined ? undefined : decodeSignal(text)
    if (signal === undefined || !('to' in signal)) return
    if (signal.type === 'offer') return this.#offer(signal)
    if (signal.type === 'answer') return this.#pairs.get(signal.link)?.toOther.negotiate(signal)
    if (signal.type === 'pleaseOffer') this.#server.say(told)
  }

  #offer(signal: Extract<Signal, { type: 'offer' }>): void {
    const connect = this.#room.strangersConnect('mallory')
    const { from, session, to, toSession, link } = signal
    const carry = (other: () => Connection) => ({
      onOpen: () => {},
      onMessage: (message: Uint8Array | undefined) => {
        if (message === undefined) return
        this.carried += 1
        // The other end may not be open yet; what is said first is all that matters.
        this.#room.clock.setTimer(this.#room.now + 5, () => other().send(message.slice()))
      },
      onWritable: () => {},
      onClose: () => {},
    })
    const toOfferer: Connection = connect(false, {
      ...carry(() => toOther),
      onNegotiation: negotiation =>
        this.#say({ from: to, session: toSession, to: from, toSession: session, link, ...negotiation }),
    })
    const toOther: Connection = connect(true, {
      ...carry(() => toOfferer),
      onNegotiation: negotiation => this.#say({ from, session, to, toSession, link, ...negotiation }),
    })
    this.#pairs.set(link, { toOfferer, toOther })
    toOfferer.negotiate(signal)
  }

  async #say(signal: Extract<Signal, { to: string }>): Promise<void> {
    this.#said += 1
    const header = `${'e'.repeat(32)}:${this.#said}@|`
    const text = header + (await sealWith(this.#keys).seal(encodeSignal(signal), header + signal.to))
    this.#server.say({ from: '', to: signal.to, text })
  }
}
