/**
 * What a room holds, as a file: JSON, one object a line, bytes in base64. The first line says what it is and of which room; the last has the
 * SHA-256 of all before it, so that a file which was cut or altered is known for one.
 */
import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { decodeEntry, encodeEntry, type HeldRoom } from '@flotilla/cluster'
import { CommandFailure, ExitCode } from './exit-code.ts'

export interface RoomFile {
  readonly room: string
  /** Everything up to this entry is in it. */
  readonly index: number
  readonly held: HeldRoom
}

const VERSION = 1
const PART_BYTES = 48 * 1024

/** As a whole or not at all, and never over another file. */
export function writeRoomFile(path: string, { room, index, held }: RoomFile): void {
  const partial = `${path}.partial`
  const hash = createHash('sha256')
  const file = orFail(path, () => openSync(partial, 'w', 0o600))
  try {
    const write = (line: object): void => {
      const text = `${JSON.stringify(line)}\n`
      hash.update(text)
      writeSync(file, text)
    }
    write({ flotilla: 'room', version: VERSION, room, index, holds: held.kind })
    if (held.kind === 'state') writeParts(held.state, write)
    else {
      if (held.snapshot !== undefined) {
        write({ snapshot: { index: held.snapshot.index, term: held.snapshot.term } })
        writeParts(held.snapshot.data, write)
      }
      for (const entry of held.entries) write({ entry: Buffer.from(encodeEntry(entry)).toString('base64') })
    }
    writeSync(file, `${JSON.stringify({ end: hash.digest('hex') })}\n`)
    fsyncSync(file)
    // Made only where there is none: a rename would put it in another's place.
    closeSync(orFail(path, () => openSync(path, 'wx', 0o600)))
    renameSync(partial, path)
  } finally {
    closeSync(file)
    rmSync(partial, { force: true })
  }
}

function writeParts(bytes: Uint8Array, write: (line: object) => void): void {
  for (let at = 0; at < bytes.byteLength; at += PART_BYTES) {
    write({ part: Buffer.from(bytes.subarray(at, at + PART_BYTES)).toString('base64') })
  }
}

/** @throws CommandFailure where it is none, or not as it was written */
export function readRoomFile(path: string): RoomFile {
  const text = orFail(path, () => readFileSync(path, 'utf8'))
  const end = text.trimEnd().lastIndexOf('\n') + 1
  const sum = createHash('sha256').update(text.slice(0, end)).digest('hex')
  const lines = text.slice(0, end).split('\n').filter(Boolean)
  const { flotilla, version, room, index, holds } = object(lines[0], path)
  if (flotilla !== 'room') throw damaged(path, 'it is no file that flotilla export has written')
  if (version !== VERSION) throw damaged(path, `it is of version ${String(version)}, and only ${VERSION} is known here`)
  if (object(text.slice(end), path).end !== sum) throw damaged(path, 'it was cut short, or altered')
  if (typeof room !== 'string' || !isWhole(index)) throw damaged(path, 'its first line names no room')
  const rest = lines.slice(1).map(line => object(line, path))
  const parts = Buffer.concat(
    rest.flatMap(({ part }) => (typeof part === 'string' ? [Buffer.from(part, 'base64')] : [])),
  )
  if (holds === 'state') return { room, index, held: { kind: 'state', index, state: parts } }
  const { index: at, term }: Readonly<Record<string, unknown>> = Object(rest.find(line => 'snapshot' in line)?.snapshot)
  const snapshot = isWhole(at) && isWhole(term) ? { index: at, term, data: parts } : undefined
  const entries = rest.flatMap(({ entry }) => {
    if (typeof entry !== 'string') return []
    const decoded = decodeEntry(Buffer.from(entry, 'base64'))
    if (!decoded.ok) throw damaged(path, decoded.error.message)
    return [decoded.value]
  })
  return { room, index, held: { kind: 'log', snapshot, entries } }
}

const isWhole = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

function object(line: string | undefined, path: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(line ?? ''))
  } catch {
    throw damaged(path, 'it is no file that flotilla export has written, or was cut short')
  }
}

const damaged = (path: string, why: string): CommandFailure => new CommandFailure(ExitCode.damaged, `${path}: ${why}`)

function orFail<T>(path: string, use: () => T): T {
  try {
    return use()
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new CommandFailure(ExitCode.failed, `${path} cannot be used: ${why}`)
  }
}
