import { afterEach, describe, expect, it } from 'vitest'
import { type Election, type ElectionOptions, electLeader, type InCharge } from './elect-leader.ts'
import { TestRoom } from './fixtures/room.ts'
import { type MemoryDevice, memoryDevice } from './memory/memory-storage.ts'

/** Only for its clock and its network. */
let room = new TestRoom()
let browser = memoryDevice()
let tabs: Election[] = []

afterEach(async () => {
  await Promise.all(tabs.map(tab => tab.close()))
  room = new TestRoom()
  browser = memoryDevice()
  tabs = []
})

async function open(more: Partial<ElectionOptions> = {}, device: MemoryDevice = browser): Promise<Election> {
  const tab = await electLeader({
    room: 'test',
    storage: name => device.storage(name),
    transport: name => room.network.transport(name),
    clock: room.clock,
    ...more,
  })
  tabs.push(tab)
  return tab
}

async function close(tab: Election): Promise<void> {
  tabs = tabs.filter(other => other !== tab)
  await tab.close()
}

const inCharge = (): readonly Election[] => tabs.filter(({ current }) => current.isMe)

/** Waits until exactly one tab is in charge and all say so; gives it. */
async function settled(count = tabs.length): Promise<Election> {
  const voters = (tab: Election): number => tab.status().members.filter(({ voter }) => voter).length
  const agreed = (): boolean => {
    const [one, ...more] = inCharge()
    return one !== undefined && more.length === 0 && tabs.every(({ current }) => current.leader === one.id)
  }
  await room.until(() => agreed() && tabs.every(tab => voters(tab) === count), 'one is in charge, and all agree')
  const [one] = inCharge()
  if (one === undefined) throw new Error('nobody is in charge')
  return one
}

describe('electLeader', () => {
  it('puts a tab alone in charge, and of several exactly one', async () => {
    const first = await open()
    expect(await settled()).toBe(first)
    await open()
    await open()
    expect(await settled()).toBe(first)
  })

  it('puts another in charge when that one closes, down to the last', async () => {
    for (let i = 0; i < 3; i++) await open()
    let last = await settled()
    while (tabs.length > 1) {
      const { term } = last.current
      await close(last)
      const next = await settled()
      expect(next).not.toBe(last)
      expect(next.current.term).toBeGreaterThan(term)
      last = next
    }
  })

  it('tells who is in charge, at once and at every change, and nothing twice', async () => {
    const first = await open()
    const second = await open()
    await settled()
    const told: InCharge[] = []
    const stop = second.watch(current => void told.push(current))
    expect(told).toEqual([{ leader: first.id, isMe: false, term: first.current.term }])
    await room.done(first.resign())
    await room.until(() => second.current.isMe && first.current.leader === second.id, 'the second is in charge')
    const leaders = told.map(({ leader }) => leader)
    expect(leaders.at(-1)).toBe(second.id)
    expect(told.at(-1)).toEqual({ leader: second.id, isMe: true, term: second.current.term })
    expect(leaders.filter((leader, i) => leader === leaders[i - 1])).toEqual([])
    stop()
    const before = told.length
    await room.done(second.resign())
    await room.until(() => first.current.isMe, 'the first is in charge again')
    expect(told).toHaveLength(before)
  })

  it('refuses to resign where there is nobody else', async () => {
    const alone = await open()
    await settled()
    await expect(alone.resign()).rejects.toMatchObject({ kind: 'TransferRefused' })
    expect(alone.current.isMe).toBe(true)
  })

  it('lets nobody be in charge of fewer than min', async () => {
    const first = await open({ min: 2 })
    await room.pass(5_000)
    expect(first.current.leader).toBeUndefined()
    const second = await open({ min: 2 })
    const leader = await settled()
    const other = leader === first ? second : first
    await close(leader)
    await room.pass(20_000)
    expect(other.current).toMatchObject({ leader: undefined, isMe: false })
    expect(other.status().members.filter(({ voter }) => voter)).toHaveLength(2)
  })

  it('lets no more than max vote; one that stands by takes the place of one that leaves', async () => {
    for (let i = 0; i < 4; i++) await open({ max: 3 })
    const first = await settled(3)
    const standby = tabs.find(tab => tab.status().role === 'learner')
    expect(standby).toBeDefined()
    await close(first)
    await room.until(() => standby?.status().role !== 'learner', 'it votes in the place of the other')
    expect((await settled(3)).status().members.filter(({ voter }) => voter)).toHaveLength(3)
  })

  it('remembers term and vote in its storage: after all tabs were closed, the same nodes go on in a later term', async () => {
    for (let i = 0; i < 2; i++) await open()
    const { term } = (await settled()).current
    const ids = tabs.map(({ id }) => id).sort()
    for (const tab of tabs) await close(tab)
    for (let i = 0; i < 2; i++) await open()
    const leader = await settled()
    expect(tabs.map(({ id }) => id).sort()).toEqual(ids)
    expect(leader.current.term).toBeGreaterThan(term)
  })

  it('keeps out whom somebody removed by hand, until somebody lets it in again', async () => {
    const first = await open()
    const other = await open()
    await settled()
    await room.done(first.removeMember(other.id))
    const members = (): readonly string[] => first.status().members.map(({ id }) => id)
    await room.until(() => other.status().refusal === 'Removed', 'it is told that it was removed')
    expect(members()).toEqual([first.id])
    expect(other.current.isMe).toBe(false)
    await room.done(first.addMember(other.id, 'voter'))
    await settled()
    expect(members()).toHaveLength(2)
  })

  it('works in memory, too: who comes back is somebody new, and the old one votes no more', async () => {
    await open({ start: 'create' })
    for (let i = 0; i < 2; i++) await open({ start: 'join' }, memoryDevice())
    const leader = await settled()
    const gone = tabs.find(tab => tab !== leader)
    if (gone === undefined) throw new Error('three tabs')
    await close(gone)
    const back = await open({ start: 'join' }, memoryDevice())
    await settled()
    expect(back.id).not.toBe(gone.id)
    expect(leader.status().members.find(({ id }) => id === gone.id)?.voter).toBe(false)
  })

  it('keeps no log to speak of, however often somebody else is in charge', async () => {
    for (let i = 0; i < 2; i++) await open()
    for (let i = 0; i < 40; i++) await room.done((await settled()).resign())
    for (const tab of tabs) {
      const { lastIndex, snapshotIndex } = tab.status()
      expect(lastIndex).toBeGreaterThan(40)
      expect(lastIndex - snapshotIndex).toBeLessThanOrEqual(20)
    }
  })

  it.each([
    [0, 5],
    [3, 2],
    [1.5, 2],
    [1, Number.NaN],
  ])('refuses min %d and max %d', async (min, max) => {
    await expect(open({ min, max })).rejects.toThrow(RangeError)
  })
})
