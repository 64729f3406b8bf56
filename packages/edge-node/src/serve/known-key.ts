/**
 * By which key this data directory was last in its room. With another one in its link a node runs all the same: the room may have got another while it was
 * away, and only the room can tell. But if the link is wrong, those who have the right one do not find it, and nothing else would say so. What is kept is a
 * digest: it tells keys apart, and lets nobody in.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const FILE = 'known-key'

export class KnownKey {
  readonly #path: string
  readonly #given: string
  #known: string | undefined

  /** In the room's folder, which may not be there yet. */
  constructor(folder: string, given: string) {
    this.#path = join(folder, FILE)
    this.#given = digest(given)
    this.#known = read(this.#path)
  }

  /** Whether anything is known. */
  get isKnown(): boolean {
    return this.#known !== undefined
  }

  /** Whether the link has another. */
  get isOther(): boolean {
    return this.#known !== undefined && this.#known !== this.#given
  }

  /** The room has this one now. */
  learn(key: string): void {
    const learnt = digest(key)
    if (learnt === this.#known) return
    this.#known = learnt
    try {
      writeFileSync(this.#path, learnt, { mode: 0o600 })
    } catch {
      // It is asked again at the next start, and nothing depends on it.
    }
  }
}

const digest = (key: string): string => createHash('sha256').update(key).digest('hex')

/** What was not written to its end is nothing. */
function read(path: string): string | undefined {
  try {
    const found = readFileSync(path, 'latin1')
    return /^[0-9a-f]{64}$/.test(found) ? found : undefined
  } catch {
    return undefined
  }
}
