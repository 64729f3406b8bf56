/**
 * How many units a node's database has, told a second time, beside it. LMDB keeps two heads of its tree, and takes the earlier one
 * where the later one is spoilt: a node would come back as it was before, and might vote twice in a term. The tally knows better. It
 * also knows of a database that was put back from a copy, or is gone.
 *
 * It is written after each unit and not flushed: after a power cut it may say too little, which is no alarm, and never too much.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { corrupt } from './errors.ts'
import { TALLY_FILE } from './folders.ts'

const BYTES = 12

export class Tally {
  readonly #descriptor: number

  private constructor(descriptor: number) {
    this.#descriptor = descriptor
  }

  /** For a new node. It is on the disk before anything else of it is. */
  static create(folder: string): Tally {
    const tally = new Tally(openSync(join(folder, TALLY_FILE), 'w', 0o600))
    tally.write(0)
    tally.flush()
    return tally
  }

  static open(folder: string): Tally {
    return new Tally(openSync(join(folder, TALLY_FILE), 'r+'))
  }

  /** @throws StorageError `Corrupt` where there is none, or none that can be read */
  static read(folder: string): number {
    const path = join(folder, TALLY_FILE)
    if (!existsSync(path)) throw corrupt(`the tally is missing (${path})`)
    const bytes = readFileSync(path)
    if (bytes.byteLength !== BYTES || bytes.readUInt32LE(8) !== crc32(bytes.subarray(0, 8))) {
      throw corrupt(`the tally is damaged (${path})`)
    }
    return bytes.readDoubleLE(0)
  }

  write(units: number): void {
    const bytes = Buffer.alloc(BYTES)
    bytes.writeDoubleLE(units)
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 8)), 8)
    writeSync(this.#descriptor, bytes, 0, BYTES, 0)
  }

  flush(): void {
    fsyncSync(this.#descriptor)
  }

  close(): void {
    closeSync(this.#descriptor)
  }
}
