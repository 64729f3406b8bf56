import { ClusterError } from '@flotilla/cluster'
import { afterEach, describe, expect, it } from 'vitest'
import { type ServedNode, ServedRoom } from '../fixtures/served-room.ts'
import { type MemoryOutbox, memoryOutbox } from './memory-outbox.ts'
import { MAX_OUTBOX_COMMANDS, type Outbox, openOutbox } from './outbox.ts'

let room: ServedRoom

afterEach(() => room.close())

interface OutboxTab {
  readonly outbox: Outbox<string, number>
  readonly lines: readonly string[]
  readonly store: ReturnType<MemoryOutbox['tab']>
  crash(): void
  attach(node: ServedNode): void
}

async function tabOn(disk: MemoryOutbox, node?: ServedNode): Promise<OutboxTab> {
  const { client, machine } = room.client(node)
  const store = disk.tab()
  const outbox = await openOutbox({ client, machine, store, clock: room.clock })
  const crash = (): void => {
    store.crash()
    client.close()
    outbox.close()
  }
  return {
    outbox,
    store,
    crash,
    get lines() {
      return machine.lines
    },
    attach: served => void room.attach(client, served),
  }
}

async function roomOf(count: number): Promise<void> {
  room = new ServedRoom()
  await room.open(count)
}

const linesOf = ({ machine }: ServedNode): readonly string[] => machine.lines

describe('the outbox', () => {
  it('has a command on disk before it says saved, without anybody else, and sends it when there is a leader', async () => {
    await roomOf(1)
    const disk = memoryOutbox()
    const tab = await tabOn(disk)
    const { saved, committed } = tab.outbox.submit('typed offline')
    await room.done(saved)
    expect(disk.kept).toBe(1)
    tab.attach(room.leader)
    expect(await room.done(committed)).toMatchObject({ result: 1 })
    expect(linesOf(room.leader)).toEqual(['typed offline'])
    await room.until(() => disk.kept === 0)
  })

  it('has each command in the log once, and not only in effect, also those that the machine refuses', async () => {
    await roomOf(1)
    const tab = await tabOn(memoryOutbox(), room.leader)
    await room.done(tab.outbox.submit('opens the session').committed)
    const { commitIndex } = room.leader.cluster.status()
    for (const command of ['a', 'bad luck', 'b']) {
      const { committed } = tab.outbox.submit(command)
      await room.done(committed.catch(() => undefined))
    }
    await room.until(() => tab.outbox.size === 0)
    expect(room.leader.cluster.status().commitIndex - commitIndex).toBe(3)
  })

  it('keeps the order of a tab, also across its reload', async () => {
    await roomOf(3)
    const disk = memoryOutbox()
    const before = await tabOn(disk)
    await room.done(Promise.all(['a', 'b', 'c'].map(line => before.outbox.submit(line).saved)))
    before.crash()
    const after = await tabOn(disk)
    const waiting = after.outbox.waiting()
    expect(waiting.map(({ command }) => command)).toEqual(['a', 'b', 'c'])
    const last = after.outbox.submit('d')
    after.attach(room.follower)
    await room.done(last.committed)
    expect(await room.done(waiting[1]?.committed ?? Promise.reject(new Error('nobody waits')))).toMatchObject({
      result: 2,
    })
    expect(linesOf(room.follower)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('sends what a tab that is gone has left while another lives', async () => {
    await roomOf(1)
    const disk = memoryOutbox()
    const living = await tabOn(disk, room.leader)
    const found: string[] = []
    living.outbox.on('found', waiting => found.push(...waiting.map(({ command }) => command)))
    const dying = await tabOn(disk)
    await room.done(dying.outbox.submit('left behind').saved)
    dying.crash()
    await room.until(() => linesOf(room.leader).length === 1)
    expect(found).toEqual(['left behind'])
    expect(linesOf(room.leader)).toEqual(['left behind'])
    await room.done(living.outbox.submit('and on').committed)
  })

  it('sends what tabs that are gone have left in the order in which they were used, and then its own', async () => {
    await roomOf(1)
    const disk = memoryOutbox()
    const tabs = [await tabOn(disk), await tabOn(disk), await tabOn(disk)]
    for (const [i, { outbox }] of tabs.entries())
      for (const part of ['first', 'second']) await room.done(outbox.submit(`${part} of ${i}`).saved)
    for (const tab of tabs) tab.crash()
    const after = await tabOn(disk)
    await room.until(() => after.outbox.waiting().length === 6)
    const last = after.outbox.submit('of the last')
    after.attach(room.leader)
    await room.done(last.committed)
    expect(linesOf(room.leader)).toEqual([
      ...[0, 1, 2].flatMap(i => [`first of ${i}`, `second of ${i}`]),
      'of the last',
    ])
  })

  it('has all that waits on the disk among what it tells to wait, whichever tabs left it', async () => {
    await roomOf(1)
    const disk = memoryOutbox()
    const tabs = [await tabOn(disk), await tabOn(disk)]
    await room.done(Promise.all(tabs.map(({ outbox }, i) => outbox.submit(`of ${i}`).saved)))
    for (const tab of tabs) tab.crash()
    const after = await tabOn(disk)
    await room.until(() => after.outbox.waiting().length === 2)
    expect(after.outbox.size).toBe(2)
    const [other, own] = after.outbox.waiting()
    expect([other?.isLeft, own?.isLeft]).toEqual([true, false])
    after.attach(room.leader)
    await room.done(Promise.all([own?.committed, other?.committed]))
    expect(after.outbox.waiting()).toEqual([])
    expect(linesOf(room.leader)).toEqual(['of 0', 'of 1'])
  })

  it('leaves the line of a tab that loads anew to that tab, while nothing of it can be sent', async () => {
    await roomOf(1)
    const disk = memoryOutbox()
    const living = await tabOn(disk)
    const before = await tabOn(disk)
    await room.done(before.outbox.submit('typed before it loads anew').saved)
    before.crash()
    await pass(30_000)
    expect(living.outbox.waiting()).toEqual([])
    const after = await tabOn(disk)
    expect(after.outbox.waiting().map(({ command }) => command)).toEqual(['typed before it loads anew'])
  })

  it('applies each command once and in order, whichever tabs and nodes die while they are under way', async () => {
    for (let seed = 1; seed <= 25; seed++) {
      let state = seed
      const random = (): number => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0
        return state / 2 ** 32
      }
      await roomOf(3)
      const disk = memoryOutbox()
      const { clock } = room
      disk.later = run => void clock.setTimer(clock.now() + random() * 60, run)
      let tab = await tabOn(disk, room.leader)
      const savedLines: string[] = []
      for (let i = 0; i < 30; i++) {
        const line = `${i}`
        const submitted = tab.outbox.submit(line)
        submitted.saved.then(() => savedLines.push(line)).catch(() => {})
        if (random() < 0.3) await room.until(() => true).then(() => pass(random() * 200))
        if (random() < 0.15) {
          tab.crash()
          tab = await tabOn(disk, random() < 0.8 ? room.nodes[Math.floor(random() * 3)] : undefined)
        }
        if (random() < 0.1) {
          const node = room.nodes[Math.floor(random() * 3)]
          if (node?.cluster.status().state === 'running') node.cluster.crash()
          await pass(random() * 500)
          for (const { cluster } of room.nodes)
            if (cluster.status().state === 'crashed') await room.done(cluster.restart())
        }
      }
      const [node] = room.nodes
      if (node === undefined) throw new Error('no node')
      tab.attach(node)
      // In order: when the last is through, all are.
      await room.done(tab.outbox.submit('30').committed)
      savedLines.push('30')
      await room.until(() => disk.kept === 0)
      await room.until(() => new Set(room.nodes.map(({ machine }) => machine.lines.join())).size === 1)
      const lines = linesOf(node)
      expect(new Set(lines).size).toBe(lines.length)
      for (const line of savedLines) expect(lines).toContain(line)
      expect(lines).toEqual([...lines].sort((a, b) => Number(a) - Number(b)))
      await room.close()
    }
    await roomOf(1)
  })

  it('tells of what it cannot know, and neither drops it nor sends it twice, when the session ended meanwhile', async () => {
    await roomOf(1)
    const disk = memoryOutbox()
    const before = await tabOn(disk, room.leader)
    await room.done(before.outbox.submit('first').committed)
    // The page dies before it hears of it.
    await room.done(before.outbox.submit('sent').saved.then(() => before.crash()))
    expect(disk.kept).toBe(1)
    const offline = await tabOn(disk)
    await room.done(offline.outbox.submit('never sent').saved)
    const beside = await tabOn(disk)
    let news = 0
    beside.outbox.on('changed', () => (news += 1))
    // Longer than a session lives that nobody uses.
    await room.until(() => room.clock.now() > 60 * 60_000, 2 * 60 * 60_000)
    offline.attach(room.leader)
    await room.until(() => disk.kept === 0)
    const lines = linesOf(room.leader)
    const lost = offline.outbox.lost()
    // It had taken effect; but who sends it cannot know, and does not guess.
    expect(lost.map(({ command }) => command)).toEqual(['sent'])
    expect(lines).toEqual(['first', 'sent', 'never sent'])
    // Told again to whoever opens the room, until somebody has seen it.
    expect((await tabOn(disk)).outbox.lost()).toEqual(lost)
    // And to tabs that are open.
    await room.until(() => beside.outbox.lost().length > 0)
    expect(beside.outbox.lost()).toEqual(lost)
    for (const { id } of lost) await offline.outbox.dismiss(id)
    expect((await tabOn(disk)).outbox.lost()).toEqual([])
    await room.until(() => beside.outbox.lost().length === 0)
    expect(news).toBe(2)
  })

  it('sends nothing in a session of another cluster, where it may be anybody’s', async () => {
    await roomOf(1)
    const disk = memoryOutbox()
    const before = await tabOn(disk, room.leader)
    await room.done(before.outbox.submit('of the first').committed)
    await room.done(before.outbox.submit('sent in the first').saved.then(() => before.crash()))
    const alone = await tabOn(disk)
    await room.done(alone.outbox.submit('never sent').saved)
    alone.crash()
    await room.close()

    await roomOf(1)
    // Somebody there has the session of that number.
    for (let i = 0; i < 5; i++) await room.done(room.client(room.leader).client.propose(`${i}`))
    const after = await tabOn(disk, room.leader)
    await room.until(() => disk.kept === 0)
    expect(linesOf(room.leader)).toEqual(['0', '1', '2', '3', '4', 'never sent'])
    expect(after.outbox.lost().map(({ command }) => command)).toEqual(['sent in the first'])
  })

  it('tells what the machine refused to whoever waits, and keeps it until somebody has seen it, whichever tab it was', async () => {
    await roomOf(1)
    const disk = memoryOutbox()
    const before = await tabOn(disk)
    await room.done(before.outbox.submit('bad luck').saved)
    before.crash()
    const after = await tabOn(disk)
    const own = after.outbox.submit('bad too')
    after.attach(room.leader)
    const error = await room.done(own.committed.catch((caught: unknown) => caught))
    expect(error).toMatchObject({ kind: 'Rejected' })
    await room.until(() => disk.kept === 0)
    const refused = after.outbox.lost()
    expect(refused).toMatchObject([
      { command: 'bad luck', error: { kind: 'Rejected' } },
      { command: 'bad too', error: { kind: 'Rejected', thrown: { message: expect.any(String) } } },
    ])
    // Its page dies with the answer; the next one tells of it.
    after.crash()
    const late = await tabOn(disk, room.leader)
    expect(late.outbox.lost()).toEqual(refused)
    for (const { id } of refused) await late.outbox.dismiss(id)
    expect((await tabOn(disk)).outbox.lost()).toEqual([])
  })

  it('keeps what was refused while its page was dying with the answer, and once', async () => {
    await roomOf(1)
    const disk = memoryOutbox()
    const before = await tabOn(disk, room.leader)
    await room.done(before.outbox.submit('first').committed)
    // Whatever it writes from now on is lost with it.
    const own = before.outbox.submit('bad luck')
    own.committed.catch(() => before.crash())
    await room.done(own.committed.catch(() => undefined))
    const after = await tabOn(disk, room.leader)
    await room.until(() => disk.kept === 0)
    expect(after.outbox.lost()).toMatchObject([{ command: 'bad luck', error: { kind: 'Rejected' } }])
  })

  it('keeps the latest hundred of what was refused', async () => {
    await roomOf(1)
    const disk = memoryOutbox()
    const tab = await tabOn(disk, room.leader)
    for (let i = 0; i < 105; i++) tab.outbox.submit(`bad ${i}`)
    await room.until(() => disk.kept === 0)
    await room.until(() => tab.outbox.lost().length === 100)
    expect(tab.outbox.lost()[0]?.command).toBe('bad 5')
    expect(await disk.tab().lost()).toHaveLength(100)
  })

  it('refuses a command that the disk did not take, and sends those after it in their order', async () => {
    await roomOf(1)
    const disk = memoryOutbox()
    const tab = await tabOn(disk, room.leader)
    disk.isFull = true
    const lost = tab.outbox.submit('no room')
    expect(await room.done(lost.saved.catch((caught: unknown) => caught))).toMatchObject({ kind: 'StorageFailed' })
    expect(await room.done(lost.committed.catch((caught: unknown) => caught))).toBeInstanceOf(ClusterError)
    disk.isFull = false
    await room.done(Promise.all([tab.outbox.submit('a').committed, tab.outbox.submit('b').committed]))
    expect(linesOf(room.leader)).toEqual(['a', 'b'])
  })

  it('holds no more than it may, and says so', async () => {
    await roomOf(1)
    const tab = await tabOn(memoryOutbox())
    for (let i = 0; i < MAX_OUTBOX_COMMANDS; i++) tab.outbox.submit('x')
    const error = await tab.outbox.submit('one more').saved.catch((caught: unknown) => caught)
    expect(error).toMatchObject({ kind: 'Overloaded' })
  })

  it('refuses what the disk did not take, also when it was closed meanwhile', async () => {
    await roomOf(1)
    const disk = memoryOutbox()
    const tab = await tabOn(disk)
    disk.isFull = true
    const { saved } = tab.outbox.submit('no room')
    tab.outbox.close()
    expect(await room.done(saved.catch((caught: unknown) => caught))).toMatchObject({ kind: 'StorageFailed' })
  })

  it('lets nobody have its line before what was on its way to the disk when it was closed is there', async () => {
    await roomOf(1)
    const disk = memoryOutbox()
    const { clock } = room
    disk.later = run => void clock.setTimer(clock.now() + 50, run)
    const before = await tabOn(disk)
    const { saved, committed } = before.outbox.submit('under way')
    before.outbox.close()
    // It looks for a line before the disk has what is under way.
    const after = await tabOn(disk, room.leader)
    const own = after.outbox.submit('of the next')
    await room.done(saved)
    expect(await room.done(committed.catch((caught: unknown) => caught))).toMatchObject({ kind: 'Closed' })
    await room.done(own.committed)
    await room.until(() => disk.kept === 0)
    expect([...linesOf(room.leader)].sort()).toEqual(['of the next', 'under way'])
  })

  it('has all that was submitted on the disk when it is closed', async () => {
    await roomOf(1)
    const disk = memoryOutbox()
    const { clock } = room
    disk.later = run => void clock.setTimer(clock.now() + 50, run)
    const tab = await tabOn(disk, room.leader)
    const saved = ['a', 'b', 'c'].map(line => tab.outbox.submit(line).saved)
    await room.done(tab.outbox.close())
    await Promise.all(saved)
    expect(disk.kept).toBe(3)
    const late = tab.outbox.submit('late').saved
    expect(await late.catch((caught: unknown) => caught)).toMatchObject({ kind: 'Closed' })
    await tabOn(disk, room.leader)
    await room.until(() => disk.kept === 0)
    expect(linesOf(room.leader)).toEqual(['a', 'b', 'c'])
  })

  it('keeps what waits when it is closed, and says so to whoever waits', async () => {
    await roomOf(1)
    const disk = memoryOutbox()
    const tab = await tabOn(disk)
    const { saved, committed } = tab.outbox.submit('kept')
    await room.done(saved)
    tab.outbox.close()
    expect(await committed.catch((caught: unknown) => caught)).toMatchObject({ kind: 'Closed' })
    expect(disk.kept).toBe(1)
  })
})

async function pass(ms: number): Promise<void> {
  const end = room.clock.now() + ms
  await room.until(() => room.clock.now() >= end)
}
