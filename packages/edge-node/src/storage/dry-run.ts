/**
 * LMDB maps its file into memory and follows whatever it finds there: a file that was cut, or in whose pages a byte has flipped, can end
 * the process that reads it. So another one reads all of it first, and if that dies, the file is damaged.
 */
import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { corrupt } from './errors.ts'
import { DATA_FILE } from './folders.ts'

/** A tree that has become a circle would be read for ever. Milliseconds, and more for each megabyte. */
const READ_WITHIN_MS = 60_000
const READ_WITHIN_MS_EACH_MB = 200

const SOURCE = `
const { open } = require(process.argv[1])
const database = open({ path: process.argv[2], encoding: 'binary', useVersions: true, cache: false, overlappingSync: false })
let records = 0
for (const { value } of database.getRange({})) records += value.length > 0 ? 1 : 0
process.stdout.write('read ' + records)
process.exit(0)
`

/** @throws StorageError `Corrupt` where the folder's database cannot be read to its end */
export async function dryRun(folder: string): Promise<void> {
  const path = join(folder, DATA_FILE)
  const timeout = READ_WITHIN_MS + Math.ceil(statSync(path).size / (1 << 20)) * READ_WITHIN_MS_EACH_MB
  const args = ['--eval', SOURCE, createRequire(import.meta.url).resolve('lmdb'), folder]
  await new Promise<void>((resolve, reject) => {
    // Without what this process was started with, such as a loader or a debugger.
    const env = { ...process.env, NODE_OPTIONS: '' }
    execFile(process.execPath, args, { timeout, killSignal: 'SIGKILL', env }, (error, output, complaint) => {
      if (error === null && output.startsWith('read ')) return resolve()
      const how = error?.signal ? `whoever reads it dies (${error.signal})` : firstErrorIn(complaint)
      reject(corrupt(`the database cannot be read: ${how} (${path})`))
    })
  })
}

const firstErrorIn = (complaint: string): string =>
  complaint
    .split('\n')
    .find(line => /error/i.test(line))
    ?.trim() ?? 'LMDB does not take it'
