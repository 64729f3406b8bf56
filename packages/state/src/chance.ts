/** What a mutation may draw: the same on every node, because it comes from the call's own id. */
import type { Call } from './definition.ts'

export interface Recorded {
  readonly id: string
  readonly by: string
  readonly now: number
  readonly version: number
}

export function callOf({ id, by, now, version }: Recorded, index: number | undefined): Call {
  let drawn: (() => number) | undefined
  let ids = 0
  return {
    id,
    by,
    now,
    index,
    version,
    newId: () => `${id}-${++ids}`,
    random: () => {
      drawn ??= numbers(id)
      return drawn()
    },
  }
}

/** Mulberry32 over a hash (FNV-1a) of the id: whole 32-bit steps, so that every engine draws the same. */
function numbers(id: string): () => number {
  let state = 0x811c9dc5
  for (let i = 0; i < id.length; i++) state = Math.imul(state ^ id.charCodeAt(i), 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000
  }
}
