import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StorageError } from '@flotilla/cluster'
import { type StorageDevice, storageConformance } from '@flotilla/cluster/conformance'
import { afterAll, describe, test } from 'vitest'
import { DATA_FILE, nodeFolder, roomFolder } from './folders.ts'
import { openLmdb } from './lmdb.ts'
import { faultyStorage, takeOver } from './shelf.ts'

const scratch = mkdtempSync(join(tmpdir(), 'flotilla-lmdb-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

function device(): StorageDevice {
  const dataDir = mkdtempSync(join(scratch, 'device-'))
  let isFull = false
  const fault = (): StorageError | undefined => {
    if (!isFull) return undefined
    isFull = false
    return new StorageError('QuotaExceeded', 'the disk is full')
  }
  return {
    tab: () => faultyStorage(dataDir, fault),
    takeOver: (room, nodeId) => takeOver(dataDir, room, nodeId),
    damage: async (room, nodeId) => {
      const path = join(nodeFolder(roomFolder(dataDir, room), nodeId), DATA_FILE)
      const bytes = readFileSync(path)
      // Wherever an identity stands, also in pages of before.
      for (let at = bytes.indexOf('"nodeId"'); at >= 0; at = bytes.indexOf('"nodeId"', at + 1)) bytes[at] = 0x21
      writeFileSync(path, bytes)
    },
    flipBit: async (room, nodeId, index) => {
      const folder = nodeFolder(roomFolder(dataDir, room), nodeId)
      const database = await openLmdb(folder)
      const value = Buffer.from(database.get(index) ?? [])
      // The last byte of an entry is its command's.
      value[value.length - 1] = (value.at(-1) ?? 0) ^ 4
      await database.put(index, value, 0)
      await database.close()
    },
    fillDisk: () => {
      isFull = true
    },
  }
}

describe('LMDB keeps what a Storage promises:', () => {
  for (const { name, run } of storageConformance) test(name, () => run({ device }))
})
