/** What is neither only here nor everybody's: commands that some other node has, and no majority. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type ServedNode, ServedRoom } from '../fixtures/served-room.ts'
import { memoryOutbox } from './memory-outbox.ts'
import { openOutbox, type Submitted } from './outbox.ts'

let room: ServedRoom
afterEach(() => room.close())

async function roomOf(count: number): Promise<void> {
  room = new ServedRoom()
  await room.open(count)
}

async function outboxAt(node: ServedNode, disk = memoryOutbox()) {
  const { client, machine } = room.client(node)
  return openOutbox({ client, machine, store: disk.tab(), clock: room.clock })
}

/** Every word of it. */
function heard({ onSent }: Pick<Submitted<number>, 'onSent'>): boolean[] {
  const told: boolean[] = []
  onSent(isSent => told.push(isSent))
  return told
}

/** What the node itself says of its clients' commands. A page hears it a moment later, and not what is no longer so by then. */
function toldBy({ cluster }: ServedNode): boolean[] {
  const told: boolean[] = []
  const forward = cluster.forward.bind(cluster)
  vi.spyOn(cluster, 'forward').mockImplementation((command, answer, reached) =>
    forward(command, answer, isElsewhere => {
      told.push(isElsewhere)
      reached?.(isElsewhere)
    }),
  )
  return told
}

const lines = (): ReadonlySet<string> => new Set(room.nodes.map(({ machine }) => machine.lines.join()))
const minorityOf = (leader: ServedNode, count: number): readonly ServedNode[] =>
  [leader, ...room.nodes.filter(node => node !== leader)].slice(0, count)

describe('a command is sent', () => {
  it('when another node has it, and a leader in the minority is one', async () => {
    await roomOf(5)
    const { leader } = room
    const minority = minorityOf(leader, 2)
    const [, follower] = minority
    if (follower === undefined) throw new Error('no follower')
    const outbox = await outboxAt(follower)
    // A session, which takes a majority.
    await room.done(outbox.submit('before').committed)
    room.cut(minority)
    const submitted = outbox.submit('in the minority')
    const told = heard(submitted)
    await room.until(() => told.length > 0)
    expect(told).toEqual([true])
    expect(leader.machine.lines).toEqual(['before'])
    // Whoever asks later is told at once.
    expect(heard(submitted)).toEqual([true])
  })

  it('not by being in the log of the browser’s own node, though that leads: then it would be lost with this device', async () => {
    await roomOf(3)
    const { leader } = room
    const outbox = await outboxAt(leader)
    await room.done(outbox.submit('before').committed)
    room.cut([leader])
    const submitted = outbox.submit('alone')
    const told = heard(submitted)
    await room.done(submitted.saved)
    const end = room.clock.now() + 10_000
    await room.until(() => room.clock.now() >= end)
    expect(told).toEqual([])
    room.heal()
    await room.done(submitted.committed)
    await room.until(() => lines().size === 1)
    expect(leader.machine.lines).toEqual(['before', 'alone'])
  })

  it('and no longer, when the majority has put something else in its place; it is sent anew, and takes effect once', async () => {
    await roomOf(5)
    const { leader } = room
    const minority = minorityOf(leader, 2)
    const said = toldBy(leader)
    const outbox = await outboxAt(leader)
    await room.done(outbox.submit('before').committed)
    room.cut(minority)
    said.length = 0
    const submitted = outbox.submit('in the minority')
    const told = heard(submitted)
    await room.until(() => told.length > 0)
    expect(told).toEqual([true])
    const majority = room.nodes.filter(node => !minority.includes(node))
    const elected = (): boolean => majority.some(({ cluster }) => cluster.status().role === 'leader')
    await room.until(elected)
    const [elsewhere] = majority
    if (elsewhere === undefined) throw new Error('no majority')
    await room.done((await outboxAt(elsewhere)).submit('of the majority').committed)
    expect(told).toEqual([true])
    room.heal()
    await room.done(submitted.committed)
    expect(said).toContain(false)
    await room.until(() => lines().size === 1)
    expect(leader.machine.lines).toEqual(['before', 'of the majority', 'in the minority'])
  })

  it('as far as the next page is told, too', async () => {
    await roomOf(5)
    const { leader } = room
    const disk = memoryOutbox()
    const { client, machine } = room.client(leader)
    const store = disk.tab()
    const before = await openOutbox({ client, machine, store, clock: room.clock })
    await room.done(before.submit('before').committed)
    room.cut(minorityOf(leader, 2))
    const told = heard(before.submit('in the minority'))
    await room.until(() => told.length > 0)
    store.crash()
    client.close()
    before.close()

    const after = await outboxAt(leader, disk)
    const [waiting] = after.waiting()
    if (waiting === undefined) throw new Error('nothing waits')
    const toldAfter = heard(waiting)
    await room.until(() => toldAfter.length > 0)
    expect(toldAfter).toEqual([true])
    room.heal()
    await room.done(waiting.committed)
    expect(leader.machine.lines).toEqual(['before', 'in the minority'])
  })
})
