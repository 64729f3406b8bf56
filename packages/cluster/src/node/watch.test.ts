/** Watching a node in the middle of its life. */
import type { TraceEvent } from '@flotilla/core'
import { afterEach, describe, expect, it } from 'vitest'
import { TestRoom } from '../fixtures/room.ts'
import { memoryDevice } from '../memory/memory-storage.ts'

let room: TestRoom
afterEach(() => Promise.all(room.nodes.map(({ cluster }) => cluster.close())))

type Type = TraceEvent['type']
const told = <T extends Type>(events: readonly TraceEvent[], type: T): readonly Extract<TraceEvent, { type: T }>[] =>
  events.filter((event): event is Extract<TraceEvent, { type: T }> => event.type === type)

async function roomOfThree(): Promise<void> {
  room = new TestRoom()
  // Nobody watches from the beginning.
  for (const how of ['create', 'join', 'join'] as const) await room.open(how, memoryDevice(), { isTraced: false })
  await room.until(() => room.voters() === 3 && room.leader() !== undefined, 'three voters agree')
}

describe('a watcher that comes late', () => {
  it('is told first where the node stands, and then everything that happens', async () => {
    await roomOfThree()
    const leader = room.leader()
    if (leader === undefined) throw new Error('no leader')
    await room.done(leader.cluster.propose('before'))
    const seen: TraceEvent[] = []
    leader.cluster.watch(event => void seen.push(event))

    const { term, lastIndex, commitIndex, members } = leader.cluster.status()
    const [started] = told(seen, 'started')
    expect(started).toMatchObject({ term, votedFor: leader.id, node: leader.id })
    const entries = [...(started?.entries ?? []), ...told(seen, 'appended').flatMap(event => event.entries)]
    expect(entries.map(({ index }) => index)).toEqual(Array.from({ length: lastIndex }, (_, i) => i + 1))
    expect(told(seen, 'committed').at(-1)?.index).toBe(commitIndex)
    expect(told(seen, 'applied').at(-1)?.index).toBe(commitIndex)
    expect(told(seen, 'role').at(-1)?.role).toBe('leader')
    expect(told(seen, 'configuration').at(-1)?.configuration.voters).toHaveLength(3)
    expect(told(seen, 'progress')).toHaveLength(2)
    expect(told(seen, 'link').map(({ peer }) => peer)).toHaveLength(members.length - 1)

    seen.length = 0
    await room.done(leader.cluster.propose('after'))
    expect(told(seen, 'appended').flatMap(event => event.entries)).toMatchObject([{ index: lastIndex + 1 }])
    expect(told(seen, 'sent').length).toBeGreaterThan(1)
    expect(told(seen, 'delivered').length).toBeGreaterThan(1)
    expect(told(seen, 'durable').length).toBeGreaterThan(0)
  })

  it('hears no more once it stops; the node tells nothing to nobody, and another watcher goes on', async () => {
    await roomOfThree()
    const [node] = room.nodes
    if (node === undefined) throw new Error('no node')
    const first: TraceEvent[] = []
    const second: TraceEvent[] = []
    const stopFirst = node.cluster.watch(event => void first.push(event))
    const stopSecond = node.cluster.watch(event => void second.push(event))
    stopFirst()
    const heard = first.length
    const before = second.length
    await room.done(node.cluster.propose('a line'))
    expect(first).toHaveLength(heard)
    expect(second.length).toBeGreaterThan(before)
    stopSecond()
    const last = second.length
    await room.done(node.cluster.propose('another'))
    expect(second).toHaveLength(last)
  })

  it('sees a crash and what the node begins with again', async () => {
    await roomOfThree()
    const [node] = room.nodes
    if (node === undefined) throw new Error('no node')
    const seen: TraceEvent[] = []
    node.cluster.watch(event => void seen.push(event))
    node.cluster.crash()
    expect(seen.at(-1)?.type).toBe('crashed')
    const late: TraceEvent[] = []
    node.cluster.watch(event => void late.push(event))
    expect(late.map(({ type }) => type)).toContain('crashed')
    seen.length = 0
    await room.done(node.cluster.restart())
    expect(seen[0]?.type).toBe('started')
    expect(late.at(-1)?.type).not.toBe('crashed')
  })
})
