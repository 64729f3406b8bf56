/** What can be said to other nodes: JSON, and nothing that JSON would silently change. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** A value that JSON cannot hold as it is; `path` says where it stands, such as `card.due`. */
export class NotSerializable extends TypeError {
  override readonly name = 'NotSerializable'
  readonly path: string
  constructor(path: string, what: string) {
    super(`${path === '' ? 'the value itself' : path} is ${what}, which cannot be sent to other nodes`)
    this.path = path
  }
}

/** Deeper than this is most likely a cycle, and no decoder should have to follow it. */
const MAX_DEPTH = 64

/**
 * A copy of `value` that shares nothing with it. A property that is `undefined` is as good as missing, and is left out.
 * @throws NotSerializable with the path of the first offender
 */
export function jsonCopy(value: unknown, path = '', depth = 0): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      if (Number.isFinite(value)) return Object.is(value, -0) ? 0 : value
      throw new NotSerializable(path, String(value))
    case 'object':
      break
    default:
      throw new NotSerializable(path, value === undefined ? 'undefined' : `a ${typeof value}`)
  }
  if (value === null) return null
  if (depth >= MAX_DEPTH) throw new NotSerializable(path, `nested deeper than ${MAX_DEPTH} (a cycle?)`)
  if (Array.isArray(value)) return Array.from(value, (item, i) => jsonCopy(item, `${path}[${i}]`, depth + 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) throw new NotSerializable(path, nameOf(value))
  const copy: Record<string, Json> = {}
  for (const [key, item] of Object.entries(value)) {
    // As a plain assignment this key would change what the object is.
    if (key === '__proto__') throw new NotSerializable(at(path, key), 'a key with a meaning of its own')
    if (item !== undefined) copy[key] = jsonCopy(item, at(path, key), depth + 1)
  }
  if (Object.getOwnPropertySymbols(value).length > 0) throw new NotSerializable(path, 'an object with symbols as keys')
  return copy
}

/** Whether both say the same; the order of keys says nothing. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const left = Object.entries(a)
  const right = new Map<string, unknown>(Object.entries(b))
  return left.length === right.size && left.every(([key, item]) => right.has(key) && sameJson(item, right.get(key)))
}

function at(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

function nameOf(value: object): string {
  const name: unknown = value.constructor?.name
  return typeof name === 'string' && name !== '' ? `a ${name}` : 'no plain object'
}
