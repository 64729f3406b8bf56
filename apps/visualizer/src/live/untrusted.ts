/**
 * Reads values that somebody else sent: each of these gives the value if it is what it must be, and otherwise `undefined`.
 */
import type { NodeId } from '@flotilla/core'

/** Longer ones are cut short. */
const MAX_TEXT = 160

const MAX_NODES = 160

export type Fields = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

export function time(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 1e15 ? value : undefined
}

/** Longer texts are cut short rather than refused: they are only for people. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT).toWellFormed() : undefined
}

export function listOf<T>(
  value: unknown,
  max: number,
  check: (item: unknown) => T | undefined,
): readonly T[] | undefined {
  if (!Array.isArray(value) || value.length > max) return undefined
  const items: T[] = []
  for (const item of value) {
    const checked = check(item)
    if (checked === undefined) return undefined
    items.push(checked)
  }
  return items
}

export function nodeId(value: unknown): NodeId | undefined {
  return typeof value === 'string' && value.length > 0 && value.length <= 64 ? value : undefined
}

export function nodeIds(value: unknown): readonly NodeId[] | undefined {
  return listOf(value, MAX_NODES, nodeId)
}
