import { expect, it } from 'vitest'
import { type StorageDevice, storageConformance } from '../conformance/storage.ts'
import { StorageError } from '../storage.ts'
import { memoryDevice } from './memory-storage.ts'

function device(): StorageDevice {
  const memory = memoryDevice()
  return {
    tab: () => memory.storage,
    takeOver: memory.takeOver,
    damage: async (room, nodeId) => memory.damage(room, nodeId),
    // It keeps no checksums: no disk is under it.
    flipBit: async (room, nodeId) => memory.damage(room, nodeId),
    fillDisk: () => memory.failNextWrite('QuotaExceeded'),
  }
}

for (const { name, run } of storageConformance) it(name, () => run({ device }))

const term = (currentTerm: number) => ({
  token: currentTerm,
  hardState: { currentTerm, votedFor: undefined },
  snapshot: undefined,
  truncateFrom: 0,
  entries: [],
})

it('a held write is not durable, and is lost in a crash', async () => {
  const memory = memoryDevice()
  const storage = await memory.storage('room').create({ nodeId: 'a', clusterId: undefined })
  await storage.persist(term(1))
  memory.hold()
  const underWay = storage.persist(term(2))
  expect(memory.pending()).toBe(1)
  memory.crash()
  await expect(underWay).rejects.toThrow(StorageError)
  expect((await storage.lost).kind).toBe('Unavailable')

  memory.release()
  const again = await memory.storage('room').claim('a')
  expect(again?.recovered.state.currentTerm).toBe(1)
  expect(again?.recovered.ownerEpoch).toBe(2)
})

it('held writes become durable in order when released', async () => {
  const memory = memoryDevice()
  const storage = await memory.storage('room').create({ nodeId: 'a', clusterId: undefined })
  memory.hold()
  const settled: number[] = []
  const underWay = [1, 2, 3].map(n => storage.persist(term(n)).then(() => settled.push(n)))
  expect(memory.pending()).toBe(3)
  memory.release()
  await Promise.all(underWay)
  expect(settled).toEqual([1, 2, 3])
})

it('the crash of one node leaves the others running', async () => {
  const memory = memoryDevice()
  const [a, b] = await Promise.all(
    ['a', 'b'].map(nodeId => memory.storage('room').create({ nodeId, clusterId: undefined })),
  )
  memory.crash('a')
  await expect(a?.persist(term(1))).rejects.toMatchObject({ kind: 'Unavailable' })
  await b?.persist(term(1))
  expect(await memory.storage('room').claim('b')).toBeUndefined()
  expect(await memory.storage('room').claim('a')).toBeDefined()
})

it('a node whose making was cut short never was', async () => {
  const memory = memoryDevice()
  memory.hold()
  const making = memory.storage('room').create({ nodeId: 'a', clusterId: undefined }, term(1))
  memory.crash()
  await expect(making).rejects.toMatchObject({ kind: 'Unavailable' })
  expect(await memory.storage('room').survey()).toEqual({ nodes: [], damaged: [] })
})
