/** Where a running node listens for its operator: a socket in its data directory, which is its owner's alone. */
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** A socket's path has room for little more in the systems' own structure. */
const LONGEST = 100

export function socketPath(dataDir: string): string {
  const folder = resolve(dataDir)
  const path = join(folder, 'control.sock')
  const name = `flotilla-${createHash('sha256').update(folder).digest('hex').slice(0, 24)}`
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`
  return path.length <= LONGEST ? path : join(tmpdir(), `${name}.sock`)
}
