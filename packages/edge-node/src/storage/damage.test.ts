import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PersistUnit } from '@flotilla/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DATA_FILE, nodeFolder, roomFolder, TALLY_FILE } from './folders.ts'
import { inspectDataDir } from './inspect.ts'
import { lmdbStorage } from './shelf.ts'

const scratch = mkdtempSync(join(tmpdir(), 'flotilla-damage-'))
const sound = join(scratch, 'sound')
const earlier = join(scratch, 'earlier')
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const command = (index: number) => ({ index, term: 1, kind: 'command' as const, data: new Uint8Array(60).fill(index) })
const unit = (index: number): PersistUnit => ({
  token: 1,
  hardState: { currentTerm: index, votedFor: 'a' },
  snapshot: undefined,
  truncateFrom: 0,
  entries: [command(index)],
})

beforeAll(async () => {
  const node = await lmdbStorage(sound)('room').create({ nodeId: 'a', clusterId: undefined })
  for (let index = 1; index <= 100; index++) await node.persist(unit(index))
  await node.close()
  cpSync(sound, earlier, { recursive: true })
  const again = await lmdbStorage(sound)('room').claim('a')
  await again?.persist(unit(101))
  await again?.close()
})

let count = 0
/** A copy of the node's folder with something done to it. */
function copy(spoil: (folder: string) => void): string {
  const dataDir = join(scratch, `copy-${count++}`)
  cpSync(sound, dataDir, { recursive: true })
  spoil(nodeFolder(roomFolder(dataDir, 'room'), 'a'))
  return dataDir
}

/** What is said to whoever wants to drive the node. */
async function refusal(dataDir: string): Promise<string> {
  const claimed = lmdbStorage(dataDir)('room').claim('a')
  await expect(claimed).rejects.toMatchObject({ kind: 'Corrupt' })
  return claimed.then(
    () => '',
    (cause: Error) => cause.message,
  )
}

describe('a damaged data directory is refused with what is wrong:', () => {
  test('a database that was cut', async () => {
    const cut = copy(folder => truncateSync(join(folder, DATA_FILE), 20_000))
    expect(await refusal(cut)).toContain('the database cannot be read')
  })

  test('a database that was cut to nothing, which LMDB takes for a new one', async () => {
    expect(await refusal(copy(folder => truncateSync(join(folder, DATA_FILE), 0)))).toContain('the identity is missing')
  })

  test('a database that is gone', async () => {
    expect(await refusal(copy(folder => rmSync(join(folder, DATA_FILE))))).toContain('the database is missing')
  })

  test('a tally that is gone', async () => {
    const lost = copy(folder => rmSync(join(folder, TALLY_FILE)))
    expect(await refusal(lost)).toContain('the tally is missing')
    const [node] = await inspectDataDir(lost)
    expect(node?.problems.map(({ message }) => message).join()).toContain('the tally is missing')
    const { nodes, damaged } = await lmdbStorage(lost)('room').survey()
    expect([nodes, damaged.map(({ nodeId }) => nodeId)]).toEqual([[], ['a']])
  })

  test('a byte that flipped in an entry', async () => {
    const flipped = copy(folder => {
      const bytes = readFileSync(join(folder, DATA_FILE))
      const data = Buffer.alloc(60, 50)
      for (let at = bytes.indexOf(data); at >= 0; at = bytes.indexOf(data, at + 1)) bytes[at + 7] = 51
      writeFileSync(join(folder, DATA_FILE), bytes)
    })
    expect(await refusal(flipped)).toContain('entry 50 is not what was written')
    const [node] = await inspectDataDir(flipped)
    expect(node?.entries.map(({ error }) => error?.kind).filter(kind => kind !== undefined)).toEqual(['Corrupt'])
    expect(node?.entries.at(-1)?.entry).toEqual(command(101))
  })

  // LMDB takes the earlier of its two heads then, in which the last vote was never cast.
  test('a head of the tree that is spoilt, and another that is older', async () => {
    const spoilt = copy(folder => {
      const bytes = readFileSync(join(folder, DATA_FILE))
      const pageSize = 4096
      // The number of the transaction is the last field of a head, which has 16 bytes of a page’s before it.
      const number = (page: number): number => page * pageSize + 16 + 128 - 8
      const [even, odd] = [bytes.readBigUInt64LE(number(0)), bytes.readBigUInt64LE(number(1))]
      bytes.writeBigUInt64LE(0n, number(even > odd ? 0 : 1))
      writeFileSync(join(folder, DATA_FILE), bytes)
    })
    expect(await refusal(spoilt)).toMatch(/older copy|cannot be read/)
  })

  test('a database that was put back from a copy of before', async () => {
    const restored = copy(folder =>
      cpSync(join(nodeFolder(roomFolder(earlier, 'room'), 'a'), DATA_FILE), join(folder, DATA_FILE)),
    )
    expect(await refusal(restored)).toContain('it is an older copy')
  })

  test('and nothing is mended by itself: what was there is there', async () => {
    const cut = copy(folder => truncateSync(join(folder, DATA_FILE), 20_000))
    await refusal(cut)
    const folder = nodeFolder(roomFolder(cut, 'room'), 'a')
    expect(readFileSync(join(folder, DATA_FILE)).byteLength).toBe(20_000)
    expect(await lmdbStorage(cut)('room').remove('a')).toBe(true)
    expect(existsSync(folder)).toBe(false)
  })
})

test('a sound one is inspected without being changed, also while it is driven', async () => {
  const dataDir = copy(() => {})
  const node = await lmdbStorage(dataDir)('room').claim('a')
  const [inspected] = await inspectDataDir(dataDir)
  expect(inspected).toMatchObject({
    room: 'room',
    nodeId: 'a',
    isDriven: true,
    problems: [],
    gaps: [],
    state: { currentTerm: 101, votedFor: 'a', lastIndex: 101, ownerEpoch: 3 },
  })
  expect(inspected?.entries.map(({ index }) => index)).toEqual(Array.from({ length: 101 }, (_, i) => i + 1))
  await node?.persist(unit(102))
  await node?.close()
  expect((await inspectDataDir(dataDir))[0]).toMatchObject({ isDriven: false, state: { lastIndex: 102 } })
})
