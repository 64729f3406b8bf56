/** The machine behind a zustand store, and what of a store's change it is told. */
import { defineMachine, type Json, NotSerializable } from '@flotilla/state'

/** One place of the store's data: what it is from now on, or, without a value, that it is no more. */
export interface Placing {
  readonly path: readonly string[]
  readonly value?: Json
  /** What stands under the first step of the path before that, if the room has nothing there. */
  readonly first?: Json
}

export type StoreData = Readonly<Record<string, Json>>

/** The machine behind a store, to be given to the node with the others. A store's data are an object of JSON. */
export function storeMachine(name: string) {
  const initial: StoreData = {}
  // Its changes have no `first`, and so mean the same to both.
  const mutations = { place: (draft: Record<string, Json>, places: readonly Placing[]) => place(draft, places) }
  const previous = defineMachine({ name, version: 1, initial, mutations })
  return defineMachine({ name, version: 2, initial, mutations }, { previous, migrate: data => data })
}

export type StoreMachine = ReturnType<typeof storeMachine>

/**
 * What has to be placed so that `before` becomes `after`. What the store began with (`begun`) is in the room only when somebody has changed
 * it: a place within it brings the rest along, unless the log is known to have it (`known`). Whether it is needed is decided where the change
 * stands in the log, so that of two pages that are the first at once, the second enters what the first has brought.
 * @throws NotSerializable where something becomes `undefined`, or has a key that JSON would misread
 */
export function placesOf(before: object, after: object, begun: object, known: object): readonly Placing[] {
  const places: Placing[] = []
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const old = own(before, key)
    const value = own(after, key)
    // Nothing is left of what it began with. To be without it on one page only is nothing that can be shared.
    if (!Object.hasOwn(after, key)) places.push(...(old === undefined ? [] : [placing([key], own(begun, key))]))
    else if (value !== undefined) {
      const [first, ...rest] = placesAt([key], old, value)
      const isWithin = first !== undefined && first.path.length > 1
      const brings = isWithin && !Object.hasOwn(known, key) && isPlain(own(begun, key))
      if (first !== undefined) places.push(brings ? { ...first, first: own(begun, key) as Json } : first, ...rest)
    } else if (old !== undefined) throw new NotSerializable(key, 'undefined')
  }
  return places
}

/** The other way round than at the top, `undefined` is as good as missing here, as it is in all that is sent. */
function placesAt(path: readonly string[], old: unknown, value: unknown): readonly Placing[] {
  if (same(old, value)) return []
  if (path.at(-1) === '__proto__') throw new NotSerializable(path.join('.'), 'a key with a meaning of its own')
  if (value === undefined || !isPlain(old) || !isPlain(value)) return [placing(path, value)]
  const keys = new Set([...Object.keys(old), ...Object.keys(value)])
  return [...keys].flatMap(key => placesAt([...path, key], own(old, key), own(value, key)))
}

/** A refusal of the call as one of the store: where it stands there says something to whoever has set it. */
export function refusalOf(error: unknown, places: readonly Placing[]): unknown {
  if (!(error instanceof NotSerializable)) return error
  const [, index, part, rest] = /^\[(\d+)\]\.(value|first)(.*)$/.exec(error.path) ?? []
  const path = places[Number(index)]?.path
  const [what] = error.message.slice(`${error.path} is `.length).split(', which cannot be sent')
  if (path === undefined || what === undefined) return error
  return new NotSerializable(`${(part === 'first' ? path.slice(0, 1) : path).join('.')}${rest}`, what)
}

function placing(path: readonly string[], value: unknown): Placing {
  // Whoever calls the mutation with what is no JSON is told so there.
  return value === undefined ? { path } : { path, value: value as Json }
}

/** Of what is neither array nor plain object nothing is known but whether it is the very same: it will be refused. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => same(item, b[i]))
  if (!isPlain(a) || !isPlain(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every(key => Object.hasOwn(b, key) && same(a[key], b[key]))
}

function place(draft: Record<string, Json>, places: readonly Placing[]): void {
  for (const { path, value, first } of places) {
    const [top] = path
    const last = path.at(-1)
    if (top === undefined || last === undefined || path.includes('__proto__'))
      throw new TypeError('no place in a store')
    // Copies: a later place may be within one, and what was called with is not to be changed by that.
    if (first !== undefined && path.length > 1 && !Object.hasOwn(draft, top)) draft[top] = structuredClone(first)
    let parent: Record<string, unknown> = draft
    for (const step of path.slice(0, -1)) {
      if (!isRecord(own(parent, step))) parent[step] = {}
      const next = parent[step]
      parent = isRecord(next) ? next : {}
    }
    if (value === undefined) delete parent[last]
    else parent[last] = structuredClone(value)
  }
}

function own(value: object, key: string): unknown {
  return Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (!isRecord(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
