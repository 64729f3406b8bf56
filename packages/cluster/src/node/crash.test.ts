/** What a crash, a partition or a broken disk may cost: time, never an acknowledged write, and nothing twice. */
import { afterEach, describe, expect, it } from 'vitest'
import type { ClusterError } from '../api.ts'
import { type TestNode, TestRoom } from '../fixtures/room.ts'
import { memoryDevice } from '../memory/memory-storage.ts'
import { StorageError } from '../storage.ts'
import type { Cancel, Clock } from '../time/clock.ts'
import type { Transport } from '../transport.ts'
import { decodeFrame } from '../wire/codec.ts'

let room: TestRoom

afterEach(async () => {
  await Promise.all(room.nodes.map(({ cluster }) => cluster.close()))
})

interface Write {
  readonly line: string
  outcome: 'pending' | 'acknowledged' | ClusterError['kind']
}

/** Proposes one line, and notes what it comes to. */
function write(node: TestNode, line: string, timeoutMs?: number): Write {
  const note: Write = { line, outcome: 'pending' }
  room.write(node, line, timeoutMs).then(
    () => {
      note.outcome = 'acknowledged'
    },
    (error: ClusterError) => {
      note.outcome = error.kind
    },
  )
  return note
}

/** Acknowledged means: applied once, everywhere. Not acknowledged means: at most once. */
function expectExactlyOnce(writes: readonly Write[]): void {
  for (const { chronicle } of room.nodes) {
    expect(new Set(chronicle.lines).size).toBe(chronicle.lines.length)
    const missing = writes.filter(({ line, outcome }) => outcome === 'acknowledged' && !chronicle.lines.includes(line))
    expect(missing).toEqual([])
  }
}

const sameEverywhere = (): boolean => new Set(room.nodes.map(({ chronicle }) => chronicle.lines.join('\n'))).size === 1

describe('when the leader crashes', () => {
  it('loses no acknowledged write and applies none twice, with writes under way at every node, five times over', async () => {
    room = new TestRoom({ autopilot: { deadAfterMs: 1e9 } })
    await room.settled(3)
    const writes: Write[] = []
    for (let round = 0; round < 5; round++) {
      await room.until(() => room.leader() !== undefined, 'all agree on a leader')
      const leader = room.mustLead()
      // Slow links, so that writes are caught at every stage of their way.
      for (const { faults } of room.nodes) faults.linkDelayMs = 7
      for (let i = 0; i < 30; i++) {
        for (const [n, node] of room.nodes.entries()) writes.push(write(node, `${round}.${i} at ${n}`))
        await room.pass(round + 1)
      }
      leader.cluster.crash()
      await room.until(() => room.leader() !== undefined, 'the others have a new leader')
      await room.done(leader.cluster.restart())
      await room.until(() => writes.every(({ outcome }) => outcome !== 'pending'), 'every write has come to something')
    }
    await room.until(sameEverywhere, 'all nodes have applied the same')
    expectExactlyOnce(writes)
    const kinds = new Set(writes.map(({ outcome }) => outcome))
    expect(kinds).toContain('acknowledged')
    expect(kinds).toContain('Crashed')
    expect([...kinds].filter(kind => !['acknowledged', 'Crashed'].includes(kind))).toEqual([])
  })

  it('forgets what was not durable, and only that', async () => {
    room = new TestRoom()
    const only = await room.open('create')
    await room.done(room.write(only, 'kept'))
    only.faults.writeDelayMs = 1_000
    const lost = write(only, 'lost')
    await room.pass(10)
    only.cluster.crash()
    expect(only.cluster.status()).toMatchObject({ state: 'crashed', leader: undefined, role: 'follower' })
    await room.pass(2_000)
    only.faults.writeDelayMs = 0
    await room.done(only.cluster.restart())
    await room.done(room.write(only, 'next'))
    expect(only.chronicle.lines).toEqual(['kept', 'next'])
    expect(lost.outcome).toBe('Crashed')
  })

  it('tells whoever asks a crashed node that it is one', async () => {
    room = new TestRoom()
    const only = await room.open('create')
    await room.done(room.write(only, 'before'))
    only.cluster.crash()
    await expect(room.write(only, 'after')).rejects.toMatchObject({ kind: 'Crashed' })
    await expect(only.cluster.read(() => 0)).rejects.toMatchObject({ kind: 'Crashed' })
    await room.done(only.cluster.restart())
    await room.done(room.write(only, 'after'))
    expect(only.chronicle.lines).toEqual(['before', 'after'])
  })

  it('numbers its messages anew after a restart, so that no name of one comes twice', async () => {
    room = new TestRoom()
    await room.settled(2)
    const [first] = room.nodes
    if (first === undefined) throw new Error('no node')
    first.cluster.crash()
    await room.done(first.cluster.restart())
    await room.until(() => room.leader() !== undefined, 'there is a leader again')
    const sent = first.trace.flatMap(event => (event.type === 'sent' ? [event.message.id] : []))
    expect(new Set(sent).size).toBe(sent.length)
    const [, second] = room.nodes
    const delivered = second?.trace.flatMap(event => (event.type === 'delivered' ? [event.message.id] : [])) ?? []
    expect(delivered.length).toBeGreaterThan(0)
    expect(delivered.filter(id => !sent.includes(id))).toEqual([])
  })
})

describe('when the room is cut in two', () => {
  it('commits on the side of the majority, says so on the other, and is one again afterwards', async () => {
    room = new TestRoom({ autopilot: { deadAfterMs: 1e9 } })
    await room.settled(5)
    const leader = room.mustLead()
    const minority = [leader, ...room.followers().slice(0, 1)]
    const majority = room.nodes.filter(node => !minority.includes(node))
    room.cut(minority, majority)

    const alone = minority.map((node, i) => write(node, `minority ${i}`, 3_000))
    await room.until(() => room.leader(majority) !== undefined, 'the majority has a leader')
    const together = majority.map((node, i) => write(node, `majority ${i}`))
    await room.until(() => together.every(({ outcome }) => outcome === 'acknowledged'), 'the majority commits')
    await room.until(() => alone.every(({ outcome }) => outcome !== 'pending'), 'the minority gives up')
    expect(alone.map(({ outcome }) => outcome)).toEqual(['Timeout', 'Timeout'])
    await expect(room.done(leader.cluster.read(() => 0, { timeoutMs: 1_000 }))).rejects.toMatchObject({
      kind: 'Timeout',
    })
    expect(minority.every(({ cluster }) => cluster.status().role !== 'leader')).toBe(true)

    room.heal()
    await room.until(() => room.leader() !== undefined && sameEverywhere(), 'all are one again')
    await room.done(room.write(leader, 'after'))
    await room.until(() => room.nodes.every(({ chronicle }) => chronicle.lines.at(-1) === 'after'), 'all have it')
    await room.until(sameEverywhere, 'all are equal')
    expectExactlyOnce([...alone, ...together])
  })

  it('lets watchers see across the cut, and traces what the cut swallows', async () => {
    room = new TestRoom()
    await room.settled(3)
    const [a, b, c] = room.nodes
    if (a === undefined || b === undefined || c === undefined) throw new Error('three nodes')
    room.cut([a], [b, c])
    const seen: string[] = []
    b.cluster.on('observe', ({ from, payload }) => seen.push(`${from}: ${new TextDecoder().decode(payload)}`))
    await room.until(() => a.trace.some(event => event.type === 'dropped' && event.reason === 'cut'), 'a frame is cut')
    a.cluster.observe(new TextEncoder().encode('hello'))
    await room.until(() => seen.length > 0, 'b sees it')
    expect(seen).toEqual([`${a.id}: hello`])
    expect(a.trace.find(event => event.type === 'cut')).toBeDefined()
  })
})

describe('when the storage fails', () => {
  for (const role of ['leader', 'follower'] as const) {
    it(`stops a ${role} at once: nothing that is not durable is acknowledged, and the others go on`, async () => {
      room = new TestRoom({ autopilot: { deadAfterMs: 1e9 } })
      await room.settled(3)
      const node = role === 'leader' ? room.mustLead() : room.followers()[0]
      if (node === undefined) throw new Error('no node')
      node.device.failNextWrite('QuotaExceeded')
      const broken = write(node, 'at the broken node')
      await room.until(() => node.cluster.status().state === 'failed', 'it notices')
      expect(node.cluster.status()).toMatchObject({ failure: 'QuotaExceeded', leader: undefined })
      expect(broken.outcome).not.toBe('acknowledged')
      await expect(room.write(node, 'later')).rejects.toMatchObject({ kind: 'StorageFailed' })

      await room.until(() => room.leader() !== undefined, 'the others have a leader')
      const [other] = room.running()
      if (other === undefined) throw new Error('nobody runs')
      await room.done(room.write(other, 'goes on'))

      await room.done(node.cluster.restart())
      await room.until(() => room.nodes.every(({ chronicle }) => chronicle.lines.includes('goes on')), 'it catches up')
      await room.until(sameEverywhere, 'all are equal')
      expectExactlyOnce([broken])
    })
  }

  it('says why it cannot start again, where that is another reason than what stopped it', async () => {
    room = new TestRoom()
    const device = memoryDevice()
    let isNewer = false
    const only = await room.open('create', device, {
      storage: name => {
        const shelf = device.storage(name)
        const claim = async (id: string) => {
          if (isNewer) throw new StorageError('NewerVersion', 'of tomorrow')
          return shelf.claim(id)
        }
        return { ...shelf, claim }
      },
    })
    device.failNextWrite('Unavailable')
    const late = write(only, 'too late')
    await room.until(() => only.cluster.status().state === 'failed', 'it notices')
    expect(only.cluster.status().failure).toBe('Unavailable')
    isNewer = true
    await expect(room.done(only.cluster.restart())).rejects.toMatchObject({ kind: 'StorageFailed' })
    expect(only.cluster.status()).toMatchObject({ state: 'failed', failure: 'NewerVersion' })
    isNewer = false
    await room.done(only.cluster.restart())
    expect(only.cluster.status()).toMatchObject({ state: 'running', failure: undefined })
    expect(late.outcome).toBe('StorageFailed')
  })

  it('is fenced when another driver takes its database over, and says nothing more', async () => {
    room = new TestRoom()
    const only = await room.open('create')
    await room.done(room.write(only, 'mine'))
    await only.device.takeOver('test', only.id)
    const late = write(only, 'not mine any more')
    await room.until(() => only.cluster.status().state === 'failed', 'it notices')
    expect(only.cluster.status().failure).toBe('Fenced')
    expect(late.outcome).toBe('StorageFailed')
  })
})

describe('while disks are slow', () => {
  it('acknowledges nothing that a majority does not have on disk, nor what its own disk does not have', async () => {
    room = new TestRoom({ autopilot: { deadAfterMs: 1e9 } })
    await room.settled(3)
    const leader = room.mustLead()
    const [first, second] = room.followers()
    if (first === undefined || second === undefined) throw new Error('two followers')
    await room.done(room.write(leader, 'opens the session'))

    for (const { device } of [first, second]) device.hold()
    const one = write(leader, 'one')
    await room.pass(300)
    expect(one.outcome).toBe('pending')
    first.device.release()
    await room.until(() => one.outcome === 'acknowledged', 'a majority has it on disk')

    leader.device.hold()
    second.device.release()
    const two = write(leader, 'two')
    await room.pass(300)
    expect(two.outcome).toBe('pending')
    expect(leader.chronicle.lines).not.toContain('two')
    leader.device.release()
    await room.until(() => two.outcome === 'acknowledged', 'the leader has it too')
  })
})

describe('when time jumps', () => {
  /** The room's clock, for a machine that may sleep: its timers then come late, and its time has jumped. */
  class SleepyClock implements Clock {
    #slept = 0
    readonly #clock: Clock
    constructor(clock: Clock) {
      this.#clock = clock
    }
    now(): number {
      return this.#clock.now() + this.#slept
    }
    setTimer(at: number, fire: () => void): Cancel {
      return this.#clock.setTimer(at - this.#slept, fire)
    }
    sleep(ms: number): void {
      this.#slept += ms
    }
  }

  it('a leader that slept wakes up as a follower, and looks before it leads again', async () => {
    room = new TestRoom()
    const clock = new SleepyClock(room.clock)
    const only = await room.open('create', undefined, { clock })
    await room.until(() => only.cluster.status().role === 'leader', 'it leads')
    const { term } = only.cluster.status()
    clock.sleep(100)
    await room.pass(500)
    expect(only.trace.some(({ type }) => type === 'resumed')).toBe(false)
    clock.sleep(20_000)
    await room.until(() => only.trace.some(({ type }) => type === 'resumed'), 'it notices')
    await room.until(() => only.cluster.status().role === 'leader', 'it leads again')
    expect(only.cluster.status().term).toBeGreaterThan(term)
  })

  it('does so too when a frame wakes it before its timer does', async () => {
    room = new TestRoom()
    await room.settled(2)
    const clock = new SleepyClock(room.clock)
    const sleeper = await room.open('join', undefined, { clock })
    await room.until(() => room.voters() === 3 && room.leader() !== undefined, 'it votes')
    sleeper.trace.length = 0
    clock.sleep(20_000)
    await room.until(() => sleeper.trace.length > 0, 'something reaches it')
    await room.until(() => sleeper.trace.some(({ type }) => type === 'resumed'), 'it notices')
    const delivered = sleeper.trace.findIndex(({ type }) => type === 'delivered')
    const resumed = sleeper.trace.findIndex(({ type }) => type === 'resumed')
    expect(resumed - delivered).toBeLessThanOrEqual(2)
  })
})

describe('when all nodes restart', () => {
  it('they are who they were, terms only grew, and everything is there', async () => {
    room = new TestRoom()
    await room.settled(3)
    for (const node of room.nodes) await room.done(room.write(node, `by ${node.id}`))
    const before = room.nodes.map(({ cluster, device }) => ({ id: cluster.id, term: cluster.status().term, device }))
    const lines = [...room.mustLead().chronicle.lines]
    const clusterId = room.mustLead().cluster.status().clusterId
    await Promise.all(room.nodes.splice(0).map(({ cluster }) => cluster.close()))

    for (const { device, id } of before.toReversed()) expect((await room.open('open', device)).id).toBe(id)
    await room.until(() => room.leader() !== undefined, 'they have a leader')
    await room.until(() => room.nodes.every(({ chronicle }) => chronicle.lines.length === 3), 'all is back')
    for (const { cluster, chronicle } of room.nodes) {
      expect(chronicle.lines).toEqual(lines)
      expect(cluster.status().clusterId).toBe(clusterId)
      const then = before.find(({ id }) => id === cluster.id)
      expect(cluster.status().term).toBeGreaterThanOrEqual(then?.term ?? 0)
    }
  })

  it('also from a snapshot, with the sessions in it', async () => {
    room = new TestRoom({ raft: { snapshotThresholdEntries: 20 } })
    await room.settled(3)
    const [a] = room.nodes
    if (a === undefined) throw new Error('no node')
    for (let i = 0; i < 60; i++) await room.done(room.write(a, `line ${i}`))
    await room.until(() => room.nodes.every(({ cluster }) => cluster.status().snapshotIndex > 0), 'all compacted')
    const late = await room.open('join')
    await room.until(() => late.chronicle.lines.length === 60, 'a joiner gets the snapshot')
    expect(late.trace.some(event => event.type === 'snapshot' && event.action === 'installed')).toBe(true)
    for (const { cluster } of room.nodes) cluster.crash()
    await room.done(Promise.all(room.nodes.map(({ cluster }) => cluster.restart())))
    await room.until(() => room.leader() !== undefined, 'they have a leader')
    await room.done(room.write(late, 'after'))
    await room.until(sameEverywhere, 'all are equal')
    expect(a.chronicle.lines).toHaveLength(61)
  })
})

// The answer to what a node had asked for before it died was taken for that to what it asked for next: a write was
// acknowledged that nobody had applied, and its result was another write's.
describe('an answer that is late by a life', () => {
  it('is nobody’s: requests and reads are never numbered as in an earlier life', async () => {
    room = new TestRoom()
    await room.settled(3)
    const asked: string[] = []
    const listening = (name: string): Transport => {
      const transport = room.network.transport(name)
      let own = ''
      return {
        open: (self, handler) => {
          own = self
          return transport.open(self, handler)
        },
        peers: () => transport.peers(),
        close: () => transport.close(),
        send: (to, frame, lane) => {
          const decoded = decodeFrame(frame, own, to)
          if (decoded.ok && decoded.value.body.kind === 'propose') asked.push(`proposal ${decoded.value.body.request}`)
          if (decoded.ok && decoded.value.body.kind === 'raft') {
            const { message } = decoded.value.body
            if (message.type === 'ReadIndex') asked.push(`read ${message.context}`)
          }
          transport.send(to, frame, lane)
        },
      }
    }
    const node = await room.open('join', memoryDevice(), { transport: listening })
    await room.until(() => room.voters() === 4, 'it votes')
    const ask = async (line: string): Promise<readonly string[]> => {
      await room.done(room.write(node, line))
      await room.done(node.cluster.read(() => undefined))
      return asked.splice(0)
    }
    const before = await ask('before')
    node.cluster.crash()
    await room.done(node.cluster.restart())
    const after = await ask('after')
    expect(before.length).toBeGreaterThanOrEqual(3)
    expect(after.length).toBeGreaterThanOrEqual(3)
    expect(after.filter(name => before.includes(name))).toEqual([])
  })
})
