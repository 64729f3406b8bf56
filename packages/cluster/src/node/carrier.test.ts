/** A node that keeps a room without understanding it gives everything to whoever comes, and answers nobody in the machine's name. */
import { afterEach, describe, expect, it } from 'vitest'
import { type TestNode, TestRoom } from '../fixtures/room.ts'
import { decodeEnvelope, encodeEnvelope } from '../wire/command.ts'
import type { ProposeAnswer } from '../wire/frame.ts'
import { carrier } from './carrier.ts'

let room: TestRoom

afterEach(async () => {
  await Promise.all(room.nodes.map(({ cluster }) => cluster.close()))
})

const carrying = { machine: carrier } as const

/** Two that understand, and a carrier, all of them voters. */
async function withCarrier(snapshotThresholdEntries = 10_000): Promise<readonly [TestNode, TestNode, TestNode]> {
  room = new TestRoom({ raft: { snapshotThresholdEntries }, autopilot: { deadAfterMs: 1_000, awayAfterMs: 500 } })
  const a = await room.open('create')
  const b = await room.open('join')
  const edge = await room.open('join', undefined, carrying)
  edge.cluster.setVisible(false)
  await room.until(() => room.voters() === 3 && room.leader() !== undefined, 'all three vote')
  return [a, b, edge]
}

/** The tabs are closed for good, one after the other, and a new one comes when the carrier is the only voter. */
async function afterAllTabs(tabs: readonly TestNode[], edge: TestNode): Promise<TestNode> {
  for (const { cluster } of tabs) {
    await cluster.close()
    const stays = (): readonly string[] => edge.cluster.status().members.flatMap(({ id, voter }) => (voter ? [id] : []))
    await room.until(() => !stays().includes(cluster.id), 'it votes no more')
  }
  const late = await room.open('join')
  await room.until(() => late.cluster.status().members.some(({ id, voter }) => id === late.id && voter), 'it votes')
  return late
}

describe('a carrier', () => {
  it('gives the whole log to whoever comes when all others have gone', async () => {
    const [a, b, edge] = await withCarrier()
    for (const line of ['one', 'no two', 'three']) await room.done(room.write(a, line).catch(() => undefined))
    const late = await afterAllTabs([a, b], edge)
    expect(late.chronicle.lines).toEqual(['one', 'three'])
  })

  it('gives the snapshot that it was sent and the log after it, and takes none itself', async () => {
    room = new TestRoom({ raft: { snapshotThresholdEntries: 8 }, autopilot: { deadAfterMs: 1_000, awayAfterMs: 500 } })
    const a = await room.open('create')
    for (let i = 1; i <= 40; i++) await room.done(room.write(a, `before ${i}`))
    const edge = await room.open('join', undefined, carrying)
    edge.cluster.setVisible(false)
    await room.until(() => room.voters() === 2, 'both vote')
    const sent = edge.cluster.status().snapshotIndex
    expect(sent).toBeGreaterThan(0)
    for (let i = 1; i <= 40; i++) await room.done(room.write(a, `after ${i}`))
    expect(edge.cluster.status().snapshotIndex).toBe(sent)
    expect(a.cluster.status().snapshotIndex).toBeGreaterThan(sent)
    const late = await afterAllTabs([a], edge)
    expect(late.chronicle.lines).toEqual(a.chronicle.lines)
    expect(late.chronicle.lines).toHaveLength(80)
  })

  it('restarts with what it carried', async () => {
    const [a, b, edge] = await withCarrier()
    await room.done(room.write(a, 'kept'))
    await room.until(() => edge.cluster.status().commitIndex === a.cluster.status().commitIndex, 'it has heard of it')
    edge.cluster.crash()
    await room.done(edge.cluster.restart())
    expect((await afterAllTabs([a, b], edge)).chronicle.lines).toEqual(['kept'])
  })

  it('that leads lets every proposer learn from its own machine what its command came to', async () => {
    const [a, b, edge] = await withCarrier()
    for (const { cluster } of [a, b]) cluster.setVisible(false)
    await room.done(room.mustLead().cluster.transferLeadership(edge.id))
    await room.until(() => room.leader()?.id === edge.id, 'it leads')
    expect(await room.done(room.write(a, 'mine'))).toMatchObject({ result: 1 })
    await expect(room.done(room.write(b, 'no way'))).rejects.toMatchObject({ kind: 'Rejected' })
    expect(await room.done(room.write(b, 'yours'))).toMatchObject({ result: 2 })
    expect(room.leader()?.id).toBe(edge.id)
  })

  it('that leads keeps no client waiting that is no node', async () => {
    const [a, b, edge] = await withCarrier()
    for (const { cluster } of [a, b]) cluster.setVisible(false)
    await room.done(room.mustLead().cluster.transferLeadership(edge.id))
    await room.until(() => room.leader()?.id === edge.id, 'it leads')
    /** As a client does: asks again when nobody can say. */
    const forward = async (entry: Uint8Array): Promise<ProposeAnswer> => {
      for (;;) {
        const answer = await new Promise<ProposeAnswer>(told => void a.cluster.forward(entry, told))
        if (answer.kind !== 'unknown') return answer
      }
    }
    const opened = await room.done(forward(encodeEnvelope({ kind: 'open' })))
    if (opened.kind !== 'applied') throw new Error('no session')
    const command = a.chronicle.command.encode('from a client')
    const entry = encodeEnvelope({ kind: 'command', session: opened.index, sequence: 1, firstUnanswered: 1, command })
    expect(decodeEnvelope(entry).ok).toBe(true)
    expect(await room.done(forward(entry))).toMatchObject({ kind: 'applied' })
    await room.until(() => b.cluster.status().lastApplied === a.cluster.status().lastApplied, 'both have applied it')
    expect(b.chronicle.lines.filter(line => line === 'from a client')).toHaveLength(1)
  })

  it('that is asked itself by a client that is no node says where its command took effect, if not what it came to', async () => {
    room = new TestRoom()
    const edge = await room.open('create', undefined, carrying)
    await room.until(() => room.leader()?.id === edge.id, 'it leads')
    const forward = (entry: Uint8Array): Promise<ProposeAnswer> =>
      room.done(new Promise(told => void edge.cluster.forward(entry, told)))
    const opened = await forward(encodeEnvelope({ kind: 'open' }))
    if (opened.kind !== 'applied') throw new Error('no session')
    const command = new Uint8Array([7])
    const entry = encodeEnvelope({ kind: 'command', session: opened.index, sequence: 1, firstUnanswered: 1, command })
    const first = await forward(entry)
    expect(first).toMatchObject({ kind: 'unknown', at: { index: opened.index + 1 } })
    expect(await forward(entry)).toEqual(first)
  })

  it('is not compared with those who understand: it has no state that could differ', async () => {
    room = new TestRoom()
    const every = { digestEveryEntries: 4 } as const
    const a = await room.open('create', undefined, every)
    const edge = await room.open('join', undefined, { ...carrying, ...every })
    await room.until(() => room.voters() === 2, 'both vote')
    for (let i = 1; i <= 20; i++) await room.done(room.write(a, `line ${i}`))
    await room.pass(10_000)
    expect([a, edge].map(({ cluster }) => cluster.status().state)).toEqual(['running', 'running'])
  })

  it('that is not seen by anybody hands leadership to one that understands', async () => {
    const [, , edge] = await withCarrier()
    await room.until(() => room.leader() !== undefined && room.leader()?.id !== edge.id, 'a tab leads')
  })
})
