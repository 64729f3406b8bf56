/** A room whose key was changed because somebody was removed: who still gets in, and who is told what. In virtual time. */
import { describe, expect, it } from 'vitest'
import { type Entrance, Entrances } from './entrances.ts'
import { type NodeIdentity, newNodeIdentity } from './node-keys.ts'
import { type Tab, VirtualRoom } from './room-in-virtual-time.ts'
import { deriveRoomKeys, newRoomSecret } from './room-secret.ts'
import { sealWith } from './seal.ts'
import { SignalBus } from './signal-bus.ts'
import type { Signaling, SignalingHandler } from './signaling.ts'

const ROOM = 'quiet-otter-42'

/** An honest server of many topics, that keeps what it was told. */
class Server {
  readonly told: { readonly topic: string; readonly from: string; readonly text: string }[] = []
  /** Topics that nobody can enter now. */
  readonly shut = new Set<string>()
  readonly #guests: { readonly topic: string; readonly id: string; readonly handler: SignalingHandler }[] = []

  way(topic: string): Signaling {
    let self = ''
    return {
      join: async (id, handler) => {
        if (this.shut.has(topic)) throw new Error('no way in')
        self = id
        this.#guests.push({ topic, id, handler })
      },
      send: (text, to) => {
        this.told.push({ topic, from: self, text })
        for (const guest of [...this.#guests]) {
          if (guest.topic === topic && guest.id !== self && (to === undefined || to === guest.id))
            guest.handler.onSignal(text)
        }
      },
      leave: () => {
        const place = this.#guests.findIndex(guest => guest.topic === topic && guest.id === self)
        if (place >= 0) this.#guests.splice(place, 1)
      },
    }
  }
}

let streams = 0

interface Member extends Tab {
  readonly entrances: Entrances
  readonly identity: NodeIdentity
  /** How often it was told that its key is not the room's. */
  replaced: number
}

class Room {
  readonly virtual = new VirtualRoom()
  readonly server = new Server()
  /** As all of them know it. */
  members: readonly string[] = []

  async enter(key: string, identity?: NodeIdentity): Promise<Member> {
    const own = identity ?? (await newNodeIdentity())
    const self = own.nodeId
    const open = async (secret: string): Promise<Entrance> => {
      const keys = await deriveRoomKeys(ROOM, secret)
      const stream = (++streams).toString(16).padStart(32, '0')
      const bus = new SignalBus([this.server.way(keys.topic)], {
        stream,
        seal: sealWith(keys),
        passOn: (text, to) => tab.mesh.passOn(text, to),
      })
      return { key: secret, topic: keys.topic, bus }
    }
    const entrances = new Entrances(await open(key), {
      self,
      clock: this.virtual.clock,
      open,
      isMember: id => this.members.includes(id),
      isLinked: id => tab.mesh.peers().includes(id),
      onSignal: text => tab.mesh.receive(text),
      onMeeting: () => {},
      onLost: () => {},
      onReturn: () => tab.mesh.announce(),
      onRelayed: () => {},
      onRekeyed: () => {
        tab.mesh.announce()
        tab.mesh.keepOnly(id => this.members.includes(id))
      },
      onReplaced: () => {
        member.replaced += 1
      },
    })
    const credentials = { self, keys: own.keys, topic: (peer: string) => entrances.topicOf(peer) }
    const tab = this.virtual.open(self, false, { credentials, signaling: entrances })
    const member: Member = { ...tab, entrances, identity: own, replaced: 0 }
    await entrances.join()
    tab.mesh.announce()
    return member
  }

  async linked(...members: readonly Member[]): Promise<void> {
    await this.virtual.until(
      () => members.every(one => members.every(other => one === other || one.mesh.peers().includes(other.id))),
      120_000,
    )
  }

  async pass(ms: number): Promise<void> {
    const end = this.virtual.now + ms
    await this.virtual.until(() => this.virtual.now >= end, 2 * ms)
  }
}

/** Three members, of whom the third is removed. */
async function afterRemoval() {
  const room = new Room()
  const [old, fresh] = [newRoomSecret(), newRoomSecret()]
  const members = [await room.enter(old), await room.enter(old)] as const
  const removed = await room.enter(old)
  await room.linked(...members, removed)
  room.members = members.map(({ id }) => id)
  for (const { entrances } of members) entrances.rekey([old, fresh])
  await room.virtual.until(() => members.every(({ mesh }) => !mesh.peers().includes(removed.id)))
  return { room, old, fresh, members, removed }
}

describe('a removed node', () => {
  it('is not linked any more, does not come back by the old link, also as somebody new, and is told why', async () => {
    const { room, old, members, removed } = await afterRemoval()
    const asSomebodyNew = await room.enter(old)
    await room.pass(40_000)
    for (const outsider of [removed, asSomebodyNew]) {
      expect(outsider.mesh.peers().filter(id => room.members.includes(id))).toEqual([])
      expect(outsider.replaced).toBeGreaterThan(0)
    }
    for (const { mesh } of members) expect(mesh.peers().length).toBe(1)
  })

  it('cannot read what is said by the new key, and hears nothing by the old one but that it is old', async () => {
    const { room, old, fresh, members } = await afterRemoval()
    const mark = room.server.told.length
    const keys = await deriveRoomKeys(ROOM, old)
    const now = await deriveRoomKeys(ROOM, fresh)
    for (const { mesh } of members) mesh.announce()
    await room.pass(40_000)
    const said = room.server.told.slice(mark).filter(({ from }) => room.members.includes(from))
    expect(said.some(({ topic }) => topic === now.topic)).toBe(true)
    const opened = await Promise.all(
      said.map(async ({ text }) => {
        const [header = ''] = /^[^|]*\|/.exec(text) ?? []
        const labels = ['', ...room.members].map(to => header + to)
        const seal = sealWith(keys)
        return Promise.all(labels.map(label => seal.open(text.slice(header.length), label)))
      }),
    )
    expect(opened.flat().filter(text => text !== undefined && !text.startsWith('meeting:moved:'))).toEqual([])
  })

  it('cannot take a member’s link down by saying that it is that member', async () => {
    const { room, old, members } = await afterRemoval()
    const [first, second] = members
    const links = [...first.links]
    const mallory = await newNodeIdentity()
    await room.enter(old, { nodeId: second.id, keys: mallory.keys })
    await room.pass(40_000)
    expect(first.links).toEqual(links)
    expect(first.mesh.peers()).toEqual([second.id])
  })

  it('cannot pass for a member that is away', async () => {
    const { room, old, members } = await afterRemoval()
    const away = await newNodeIdentity()
    const mallory = await newNodeIdentity()
    room.members = [...room.members, away.nodeId]
    const impostor = await room.enter(old, { nodeId: away.nodeId, keys: mallory.keys })
    await room.virtual.until(() => members.some(({ mesh }) => mesh.stats().impostors > 0), 120_000)
    await room.pass(30_000)
    expect(impostor.mesh.peers()).toEqual([])
    expect(impostor.frames).toEqual([])
  })
})

describe('a member that was away', () => {
  it('is found by the old key, and goes on by the new one once it has learnt it', async () => {
    const { room, old, fresh, members } = await afterRemoval()
    const away = await newNodeIdentity()
    room.members = [...room.members, away.nodeId]
    const back = await room.enter(old, away)
    await room.linked(...members, back)
    back.entrances.rekey([old, fresh])
    await room.pass(5_000)
    const [first] = members
    room.virtual.breakLink(first.id, back.id)
    await room.virtual.until(() => !first.mesh.peers().includes(back.id))
    await room.linked(...members, back)
    expect(back.entrances.front.key).toBe(fresh)
  })
})

describe('a server that does not let anybody in by the new key', () => {
  it('is asked again, and until then those who are linked go on', async () => {
    const room = new Room()
    const [old, fresh] = [newRoomSecret(), newRoomSecret()]
    const members = [await room.enter(old), await room.enter(old)] as const
    await room.linked(...members)
    room.members = members.map(({ id }) => id)
    const { topic } = await deriveRoomKeys(ROOM, fresh)
    room.server.shut.add(topic)
    for (const { entrances } of members) entrances.rekey([old, fresh])
    await room.pass(12_000)
    await room.linked(...members)
    room.server.shut.clear()
    await room.pass(6_000)
    const newcomer = await room.enter(fresh)
    await room.linked(...members, newcomer)
  })
})

describe('a newcomer with the new link', () => {
  it('is linked as ever, and keys that are too old lead nowhere', async () => {
    const { room, old, fresh, members } = await afterRemoval()
    const newcomer = await room.enter(fresh)
    await room.linked(...members, newcomer)
    room.members = [...room.members, newcomer.id]
    const newest = newRoomSecret()
    for (const { entrances } of [...members, newcomer]) entrances.rekey([fresh, newest])
    await room.pass(5_000)
    const late = await newNodeIdentity()
    room.members = [...room.members, late.nodeId]
    const tooLate = await room.enter(old, late)
    await room.pass(30_000)
    expect(tooLate.mesh.peers().filter(id => room.members.includes(id))).toEqual([])
    await room.linked(...members, newcomer)
  })
})
