/**
 * Reads values that somebody else sent: each of these gives the value if it is what it must be, and otherwise `undefined`.
 */

/** Longer ones are cut short. */
const MAX_TEXT = 160

export type Fields = Readonly<Record<string, unknown>>

const absent = { absent: true } as const
type Absent = typeof absent
/** The record's type once it is whole. */
type Restored<T> = {
  [K in keyof T]: Absent extends T[K] ? Exclude<T[K], Absent> | undefined : Exclude<T[K], undefined>
}

/** The record, if no field is `undefined`; a field that may be absent says so with `absent`. */
export function whole<T extends object>(fields: T): Restored<T> | undefined {
  for (const value of Object.values(fields)) if (value === undefined) return undefined
  return Object.fromEntries(Object.entries(fields).map(([k, v]) => [k, v === absent ? undefined : v])) as Restored<T>
}

export function optional<T>(value: unknown, check: (value: unknown) => T | undefined): T | Absent | undefined {
  return value === undefined || value === null ? absent : check(value)
}

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

export function time(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 1e15 ? value : undefined
}

export function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

/** Longer texts are cut short rather than refused: they are only for people. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT).toWellFormed() : undefined
}

export function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find(candidate => candidate === value)
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
