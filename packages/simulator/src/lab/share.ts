/**
 * A run as a text for a link: its setup, what somebody did, and where one looks. The same run comes out of it, event for
 * event, because that is all that a run is made of. Whatever else stands in such a text is refused in words.
 */
import { Fields, Malformed } from '@flotilla/trace'
import { decodeMove } from './decode-move.ts'
import { decodeSetup, KnownNodes } from './decode-setup.ts'
import type { PlacedMove } from './move.ts'
import { mostSteps } from './run.ts'
import { defaultTuning, type RunSetup, runSetup, type Tuning } from './setup.ts'

export interface SharedRun {
  readonly setup: RunSetup
  readonly moves: readonly PlacedMove[]
  /** The number of the event that one looks at. */
  readonly step: number
  /** Virtual milliseconds: how far the run was played. */
  readonly until: number
}

export class ShareError extends Error {
  override readonly name = 'ShareError'
  readonly kind: 'NewerVersion' | 'CutShort' | 'Malformed' | 'TooLong'

  constructor(kind: ShareError['kind'], message: string) {
    super(message)
    this.kind = kind
  }
}

const VERSION = 1

/** Of the text itself, and of what it unfolds to: a link that was made here is far below both. */
const MAX_TEXT_CHARS = 1 << 16
const MAX_UNFOLDED_BYTES = 1 << 20

/** Made of A–Z a–z 0–9 - _ and a point. */
export async function shareRun({ setup, moves, step, until }: SharedRun): Promise<string> {
  const value = {
    setup: { ...withoutUsual(setup) },
    moves: moves.map(({ after, at, move }) => ({ after, at, move })),
    step,
    until,
  }
  const bytes = new TextEncoder().encode(JSON.stringify(value))
  const folded = await through(bytes, new CompressionStream('deflate-raw'), Number.POSITIVE_INFINITY)
  return `${VERSION}.${checksum(folded)}${toBase64Url(folded)}`
}

/** @throws ShareError (as a rejection) that says in words what is wrong with the text. */
export async function readShared(text: string): Promise<SharedRun> {
  if (text.length > MAX_TEXT_CHARS) throw new ShareError('TooLong', 'This link is longer than any that was made here.')
  const [, version, sum, data] = /^(\d{1,6})\.([0-9a-f]{8})([A-Za-z0-9_-]*)$/.exec(text) ?? []
  if (version === undefined || sum === undefined || data === undefined) {
    throw new ShareError('Malformed', 'This link does not lead to a run: something in it was changed.')
  }
  if (Number(version) > VERSION) {
    throw new ShareError('NewerVersion', 'This link was made by a newer version. Reload this page to get it.')
  }
  const folded = fromBase64Url(data)
  if (folded === undefined || checksum(folded) !== sum) {
    throw new ShareError('CutShort', 'This link is not whole: its end is missing, or something in it was changed.')
  }
  try {
    return decode(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await unfold(folded))))
  } catch (error) {
    if (error instanceof ShareError) throw error
    const reason = error instanceof Malformed ? error.message : 'it cannot be read'
    throw new ShareError('Malformed', `This link does not lead to a run: ${reason}.`)
  }
}

function decode(value: unknown): SharedRun {
  const f = new Fields(value)
  const given = decodeSetup(f.needed('setup'))
  const known = new KnownNodes(given.nodes)
  const moves = f.records('moves', (placed): PlacedMove => {
    const after = placed.count('after')
    return { after, at: placed.time('at'), move: decodeMove(placed.needed('move'), known) }
  })
  if (moves.length > mostSteps) throw new Malformed('moves', `at most ${mostSteps}`)
  const falls = moves.findIndex(
    ({ after, at }, i) => after < (moves[i - 1]?.after ?? 0) || at < (moves[i - 1]?.at ?? 0),
  )
  if (falls >= 0) throw new Malformed(`moves[${falls}]`, 'no earlier than the one before')
  return { setup: runSetup(given), moves, step: f.count('step'), until: f.time('until') }
}

/** What is as usual need not be said. */
function withoutUsual({ seed, nodes, off, tuning, disks }: RunSetup): Partial<Record<keyof RunSetup, unknown>> {
  const keys = Object.keys(tuning) as (keyof Tuning)[]
  const unusual = keys.filter(key => JSON.stringify(tuning[key]) !== JSON.stringify(defaultTuning[key]))
  return {
    nodes,
    seed,
    ...(off.length > 0 ? { off } : {}),
    ...(unusual.length > 0 ? { tuning: Object.fromEntries(unusual.map(key => [key, tuning[key]])) } : {}),
    ...(Object.keys(disks).length > 0 ? { disks } : {}),
  }
}

function unfold(folded: Uint8Array): Promise<Uint8Array> {
  return through(folded, new DecompressionStream('deflate-raw'), MAX_UNFOLDED_BYTES)
}

/** @throws ShareError once more than `most` bytes come out */
async function through(
  bytes: Uint8Array,
  stream: CompressionStream | DecompressionStream,
  most: number,
): Promise<Uint8Array> {
  const writer = stream.writable.getWriter()
  // What goes wrong here is told by the reader as well.
  writer.write(new Uint8Array(bytes)).catch(() => undefined)
  writer.close().catch(() => undefined)
  const parts: Uint8Array[] = []
  let length = 0
  const reader = stream.readable.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.byteLength
    if (length > most) {
      await reader.cancel()
      throw new ShareError('TooLong', 'This link unfolds to more than any run is.')
    }
    parts.push(value)
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.byteLength
  }
  return whole
}

/** Against accidents, not against people: FNV-1a, as 8 hexadecimal digits. */
function checksum(bytes: Uint8Array): string {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function fromBase64Url(text: string): Uint8Array | undefined {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    return Uint8Array.from(binary, letter => letter.charCodeAt(0))
  } catch {
    return undefined
  }
}
