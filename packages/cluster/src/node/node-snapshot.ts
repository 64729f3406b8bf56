/**
 * A snapshot as Raft carries it: the room's rules, the session table and the machine's own bytes, in one versioned encoding. Sessions belong
 * in it because a retried command must find its first answer also on a node that got the log as a snapshot (dissertation §6.3).
 *
 *   u8 version · u32 length · house rules · u32 sessions · { f64 id · f64 firstUnanswered · u32 answers · { f64 sequence · f64 index · f64 term ·
 *   u32 length · result } } · the machine's bytes, to the end. Little-endian; a float64 holds every integer up to 2⁵³.
 */
import {
  MAX_ANSWER_BYTES,
  MAX_SESSIONS,
  type RememberedAnswer,
  SESSION_WINDOW,
  type Session,
  SessionTable,
} from '../clients/sessions.ts'
import { firstHouseRules, type HouseRules } from '../wire/house-rules.ts'
import { readHouseRules, writeHouseRules } from '../wire/house-rules-codec.ts'
import { Reader, refused } from '../wire/reader.ts'
import { scratch } from '../wire/writer.ts'

const VERSION = 2
/** Before rooms had rules. */
const VERSION_WITHOUT_RULES = 1

export interface NodeSnapshot {
  readonly rules: HouseRules
  readonly sessions: SessionTable
  readonly machine: Uint8Array
}

export class SnapshotFormatError extends Error {
  override readonly name = 'SnapshotFormatError'
}

export function encodeNodeSnapshot({ rules, sessions, machine }: NodeSnapshot): Uint8Array {
  const writer = scratch.restart()
  writeHouseRules(writer, rules)
  const ruleBytes = writer.finish()
  let size = 1 + 4 + ruleBytes.byteLength + 4 + machine.byteLength
  for (const { answers } of sessions.sessions.values()) {
    size += 8 + 8 + 4
    for (const { result } of answers.values()) size += 8 + 8 + 8 + 4 + result.byteLength
  }
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  let at = 0
  const number = (value: number): void => {
    view.setFloat64(at, value, true)
    at += 8
  }
  const count = (value: number): void => {
    view.setUint32(at, value, true)
    at += 4
  }

  view.setUint8(at++, VERSION)
  count(ruleBytes.byteLength)
  bytes.set(ruleBytes, at)
  at += ruleBytes.byteLength
  count(sessions.sessions.size)
  for (const [id, { firstUnanswered, answers }] of sessions.sessions) {
    number(id)
    number(firstUnanswered)
    count(answers.size)
    for (const [sequence, { index, term, result }] of answers) {
      number(sequence)
      number(index)
      number(term)
      count(result.byteLength)
      bytes.set(result, at)
      at += result.byteLength
    }
  }
  bytes.set(machine, at)
  return bytes
}

/**
 * `maxSessions`: what the table is to be held to from here on. What bytes may hold does not depend on it.
 *
 * @throws SnapshotFormatError on bytes that `encodeNodeSnapshot` cannot have made.
 */
export function decodeNodeSnapshot(bytes: Uint8Array, maxSessions: number = MAX_SESSIONS): NodeSnapshot {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const advance = (length: number): number => {
    if (length > bytes.byteLength - at) throw new SnapshotFormatError(`cut short at byte ${at}`)
    at += length
    return at - length
  }
  const number = (): number => {
    const value = view.getFloat64(advance(8), true)
    if (!Number.isSafeInteger(value) || value < 0) throw new SnapshotFormatError(`no whole number at byte ${at - 8}`)
    return value
  }
  const count = (max: number): number => {
    const value = view.getUint32(advance(4), true)
    if (value > max) throw new SnapshotFormatError(`${value} is more than ${max} at byte ${at - 4}`)
    return value
  }

  const version = view.getUint8(advance(1))
  if (version !== VERSION && version !== VERSION_WITHOUT_RULES) {
    throw new SnapshotFormatError(`version ${version} is unknown`)
  }
  let rules = firstHouseRules
  if (version === VERSION) {
    const length = count(bytes.byteLength)
    const start = advance(length)
    rules = decodeRules(bytes.subarray(start, start + length))
  }
  const sessions = new Map<number, Session>()
  for (let left = count(MAX_SESSIONS); left > 0; left--) {
    const id = number()
    const firstUnanswered = number()
    const answers = new Map<number, RememberedAnswer>()
    for (let answersLeft = count(SESSION_WINDOW); answersLeft > 0; answersLeft--) {
      const sequence = number()
      const index = number()
      const term = number()
      const length = count(bytes.byteLength)
      const start = advance(length)
      answers.set(sequence, { index, term, result: bytes.slice(start, start + length) })
    }
    sessions.set(id, { firstUnanswered, answers })
  }
  return { rules, sessions: new SessionTable(sessions, MAX_ANSWER_BYTES, maxSessions), machine: bytes.subarray(at) }
}

function decodeRules(bytes: Uint8Array): HouseRules {
  try {
    const reader = new Reader(bytes)
    const rules = readHouseRules(reader)
    reader.end()
    return rules
  } catch (caught) {
    throw new SnapshotFormatError(`the room’s rules: ${refused(caught).error.message}`)
  }
}
