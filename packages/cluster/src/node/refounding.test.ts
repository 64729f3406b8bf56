/** A majority is lost for good: one node's disk becomes another cluster, and whoever comes back from the old one is told. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { SessionTable } from '../clients/sessions.ts'
import { type TestNode, TestRoom } from '../fixtures/room.ts'
import { amended, firstHouseRules, type HouseRules, MAX_FORMERLY } from '../wire/house-rules.ts'
import { decodeNodeSnapshot, encodeNodeSnapshot } from './node-snapshot.ts'
import { removeStoredNode } from './open.ts'

let room: TestRoom

afterEach(async () => {
  vi.restoreAllMocks()
  await Promise.all(room.nodes.map(({ cluster }) => cluster.close()))
})

const clusterOf = ({ cluster }: TestNode): string | undefined => cluster.status().clusterId
const missing = ({ cluster }: TestNode): readonly string[] => cluster.status().waitingFor?.missing ?? []

/** Three voters, of which the last two are gone for good, and one that knows it. */
async function lost(): Promise<{ readonly left: TestNode; readonly gone: readonly TestNode[] }> {
  room = new TestRoom()
  await room.settled(3)
  for (let i = 0; i < 5; i++) await room.done(room.write(room.mustLead(), `before ${i}`))
  const left = room.mustLead()
  const gone = room.followers()
  await room.until(() => left.chronicle.lines.length === 5, 'it has all of it')
  for (const { cluster } of gone) cluster.crash()
  await room.until(() => missing(left).length === 2, 'it knows who is missing')
  await room.pass(4 * 750)
  return { left, gone }
}

async function force(node: TestNode): Promise<void> {
  await room.done(node.cluster.forceNewCluster({ abandon: missing(node) }))
  await room.until(() => node.cluster.status().role === 'leader', 'it leads')
}

describe('forceNewCluster', () => {
  it('goes on from this node’s disk, alone, with all that it had, and others join', async () => {
    const { left } = await lost()
    const before = clusterOf(left)
    // In its log, and committed nowhere.
    const underWay = left.cluster.propose('under way').catch((error: unknown) => error)
    await room.pass(10)
    const { term, lastIndex } = left.cluster.status()
    await force(left)
    expect(await underWay).toMatchObject({ kind: 'Timeout' })

    const status = left.cluster.status()
    expect(status.clusterId).not.toBe(before)
    expect(status.members.map(({ id, name, voter }) => [id, name, voter])).toEqual([[left.id, 'S1', true]])
    expect(status.term).toBeGreaterThan(term)
    expect(status.lastIndex).toBeGreaterThan(lastIndex)
    await room.done(room.write(left, 'after'))
    expect(left.chronicle.lines.slice(0, 5)).toEqual(Array.from({ length: 5 }, (_, i) => `before ${i}`))

    const joiners = [await room.open('join'), await room.open('join')]
    await room.until(() => room.voters([left, ...joiners]) === 3, 'two join')
    // A name is never given twice.
    expect(left.cluster.status().members.map(({ name }) => name)).toEqual(['S1', 'S4', 'S5'])
    for (const joiner of joiners) {
      expect(clusterOf(joiner)).toBe(clusterOf(left))
      await room.until(() => joiner.chronicle.lines.length === left.chronicle.lines.length, 'they have all')
      expect(joiner.chronicle.lines).toEqual(left.chronicle.lines)
    }
    await left.cluster.close()
    await room.until(() => room.leader(joiners) !== undefined, 'they go on without it')
  })

  it('is durable: a restart goes on in the new cluster', async () => {
    const { left } = await lost()
    await force(left)
    const after = clusterOf(left)
    left.cluster.crash()
    await room.done(left.cluster.restart())
    await room.until(() => left.cluster.status().role === 'leader', 'it leads')
    expect([clusterOf(left), left.cluster.status().members.length]).toEqual([after, 1])
    await room.done(room.write(left, 'after'))
  })

  it('can be done again, when that majority is lost too', async () => {
    const { left } = await lost()
    await force(left)
    const joiners = [await room.open('join'), await room.open('join')]
    await room.until(() => room.voters([left, ...joiners]) === 3, 'two join')
    for (const { cluster } of joiners) cluster.crash()
    await room.until(() => missing(left).length === 2, 'it knows who is missing')
    await room.pass(4 * 750)
    await force(left)
    const [back] = joiners
    if (back === undefined) throw new Error('there is one')
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    await room.done(back.cluster.restart())
    await room.until(() => back.cluster.status().failure === 'LeftBehind', 'that one is told as well')
  })

  it('writes nothing when the disk fails, and the node is what it was', async () => {
    const { left } = await lost()
    const before = clusterOf(left)
    left.device.failNextWrite('Unavailable')
    const error = await room.done(left.cluster.forceNewCluster({ abandon: missing(left) }).catch((e: unknown) => e))
    expect(error).toMatchObject({ kind: 'StorageFailed' })
    expect(left.cluster.status().state).toBe('crashed')
    await room.done(left.cluster.restart())
    expect([clusterOf(left), left.cluster.status().members.length]).toEqual([before, 3])
  })
})

describe('forceNewCluster is refused, and changes nothing', () => {
  const refusedFor = async (node: TestNode, abandon: readonly string[]): Promise<string> => {
    const before = node.cluster.status()
    const error = await room.done(node.cluster.forceNewCluster({ abandon }).catch((caught: unknown) => caught))
    expect(error).toMatchObject({ kind: 'MembershipRefused' })
    expect(node.cluster.status()).toMatchObject({ clusterId: before.clusterId, state: before.state })
    return error instanceof Error ? error.message : ''
  }

  it('while there is a leader, also one that has just been lost', async () => {
    room = new TestRoom()
    await room.settled(3)
    const leader = room.mustLead()
    const others = room.followers()
    const ids = others.map(({ id }) => id)
    expect(await refusedFor(leader, ids)).toMatch(/has a leader/)
    for (const { cluster } of others) cluster.crash()
    await room.until(() => leader.cluster.status().leader === undefined, 'it leads no more')
    expect(await refusedFor(leader, ids)).toMatch(/may be a leader soon/)
  })

  it('while a majority is in reach, and when others are named than who is missing', async () => {
    const { left, gone } = await lost()
    const [one, other] = gone
    if (one === undefined || other === undefined) throw new Error('there are two')
    expect(await refusedFor(left, [one.id])).toMatch(/others than those to abandon/)
    expect(await refusedFor(left, [])).toMatch(/others than those to abandon/)
    // @ts-expect-error: what a program without types may hand over
    expect(await refusedFor(left, undefined)).toMatch(/others than those to abandon/)
    await room.done(one.cluster.restart())
    await room.until(() => room.leader([left, one]) !== undefined, 'a majority again')
    expect(await refusedFor(left, [other.id])).toMatch(/has a leader/)
  })

  it('at a node that was never let in', async () => {
    room = new TestRoom()
    const joiner = await room.open('join')
    await room.pass(10_000)
    expect(await refusedFor(joiner, [])).toMatch(/no part of the room/)
  })
})

describe('a member of the old cluster that comes back', () => {
  it('is told that it was left behind, stops, and joins again as a new node', async () => {
    const { left, gone } = await lost()
    await force(left)
    await room.done(room.write(left, 'after'))
    const [back] = gone
    if (back === undefined) throw new Error('there is one')
    const shown = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    let toldOfTwo = 0
    back.cluster.on('status', () => {
      if (back.cluster.status().strangers.length > 0) toldOfTwo = room.clock.now()
    })
    await room.done(back.cluster.restart())
    await room.until(() => back.cluster.status().failure === 'LeftBehind', 'it is told')
    // For as long as it listened for a leader it said that the room exists twice, and offered another.
    expect(room.clock.now() - toldOfTwo).toBeGreaterThan(2 * 750)
    expect(shown).toHaveBeenCalled()
    await expect(back.cluster.propose('late')).rejects.toMatchObject({ kind: 'LeftBehind' })
    // Nobody is told that the room exists twice.
    expect(left.cluster.status().strangers).toEqual([])

    await back.cluster.close()
    expect(await removeStoredNode({ room: 'test', storage: back.device.storage }, back.id)).toBe(true)
    const anew = await room.open('join', back.device)
    await room.until(() => room.voters([left, anew]) === 2, 'it is let in')
    expect(anew.id).not.toBe(back.id)
    await room.until(() => anew.chronicle.lines.includes('after'), 'it has what happened meanwhile')
    expect(anew.chronicle.lines).toEqual(left.chronicle.lines)
  })

  it('forms no majority with the others that come back, as long as they reach who went on', async () => {
    const { left, gone } = await lost()
    await force(left)
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const before = gone.map(({ chronicle }) => chronicle.lines.length)
    for (const { cluster } of gone) await room.done(cluster.restart())
    const hasLed: string[] = []
    await room.until(() => {
      for (const { id, cluster } of gone) if (cluster.status().leader !== undefined) hasLed.push(id)
      return gone.every(({ cluster }) => cluster.status().failure === 'LeftBehind')
    }, 'both are told')
    expect(hasLed).toEqual([])
    for (const [i, { chronicle }] of gone.entries()) expect(chronicle.lines.length).toBeLessThanOrEqual(before[i] ?? 0)
  })

  it('is not stopped by somebody who gave up a majority that is well: its leader knows better', async () => {
    room = new TestRoom()
    await room.settled(3)
    const [alone, ...others] = [...room.nodes].sort((a, b) => Number(a === room.leader()) - Number(b === room.leader()))
    if (alone === undefined) throw new Error('there are three')
    room.cut([alone], others)
    await room.until(() => missing(alone).length === 2, 'it takes them for lost')
    await room.pass(4 * 750)
    await force(alone)
    room.heal()
    await room.done(room.write(room.mustLead(others), 'we are well'))
    await room.pass(20_000)
    expect(others.map(({ cluster }) => cluster.status().state)).toEqual(['running', 'running'])
    // Whoever has to do with it says that there are two.
    expect(others.some(({ cluster }) => cluster.status().strangers.includes(alone.id))).toBe(true)

    // One that restarts has no leader for a moment, and waits for it.
    const [follower] = others.filter(node => node !== room.leader(others))
    if (follower === undefined) throw new Error('there is one')
    follower.cluster.crash()
    await room.done(follower.cluster.restart())
    await room.until(() => room.leader(others) !== undefined, 'it has found its leader')
    await room.pass(20_000)
    expect(follower.cluster.status().state).toBe('running')
  })
})

describe('the clusters that a room was before', () => {
  const A = 'a'.repeat(32)
  const B = 'b'.repeat(32)
  const snapshotOf = (rules: HouseRules): Uint8Array =>
    encodeNodeSnapshot({ rules, sessions: new SessionTable(), machine: Uint8Array.of(7) })

  it('are in its snapshots, which are what they always were where there is none', () => {
    room = new TestRoom()
    const never = snapshotOf(firstHouseRules)
    const once = amended(firstHouseRules, { type: 'refounded', from: A })
    const twice = amended(once, { type: 'refounded', from: B })
    expect(decodeNodeSnapshot(never).rules).toEqual(firstHouseRules)
    expect(decodeNodeSnapshot(snapshotOf(twice)).rules.formerly).toEqual([A, B])
    expect(snapshotOf(once).byteLength).toBe(never.byteLength + 17)
    // As written before there could be any: version, length of the rules, four empty rules, no sessions, the machine.
    expect([...never]).toEqual([2, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7])
  })

  it('are remembered to a bound, each once', () => {
    room = new TestRoom()
    let rules = firstHouseRules
    for (let i = 0; i < 20; i++) rules = amended(rules, { type: 'refounded', from: i.toString(16).padStart(32, '0') })
    expect(rules.formerly).toHaveLength(MAX_FORMERLY)
    const last = rules.formerly.at(-1) ?? ''
    expect(amended(rules, { type: 'refounded', from: last }).formerly).toEqual(rules.formerly)
  })
})
