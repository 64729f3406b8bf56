/**
 * A copy of a running core, made from outside: an exhaustive search goes on from one state in many ways.
 *
 * Everything that core changes in place is copied, with what refers to what; what it never changes (entries, messages,
 * configurations, options) is shared. Rounds only count up, and mean nothing without reads and changes of membership: where
 * an exploration is without those, every copy starts them over, or no two states would ever be the same.
 */
import type { RaftLike } from '../world/node.ts'

const sharedKeys = new Set(['options', 'random', 'describe', 'configuration', 'snapshot', 'restore', 'lastRun', 'data'])
const roundKeys = new Set(['round', 'ackedRound', 'firstRound', 'stalledInRound'])

/** What a leader's first round of replication is numbered. */
export const firstRound = 2

export function copyRaft(raft: RaftLike, keepsRounds: boolean): RaftLike {
  const copy = copyOf(raft, new Map(), keepsRounds)
  if (!isRaft(copy)) throw new TypeError('a copy of a core is no core')
  return copy
}

function isRaft(value: unknown): value is RaftLike {
  return typeof value === 'object' && value !== null && 'step' in value && 'drain' in value
}

function copyOf(value: unknown, made: Map<object, unknown>, keepsRounds: boolean): unknown {
  if (typeof value !== 'object' || value === null) return value
  const known = made.get(value)
  if (known !== undefined) return known
  if (value instanceof Float64Array || value instanceof Uint32Array) return value.slice()
  if (value instanceof Uint8Array) return value
  if (Array.isArray(value)) {
    const items: unknown[] = []
    made.set(value, items)
    for (const item of value) items.push(copyOf(item, made, keepsRounds))
    return items
  }
  if (value instanceof Map) return new Map(value)
  if ('kind' in value && 'term' in value) return value
  const copy: Record<string, unknown> = Object.create(Object.getPrototypeOf(value))
  made.set(value, copy)
  for (const [key, field] of Object.entries(value)) {
    if (!keepsRounds && roundKeys.has(key) && typeof field === 'number') copy[key] = Math.min(field, firstRound)
    else copy[key] = sharedKeys.has(key) ? field : copyOf(field, made, keepsRounds)
  }
  return copy
}
