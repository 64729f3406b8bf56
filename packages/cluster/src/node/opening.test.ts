/** Opening a room ends, whatever does not answer, and what fails leaves nothing behind. */
import { afterEach, describe, expect, it } from 'vitest'
import { OpenTimeout } from '../api.ts'
import { electLeader } from '../elect-leader.ts'
import { TestRoom } from '../fixtures/room.ts'
import { type MemoryDevice, memoryDevice } from '../memory/memory-storage.ts'
import type { RoomStorage } from '../storage.ts'
import { type Transport, TransportError } from '../transport.ts'

let room: TestRoom

afterEach(async () => {
  await Promise.all(room.nodes.map(({ cluster }) => cluster.close()))
})

const never = <T>(): Promise<T> => new Promise(() => undefined)

const nodesOf = async (device: MemoryDevice): Promise<number> => (await device.storage('test').survey()).nodes.length

function silentTransport(open: () => Promise<void> = never): Transport & { closed: boolean } {
  const transport = {
    closed: false,
    open,
    send: () => undefined,
    peers: () => [],
    close: async () => {
      transport.closed = true
    },
  }
  return transport
}

/** The shelf, but for what does not answer. */
const shelfWith = (device: MemoryDevice, changed: Partial<RoomStorage>) => (name: string) => ({
  ...device.storage(name),
  ...changed,
})

describe('opening waits no longer than it may', () => {
  it.each([
    ['lock', { exclusively: never }],
    ['disk', { survey: never }],
    ['disk', { create: never }],
  ] as const)('for the %s, and says that it was that', async (step, changed) => {
    room = new TestRoom()
    const device = memoryDevice()
    const opening = room.open('open', device, { storage: shelfWith(device, changed), openTimeoutMs: 3_000 })
    const error = await room.done(opening.catch((caught: unknown) => caught))
    expect(error).toBeInstanceOf(OpenTimeout)
    expect(error).toMatchObject({ kind: 'OpenTimeout', step })
    // Nor does it keep others from their turn.
    const next = await room.open('open', device)
    await room.until(() => next.cluster.status().role === 'leader', 'another tab opens')
  })

  it('for the transport, closes it, and leaves no database behind that it made', async () => {
    room = new TestRoom()
    const device = memoryDevice()
    const transport = silentTransport()
    const opening = room.open('create', device, { transport: () => transport })
    const error = await room.done(opening.catch((caught: unknown) => caught))
    expect(error).toMatchObject({ kind: 'OpenTimeout', step: 'transport' })
    expect(transport.closed).toBe(true)
    expect(await nodesOf(device)).toBe(0)
    await room.open('create', device)
  })

  it('and puts away what comes too late', async () => {
    room = new TestRoom()
    const device = memoryDevice()
    device.hold()
    const error = await room.done(room.open('create', device).catch((caught: unknown) => caught))
    expect(error).toMatchObject({ kind: 'OpenTimeout', step: 'disk' })
    device.release()
    await room.pass(100)
    expect(await nodesOf(device)).toBe(0)
    await room.open('create', device)
  })
})

describe('a restart', () => {
  it('waits no longer than opening may, says for what, and can be tried again', async () => {
    room = new TestRoom()
    const device = memoryDevice()
    let answers = true
    const shelf = (name: string): RoomStorage => {
      const real = device.storage(name)
      return { ...real, claim: id => (answers ? real.claim(id) : never()) }
    }
    const node = await room.open('create', device, { storage: shelf, openTimeoutMs: 3_000 })
    await room.until(() => node.cluster.status().role === 'leader', 'it leads')
    node.cluster.crash()
    answers = false
    const error = await room.done(node.cluster.restart().catch((caught: unknown) => caught))
    expect(error).toMatchObject({ kind: 'OpenTimeout', step: 'disk' })
    answers = true
    await room.done(node.cluster.restart())
    await room.until(() => node.cluster.status().role === 'leader', 'it leads again')
  })
})

describe('opening that the application gives up', () => {
  it('rejects with its reason, and leaves nothing behind', async () => {
    room = new TestRoom()
    const device = memoryDevice()
    const controller = new AbortController()
    const transport = silentTransport()
    const opening = room.open('create', device, { transport: () => transport, signal: controller.signal })
    opening.catch(() => undefined)
    await room.pass(1_000)
    controller.abort('the user left')
    await expect(opening).rejects.toMatchObject({ kind: 'Aborted', cause: 'the user left' })
    await room.pass(10)
    expect([transport.closed, await nodesOf(device)]).toEqual([true, 0])
    await expect(room.open('create', device, { signal: controller.signal })).rejects.toMatchObject({ kind: 'Aborted' })
    expect(await nodesOf(device)).toBe(0)
  })

  it('is given up also where it is an election', async () => {
    room = new TestRoom()
    const device = memoryDevice()
    const controller = new AbortController()
    const election = electLeader({
      room: 'test',
      storage: device.storage,
      transport: () => silentTransport(),
      clock: room.clock,
      signal: controller.signal,
    })
    election.catch(() => undefined)
    await room.pass(1_000)
    controller.abort()
    await expect(election).rejects.toMatchObject({ kind: 'Aborted' })
  })

  it('is of no effect once it is open', async () => {
    room = new TestRoom()
    const controller = new AbortController()
    const node = await room.open('create', memoryDevice(), { signal: controller.signal })
    controller.abort()
    await room.until(() => node.cluster.status().role === 'leader', 'it leads')
  })
})

describe('a room that was left when nobody could be reached', () => {
  it('createCluster that fails leaves nothing behind, so that it can be called again', async () => {
    room = new TestRoom()
    const device = memoryDevice()
    const broken = () => silentTransport(() => Promise.reject(new TransportError('Unsupported', 'no WebRTC here')))
    await expect(room.open('create', device, { transport: broken })).rejects.toMatchObject({ kind: 'TransportFailed' })
    expect(await nodesOf(device)).toBe(0)
    await expect(room.open('create', device, { raft: { leaseReads: true } })).rejects.toThrow(RangeError)
    expect(await nodesOf(device)).toBe(0)
    await room.open('create', device)
  })

  it('can be read and written by its only voter, where the application wants to run all the same', async () => {
    room = new TestRoom()
    const device = memoryDevice()
    const before = await room.open('create', device)
    await room.done(room.write(before, 'kept'))
    await before.cluster.close()
    room.nodes.splice(0)

    let works = false
    const flaky = (name: string): Transport =>
      works
        ? room.network.transport(name)
        : silentTransport(() => Promise.reject(new TransportError('SignalingFailed', 'no network')))
    const again = await room.open('open', device, { transport: flaky, whenUnreachable: 'run' })
    await room.until(() => again.cluster.status().role === 'leader', 'it leads')
    expect(again.cluster.status().transportFailure).toBe('SignalingFailed')
    expect(await room.done(again.cluster.read(() => [...again.chronicle.lines]))).toEqual(['kept'])
    await room.done(room.write(again, 'alone'))

    works = true
    const joiner = await room.open('join')
    await room.until(() => room.voters() === 2, 'the transport was tried again, and another is let in')
    expect(again.cluster.status().transportFailure).toBe(undefined)
    expect(joiner.chronicle.lines).toEqual(['kept', 'alone'])
  })
})

describe('a room that is shared between devices', () => {
  it('is created or joined as those who are there decide', async () => {
    room = new TestRoom()
    const first = await room.open('open', memoryDevice(), { meet: async () => 'create' })
    const second = await room.open('open', memoryDevice(), { meet: async () => 'join' })
    await room.until(() => room.voters() === 2, 'the second is let in')
    expect(second.cluster.status().clusterId).toBe(first.cluster.status().clusterId)
  })

  it('nobody is asked about a room that this device belongs to', async () => {
    room = new TestRoom()
    const device = memoryDevice()
    const before = await room.open('open', device, { meet: async () => 'create' })
    const { clusterId } = before.cluster.status()
    await before.cluster.close()
    room.nodes.splice(0)
    const again = await room.open('open', device, { meet: () => Promise.reject(new Error('asked')) })
    expect(again.cluster.status().clusterId).toBe(clusterId)
  })

  it('is asked about again by a device whose node nobody ever let in', async () => {
    room = new TestRoom()
    const device = memoryDevice()
    const lost = await room.open('open', device, { meet: async () => 'join' })
    await lost.cluster.close()
    room.nodes.splice(0)
    const again = await room.open('open', device, { meet: async () => 'create' })
    await room.until(() => again.cluster.status().role === 'leader', 'it leads a cluster of its own')
  })

  it('may say what it waits for, which whoever waits too long is told', async () => {
    room = new TestRoom()
    const waits = (...told: (string | undefined)[]): Promise<unknown> => {
      const opening = room.open('open', memoryDevice(), {
        meet: (_signal, hindered) => {
          for (const why of told) hindered(why)
          return never()
        },
        openTimeoutMs: 1_000,
      })
      return room.done(opening.catch((caught: unknown) => caught))
    }
    const late = 'the transport did not answer within 1000 ms'
    expect(await waits('the server is down')).toMatchObject({
      kind: 'OpenTimeout',
      message: `${late}: the server is down`,
    })
    expect(await waits('the server is down', undefined)).toMatchObject({ message: late })
  })

  it('is not waited for without end, and whoever asks is told to stop', async () => {
    room = new TestRoom()
    let stopped = false
    const meet = (signal: AbortSignal): Promise<'create'> => {
      signal.addEventListener('abort', () => {
        stopped = true
      })
      return never()
    }
    const device = memoryDevice()
    const opening = room.open('open', device, { meet, openTimeoutMs: 1_000 })
    const error = await room.done(opening.catch((caught: unknown) => caught))
    expect(error).toMatchObject({ kind: 'OpenTimeout', step: 'transport' })
    expect(stopped).toBe(true)
    expect(await nodesOf(device)).toBe(0)
    const failing = room.open('open', device, {
      meet: () => Promise.reject(new TransportError('SignalingFailed', 'no')),
    })
    await expect(failing).rejects.toMatchObject({ kind: 'TransportFailed' })
  })
})

describe('options that are none', () => {
  it.each([{ room: undefined }, { room: 'a b' }, { room: 12 }])('%o: the room has no such name', async options => {
    room = new TestRoom()
    // @ts-expect-error: what a program without types may hand over
    await expect(room.open('open', memoryDevice(), options)).rejects.toMatchObject({ kind: 'InvalidRoom' })
  })

  it.each([
    { priority: 1.5 },
    { priority: '1' },
    { openTimeoutMs: Number.NaN },
    { openTimeoutMs: 0 },
    { openTimeoutMs: '10' },
    { autopilot: { minVoters: 0 } },
    { maxSessions: 0 },
    { maxSessions: 1025 },
    { maxSessions: 1.5 },
    { autopilot: { minVoters: 6 } },
    { autopilot: { maxVoters: Number.POSITIVE_INFINITY } },
    { autopilot: { maxVoters: 2.5 } },
    { autopilot: { maxVoters: 129 } },
    { autopilot: { awayAfterMs: Number.NaN } },
    { autopilot: { deadAfterMs: -1 } },
    { autopilot: { deadAfterMs: '30' } },
    { autopilot: { forgetAfterMs: null } },
  ])('%o is refused before anything is touched', async options => {
    room = new TestRoom()
    const device = memoryDevice()
    // @ts-expect-error: what a program without types may hand over
    await expect(room.open('open', device, options)).rejects.toThrow(RangeError)
    expect(await nodesOf(device)).toBe(0)
  })
})
