/**
 * Where many nodes stand, in few bytes: a row of numbers for each, some thirty bytes of JSON. As everything that other tabs tell,
 * checked as if they were hostile.
 *
 *     [ 1, [ [17, 0, 0, 4, 210, 208, 208], … ] ]
 *       version  number, presence, role, term, last, commit, applied
 */
import type { Role } from '@flotilla/core'
import type { Standing } from '../trace-view/hearsay.ts'
import type { Presence } from '../trace-view/view.ts'
import { count, listOf } from './untrusted.ts'

/** Rows may get other fields: whoever does not know a version leaves it, and shows those nodes as out of reach. */
const VERSION = 1
/** As many as a room has members. */
export const MAX_STANDINGS = 128
const FIELDS = 7
const MAX_NUMBER = 999_999

const PRESENCES: readonly Presence[] = ['here', 'crashed', 'closed', 'unreachable']
const ROLES: readonly Role[] = ['follower', 'preCandidate', 'candidate', 'leader']

export function encodeStandings(standings: readonly Standing[]): unknown {
  const rows = standings
    .slice(0, MAX_STANDINGS)
    .map(({ number, presence, role, term, lastIndex, commitIndex, lastApplied }) => [
      number,
      PRESENCES.indexOf(presence),
      ROLES.indexOf(role),
      term,
      lastIndex,
      commitIndex,
      lastApplied,
    ])
  return [VERSION, rows]
}

/** `undefined` if they are none. Never throws. */
export function decodeStandings(value: unknown): readonly Standing[] | undefined {
  if (!Array.isArray(value) || value.length !== 2 || value[0] !== VERSION) return undefined
  return listOf(value[1], MAX_STANDINGS, decodeRow)
}

function decodeRow(row: unknown): Standing | undefined {
  const numbers = listOf(row, FIELDS, count)
  if (numbers?.length !== FIELDS) return undefined
  const [number = 0, presenceAt = 0, roleAt = 0, term = 0, lastIndex = 0, commitIndex = 0, lastApplied = 0] = numbers
  const presence = PRESENCES[presenceAt]
  const role = ROLES[roleAt]
  if (presence === undefined || role === undefined || number < 1 || number > MAX_NUMBER) return undefined
  return { number, presence, role, term, lastIndex, commitIndex, lastApplied }
}
