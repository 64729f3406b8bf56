/** Rooms in which some nodes are there whether or not anybody has a page open: who votes, and what is left when the tabs are gone. */
import { majorityOf, type NodeId } from '@flotilla/core'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { type TestNode, TestRoom } from '../fixtures/room.ts'
import { after, ids, room as sketched } from '../fixtures/sketched-room.ts'
import { drawSwap, nextChange } from './autopilot.ts'
import { defaultAutopilot } from './autopilot-options.ts'
import { placesBeside } from './lasting.ts'

/** Where the autopilot comes to by itself, each change made before the next. E, F and G are lasting. */
function comesTo(
  voters: string,
  learners: string,
  more: { silent?: string; minVoters?: number; maxVoters?: number } = {},
) {
  const { silent = '', minVoters = 1, maxVoters = 5 } = more
  const everybody = [...ids(voters), ...ids(learners)]
  let now = ids(voters)
  for (let step = 0; step < 20; step++) {
    const [leader = ''] = now.filter(id => !ids(silent).includes(id))
    const order = [leader, ...now.filter(id => id !== leader)]
    const rest = everybody.filter(id => !now.includes(id)).join(' ')
    const sketch = { voters: order.join(' '), learners: rest, silent, lasting: 'E F G' }
    const changes = nextChange(sketched(sketch), { ...defaultAutopilot, minVoters, maxVoters, forgetAfterMs: 1e9 })
    if (changes === undefined) return [...now].sort().join(' ')
    now = [...after(now, changes)]
  }
  throw new Error(`to no end: ${now}`)
}

describe('who votes beside nodes that are there for good', () => {
  it('nobody beside one, one beside two, nobody beside three', () => {
    expect(comesTo('A', 'E')).toBe('E')
    expect(comesTo('A B C', 'E')).toBe('E')
    expect(comesTo('A B C D H', 'E')).toBe('E')
    expect(comesTo('E', 'A B C')).toBe('E')
    expect(comesTo('A B', 'E F')).toMatch(/^[AB] E F$/)
    expect(comesTo('E F', 'A B')).toMatch(/^[AB] E F$/)
    expect(comesTo('A E F', 'B G')).toBe('E F G')
    expect(comesTo('A B C D H', 'E F G')).toBe('E F G')
    expect(comesTo('A', 'E', { maxVoters: 1 })).toBe('E')
  })

  it('tabs do where the room wants more voters than it has of them', () => {
    expect(comesTo('A B', 'E', { minVoters: 3 })).toBe('A B E')
    expect(comesTo('A', 'E B C D', { minVoters: 3 })).toMatch(/^[ABCD] [BCD] E$/)
  })

  it('tabs do again where all of them are gone, and the one that is left decides where others are', () => {
    expect(comesTo('A B E', 'C', { silent: 'E' })).toBe('A B C')
    expect(comesTo('A E F', 'B', { silent: 'F' })).toBe('E')
    expect(comesTo('E F G', 'A B', { silent: 'G' })).toMatch(/^[AB] E F$/)
    expect(comesTo('A E F', 'B', { silent: 'A' })).toMatch(/^B E F$/)
  })

  it('takes no vote of a tab before those who stay can do without it', () => {
    const changes = nextChange(sketched({ voters: 'A E F', learners: '', silent: 'F', lasting: 'F' }), {
      ...defaultAutopilot,
      deadAfterMs: 60_000,
    })
    expect(changes).toBeUndefined()
  })

  it('a swap is of a tab for a tab', () => {
    const room = sketched({ voters: 'E F A', learners: 'B C', lasting: 'E F' })
    for (let lot = 0; lot < 1; lot += 0.1) {
      expect(drawSwap(room, () => lot)).toEqual([
        { type: 'demote', id: 'A' },
        { type: 'addVoter', id: lot < 0.5 ? 'B' : 'C' },
      ])
    }
    expect(drawSwap(sketched({ voters: 'E F G', learners: 'A', lasting: 'E F G' }), () => 0)).toBe('nobody is ready')
  })

  it('a tab’s vote never makes a majority larger', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), lasting => {
        expect(majorityOf(lasting + placesBeside(lasting, 1))).toBe(majorityOf(lasting))
        expect(majorityOf(lasting + placesBeside(lasting, 1) + 1)).toBe(majorityOf(lasting) + 1)
      }),
    )
  })
})

describe('a room with nodes that are there for good', () => {
  let room: TestRoom
  afterEach(async () => {
    await Promise.all(room.nodes.map(({ cluster }) => cluster.close()))
  })

  const lasting = (): Promise<TestNode> => room.open('join', undefined, { isLasting: true })
  const votersSeenBy = ({ cluster }: TestNode): readonly NodeId[] =>
    cluster.status().members.flatMap(({ id, voter }) => (voter ? [id] : []))
  const votes = (by: TestNode, ...nodes: readonly TestNode[]): boolean =>
    votersSeenBy(by).toSorted().join() ===
    nodes
      .map(({ id }) => id)
      .toSorted()
      .join()

  it('of one and two tabs goes on when both tabs die in the same moment, and who comes then has everything', async () => {
    room = new TestRoom()
    await room.settled(2)
    const [a, b] = room.nodes
    if (a === undefined || b === undefined) throw new Error('two tabs')
    const edge = await lasting()
    await room.until(() => votes(edge, edge), 'it votes alone')
    await room.done(room.write(a, 'from the one'))
    await room.done(room.write(b, 'from the other'))
    for (const { cluster } of [a, b]) cluster.crash()
    const late = await room.open('join')
    await room.until(() => late.chronicle.lines.length === 2, 'it has everything')
    expect(late.chronicle.lines).toEqual(['from the one', 'from the other'])
    await room.done(room.write(late, 'and goes on'))
    expect(votersSeenBy(edge)).toEqual([edge.id])
  })

  it('of one waits for it while it is away, says so, and goes on when it is back', async () => {
    room = new TestRoom()
    await room.settled(2)
    const [tab] = room.nodes
    const edge = await lasting()
    if (tab === undefined) throw new Error('a tab')
    await room.until(() => votes(tab, edge), 'it votes alone')
    edge.cluster.crash()
    const asked = room.write(tab, 'meanwhile', 600_000)
    await room.until(() => tab.cluster.status().leader === undefined, 'no leader')
    await room.pass(60_000)
    expect(votersSeenBy(tab)).toEqual([edge.id])
    await room.done(edge.cluster.restart())
    await room.done(asked)
    expect(edge.chronicle.lines).toEqual(['meanwhile'])
  })

  it('of one gives the votes back to tabs when it leaves', async () => {
    room = new TestRoom()
    await room.settled(2)
    const [tab] = room.nodes
    const edge = await lasting()
    if (tab === undefined) throw new Error('a tab')
    await room.until(() => votes(tab, edge), 'it votes alone')
    await room.done(edge.cluster.leave())
    room.nodes.splice(room.nodes.indexOf(edge), 1)
    await room.until(() => room.voters() === 2 && room.leader() !== undefined, 'both tabs vote')
    await room.done(room.write(tab, 'without it'))
  })

  it('refuses to let a tab vote by hand where they would then depend on it', async () => {
    room = new TestRoom()
    const tab = await room.open('create')
    const edge = await lasting()
    await room.until(() => votes(tab, edge), 'it votes alone')
    const asked = room.done(tab.cluster.addMember(tab.id, 'voter').catch((error: unknown) => error))
    expect(await asked).toMatchObject({ kind: 'MembershipRefused' })
  })

  it('of two has one tab for a third voter, also when that tab leads and has forgotten who is lasting', async () => {
    room = new TestRoom()
    await room.settled(2)
    const [one, other] = [await lasting(), await lasting()]
    await room.until(() => votersSeenBy(one).length === 3 && votersSeenBy(one).includes(other.id), 'three vote')
    const tab = room.nodes.find(({ id }) => votersSeenBy(one).includes(id) && id !== one.id && id !== other.id)
    if (tab === undefined) throw new Error('a tab that votes')
    tab.cluster.crash()
    await room.done(tab.cluster.restart())
    await room.until(() => room.leader() !== undefined, 'somebody leads')
    await room.done(one.cluster.transferLeadership(tab.id))
    await room.pass(10_000)
    expect(room.mustLead()).toBe(tab)
    expect(votes(one, one, other, tab)).toBe(true)
  })
})
