/** What it takes to take a change back: what it left, which must still be there, and what was there before. */
import { applyPatches, type Objectish, type Patch } from 'immer'
import { type Json, jsonCopy, sameJson } from './json.ts'

/** Kept beside the state, on every node alike. */
export interface WayBack {
  /** Where the change left something, and what: `undefined` where it took something away. */
  readonly left: readonly Place[]
  readonly inverse: readonly Patch[]
}

interface Place {
  readonly path: readonly (string | number)[]
  /** `undefined`: nothing is there. */
  readonly value?: Json
  /** Of an array of which items came, went or moved. */
  readonly length?: number
}

/** As JSON. A change that would need more cannot be taken back. */
const MAX_CHARACTERS = 8_192

/** Of a change, given the state after it; `undefined` if it changed nothing, or too much. */
export function wayBack(after: unknown, patches: readonly Patch[], inverse: readonly Patch[]): WayBack | undefined {
  if (patches.length === 0) return undefined
  const left = patches.map(({ path }): Place => {
    const value = valueAt(after, path)
    return value === undefined ? { path } : { path, value: jsonCopy(value) }
  })
  const kept = { left: [...left, ...lengths(after, [...patches, ...inverse])], inverse }
  return JSON.stringify(kept).length > MAX_CHARACTERS ? undefined : kept
}

/** The state without the change; `undefined` if something else has changed the same since. */
export function withoutChange(state: Objectish, { left, inverse }: WayBack): Objectish | undefined {
  const isAsLeft = left.every(({ path, value, length }) => {
    const there = valueAt(state, path)
    return length === undefined ? sameJson(there, value) : Array.isArray(there) && there.length === length
  })
  return isAsLeft ? applyPatches(state, [...inverse]) : undefined
}

/** The lengths of all arrays that the patches reach into: an item elsewhere in them moves what is at an index. */
function lengths(after: unknown, patches: readonly Patch[]): readonly Place[] {
  const found = new Map<string, Place>()
  for (const { path } of patches) {
    const parent = path.slice(0, -1)
    const array = valueAt(after, parent)
    if (Array.isArray(array)) found.set(JSON.stringify(parent), { path: parent, length: array.length })
  }
  return [...found.values()]
}

function valueAt(state: unknown, path: readonly (string | number)[]): unknown {
  let value = state
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = Reflect.get(value, step)
  }
  return value
}
