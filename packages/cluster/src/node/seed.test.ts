import { describe, expect, it } from 'vitest'
import { jsonCodec } from '../json-codec.ts'
import type { StateMachine } from '../machine.ts'
import { type MemoryDevice, memoryDevice } from '../memory/memory-storage.ts'
import { memoryNetwork } from '../memory/memory-transport.ts'
import { createCluster, joinCluster } from './open.ts'
import { type HeldRoom, seedCluster } from './seed.ts'

class Lines implements StateMachine<string, number> {
  readonly command = jsonCodec(String)
  readonly result = jsonCodec(Number)
  lines: string[] = []
  apply(line: string): number {
    return this.lines.push(line)
  }
  snapshot(): Uint8Array {
    return this.command.encode(JSON.stringify(this.lines))
  }
  restore(bytes: Uint8Array): void {
    this.lines = JSON.parse(this.command.decode(bytes))
  }
}

/** A room that asks before it lets somebody in, and what its only node's disk holds when it is closed. */
async function heldRoom(compactAfter: number): Promise<Extract<HeldRoom, { kind: 'log' }>> {
  const device = memoryDevice()
  const machine = new Lines()
  const { transport } = memoryNetwork()
  const options = { room: 'old', storage: (room: string) => device.storage(room), transport, machine }
  const cluster = await createCluster<string, number>(options)
  for (let i = 0; i < 5; i++) {
    await cluster.propose(`line ${i}`)
    if (i + 1 === compactAfter) expect(cluster.compact()).toBe(cluster.status().lastApplied)
  }
  await cluster.setAdmission('asked')
  await cluster.close()
  const storage = await device.storage('old').claim(cluster.id)
  if (storage === undefined) throw new Error('it is driven')
  const { snapshot, entries } = storage.recovered.state
  await storage.close()
  return { kind: 'log', snapshot, entries }
}

async function opened(device: MemoryDevice) {
  const machine = new Lines()
  const { transport } = memoryNetwork()
  const cluster = await joinCluster<string, number>({
    room: 'new',
    storage: room => device.storage(room),
    transport,
    machine,
  })
  return { cluster, machine }
}

const seeded = async (held: HeldRoom): Promise<MemoryDevice> => {
  const device = memoryDevice()
  await seedCluster({ room: 'new', storage: room => device.storage(room) }, held)
  return device
}

describe('a room that begins with what another held', () => {
  it.each([0, 3])(
    'goes on from its log, with a snapshot after %i commands, and is a room of its own',
    async compactAfter => {
      const { cluster, machine } = await opened(await seeded(await heldRoom(compactAfter)))
      expect(await cluster.propose('another')).toMatchObject({ result: 6 })
      expect(machine.lines).toEqual(['line 0', 'line 1', 'line 2', 'line 3', 'line 4', 'another'])
      const { members, admission } = cluster.status()
      expect(members.map(({ id, name }) => [id, name])).toEqual([[cluster.id, 'S1']])
      expect(admission).toBe('open')
      await cluster.close()
    },
  )

  it('goes on from its state', async () => {
    const state = new Lines().command.encode(JSON.stringify(['a', 'b']))
    const { cluster, machine } = await opened(await seeded({ kind: 'state', index: 40, state }))
    expect(await cluster.read(() => machine.lines)).toEqual(['a', 'b'])
    const { index } = await cluster.propose('c')
    expect(index).toBeGreaterThan(40)
    await cluster.close()
  })

  it('is refused where it can have been held by none, or where the room is already', async () => {
    const { entries } = await heldRoom(0)
    const refused = { kind: 'InvalidOptions' }
    await expect(seeded({ kind: 'log', snapshot: undefined, entries: [] })).rejects.toMatchObject(refused)
    await expect(seeded({ kind: 'log', snapshot: undefined, entries: entries.slice(1) })).rejects.toMatchObject(refused)
    const gap = entries.filter(({ index }) => index !== 2)
    await expect(seeded({ kind: 'log', snapshot: undefined, entries: gap })).rejects.toMatchObject(refused)
    const junk = { index: 3, term: 1, data: Uint8Array.of(9, 9) }
    await expect(seeded({ kind: 'log', snapshot: junk, entries: [] })).rejects.toMatchObject(refused)

    const device = memoryDevice()
    const seed = () =>
      seedCluster({ room: 'new', storage: room => device.storage(room) }, { kind: 'log', snapshot: undefined, entries })
    await seed()
    await expect(seed()).rejects.toMatchObject({ kind: 'AlreadyExists' })
  })
})
