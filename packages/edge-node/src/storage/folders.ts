/**
 * Where things are in a data directory: `room-<room>/node-<id>/` is one node, whose LMDB environment (`data.mdb`, `lock.mdb`) and tally
 * lie in it. Names are written so that no file system takes two of them for one.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { systemCode } from './errors.ts'

export const DATA_FILE = 'data.mdb'
export const LOCK_FILE = 'lock.mdb'
export const TALLY_FILE = 'tally'

export const roomFolder = (dataDir: string, room: string): string => join(dataDir, `room-${fileName(room)}`)
export const nodeFolder = (roomFolder: string, nodeId: string): string => join(roomFolder, `node-${fileName(nodeId)}`)

/** Of every room that has ever been in this data directory. */
export const roomsIn = (dataDir: string): string[] => namesIn(dataDir, 'room-')
export const nodesIn = (roomFolder: string): string[] => namesIn(roomFolder, 'node-')

/** Files do not tell capitals from small letters everywhere, and some names are not a file's to have. */
function fileName(name: string): string {
  return name.replace(/[^a-z0-9_-]/gu, character => {
    const bytes = new TextEncoder().encode(character)
    return Array.from(bytes, byte => `%${byte.toString(16).padStart(2, '0')}`).join('')
  })
}

function namesIn(folder: string, prefix: string): string[] {
  const found = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : []
  return found
    .filter(entry => entry.isDirectory() && entry.name.startsWith(prefix))
    .flatMap(({ name }) => nameIn(name.slice(prefix.length)) ?? [])
    .sort()
}

/** `undefined` for a folder that is none of ours. */
function nameIn(file: string): string | undefined {
  try {
    return decodeURIComponent(file)
  } catch {
    return undefined
  }
}

/** Whether there has ever been anything of a node in it. */
export const isEmpty = (folder: string): boolean =>
  !existsSync(join(folder, DATA_FILE)) && !existsSync(join(folder, TALLY_FILE))

/**
 * For its owner only: there are keys in it. It is there after a power cut. One folder at a time: asked for all of them at once, Node tries for
 * ever where the file system says that the parent is not there, and it is (`/proc`).
 */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  const parent = dirname(folder)
  if (parent !== folder) makeFolder(parent)
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (cause) {
    if (systemCode(cause) !== 'EEXIST') throw cause
  }
  syncFolder(parent)
}

/** What was made in a folder is there after a power cut once the folder itself is on the disk. Windows sees to that by itself. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** In one step, so that what remains after a crash is the whole node or none. */
export function removeFolder(folder: string): void {
  if (!existsSync(folder)) return
  const removed = join(dirname(folder), `removed-${crypto.randomUUID()}`)
  renameSync(folder, removed)
  syncFolder(dirname(folder))
  rmSync(removed, { recursive: true, force: true })
}

/** What an empty database takes, and then some. Bytes. */
const NO_ROOM_BYTES = 1 << 16

/** Whether the disk is full, for whoever we are: some of it may be kept for root. */
export function hasNoRoom(folder: string): boolean {
  const { blocks, bfree, bavail, bsize } = statfsSync(folder)
  const free = process.getuid?.() === 0 ? bfree : bavail
  // There are file systems that do not say.
  return blocks > 0 && free * bsize < NO_ROOM_BYTES
}
