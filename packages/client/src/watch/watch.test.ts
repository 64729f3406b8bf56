/** A page that watches a room through one of its nodes. */
import type { NodeId, TraceEvent } from '@flotilla/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeClientMessage } from '../codec.ts'
import { memoryPorts } from '../fixtures/memory-ports.ts'
import { type ServedNode, ServedRoom } from '../fixtures/served-room.ts'
import type { NodeStatus, Seen } from '../message.ts'
import type { Port } from '../port.ts'
import { serve } from '../serve.ts'
import { tellPeers } from './tell-peers.ts'
import { Teller } from './teller.ts'
import { encodeBetweenNodes, MAX_TELLING_BYTES, type Telling } from './telling.ts'
import { Watcher } from './watcher.ts'

let room: ServedRoom
beforeEach(() => {
  room = new ServedRoom()
})
afterEach(() => room.close())

const read = ({ telling }: Pick<Seen, 'telling'>): Telling => JSON.parse(new TextDecoder().decode(telling))

/** What it sees of each node: how often from the beginning, and everything since. */
class Watching {
  readonly beginnings = new Map<NodeId, number>()
  readonly events = new Map<NodeId, TraceEvent[]>()
  status: NodeStatus | undefined
  readonly watcher: Watcher

  constructor() {
    this.watcher = new Watcher({
      clock: room.clock,
      seen: seen => this.see(seen),
      status: status => {
        this.status = status
      },
      said: () => undefined,
    })
  }

  indexes(id: NodeId): readonly number[] {
    const indexes = (this.events.get(id) ?? []).flatMap(event => ('entries' in event ? event.entries : []))
    return indexes.map(({ index }) => index)
  }

  count(id: NodeId, type: TraceEvent['type']): number {
    return (this.events.get(id) ?? []).filter(event => event.type === type).length
  }

  private see(seen: Seen): void {
    const { isBeginning, events } = read(seen)
    if (isBeginning) this.beginnings.set(seen.from, (this.beginnings.get(seen.from) ?? 0) + 1)
    this.events.set(seen.from, [...(isBeginning ? [] : (this.events.get(seen.from) ?? [])), ...events])
  }
}

function watch({ cluster, followed }: ServedNode): Watching & { readonly end: Port } {
  const [here, there] = memoryPorts()
  serve(cluster, followed, there, { clock: room.clock })
  const watching = new Watching()
  watching.watcher.attach(here)
  return Object.assign(watching, { end: here })
}

const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, i) => i + 1)

async function roomThatTells(count: number): Promise<void> {
  await room.open(count)
  for (const { cluster } of room.nodes) tellPeers(cluster, room.clock)
}

describe('a page that watches', () => {
  it('sees every node’s log from where it stands and then as it grows, through one of them', async () => {
    await roomThatTells(3)
    await room.done(room.leader.cluster.propose('before'))
    const { lastIndex } = room.leader.cluster.status()
    const watching = watch(room.follower)
    const ids = room.nodes.map(({ cluster }) => cluster.id)
    await room.until(() => ids.every(id => watching.indexes(id).length === lastIndex))
    expect(watching.status).toMatchObject({ id: room.follower.cluster.id, state: 'running' })
    for (let i = 0; i < 20; i++) await room.done(room.leader.cluster.propose(`line ${i}`))
    await room.until(() => ids.every(id => watching.indexes(id).length === lastIndex + 20))
    for (const id of ids) {
      expect(watching.indexes(id)).toEqual(upTo(lastIndex + 20))
      expect(watching.beginnings.get(id)).toBe(1)
      expect(watching.count(id, 'sent')).toBeGreaterThan(0)
    }
  })

  it('is no member, and once it closes nobody tells anything any more', async () => {
    await roomThatTells(2)
    const watching = watch(room.leader)
    const other = room.follower.cluster.id
    await room.until(() => watching.count(other, 'delivered') > 0)
    expect(room.leader.cluster.status().members).toHaveLength(2)
    watching.watcher.close()
    let told = 0
    room.leader.cluster.on('observe', () => {
      told++
    })
    const end = room.clock.now() + 20_000
    await room.until(() => room.clock.now() >= end)
    told = 0
    const later = end + 20_000
    await room.until(() => room.clock.now() >= later)
    expect(told).toBe(0)
  })

  it('that stands still costs its node a bounded list, and is told anew where all stand when it goes on', async () => {
    await roomThatTells(2)
    const [here, there] = memoryPorts()
    const { cluster, followed } = room.leader
    serve(cluster, followed, there, { clock: room.clock })
    // It has asked once, hears nothing, and asks no more.
    here.send(encodeClientMessage({ kind: 'watch', isNew: true }))
    await room.until(() => true)
    const lines = Array.from({ length: 1_500 }, (_, i) => `line ${i}`)
    await room.done(cluster.propose('first'))
    for (let i = 0; i < 3; i++) await room.done(cluster.proposeAll(lines))
    const { lastIndex } = cluster.status()
    const watching = new Watching()
    watching.watcher.attach(here)
    const other = room.follower.cluster.id
    await room.until(() => [cluster.id, other].every(id => watching.indexes(id).at(-1) === lastIndex))
    for (const id of [cluster.id, other]) expect(watching.indexes(id).length).toBeLessThanOrEqual(1_000)
  })

  it('sees a node that comes later, and one that comes back', async () => {
    await roomThatTells(2)
    const watching = watch(room.leader)
    const { id } = room.follower.cluster
    await room.until(() => watching.beginnings.has(id))
    room.follower.cluster.crash()
    await room.until(() => watching.count(id, 'crashed') === 1)
    const node = room.nodes.find(({ cluster }) => cluster.id === id)
    if (node === undefined) throw new Error('no node')
    await room.done(node.cluster.restart())
    await room.until(() => watching.count(id, 'started') === 2)
  })

  it('says to no node what only nodes say', async () => {
    await roomThatTells(2)
    const [here, there] = memoryPorts()
    serve(room.leader.cluster, room.leader.followed, there, { clock: room.clock })
    let heard = 0
    room.follower.cluster.on('observe', () => {
      heard++
    })
    here.send(
      encodeClientMessage({ kind: 'say', payload: encodeBetweenNodes({ kind: 'telling', bytes: new Uint8Array(9) }) }),
    )
    here.send(encodeClientMessage({ kind: 'say', payload: new Uint8Array(1) }))
    await room.until(() => heard > 0)
    expect(heard).toBe(1)
  })
})

describe('a teller', () => {
  it('tells a log of which every command says much in as many bytes as a message holds', () => {
    const entries = Array.from({ length: 1_000 }, (_, i) => ({
      index: i + 1,
      term: 1,
      kind: 'command' as const,
      text: '\u0001'.repeat(200),
    }))
    const teller = new Teller(
      {
        watch: listener => {
          listener({ type: 'appended', entries, node: 'a', at: 7 })
          return () => undefined
        },
      },
      () => undefined,
    )
    const [telling] = teller.take()
    if (telling === undefined) throw new Error('nothing told')
    expect(telling.byteLength).toBeLessThan(MAX_TELLING_BYTES)
    const { events, isBeginning, now } = read({ telling })
    expect(isBeginning && now).toBe(7)
    expect(events[0]).toMatchObject({ entries: { length: 1_000 } })
  })
})
