/** What people tell each other while they are there: who they are, where they point, what they carry. */
import { usePresence, useSharedState } from '@flotilla/react'
import type { Present } from '@flotilla/state'
import { useMemo, useSyncExternalStore } from 'react'
import { cleanName } from './my-name.ts'

export interface Person {
  /** The page. */
  readonly id: string
  readonly node: string
  readonly name: string
  /** The card or column they point at, and where on it, from 0 to 1. */
  readonly pointer: { readonly on: string; readonly x: number; readonly y: number } | undefined
  /** The card they carry. */
  readonly moving: string | undefined
  /** They have no board yet, and wait to be let in. */
  readonly isWaiting: boolean
}

export interface Said {
  readonly name: string
  readonly pointer?: { readonly on: string; readonly x: number; readonly y: number }
  readonly moving?: string
  readonly waiting?: true
}

export function usePeople(): readonly Person[] {
  const [present] = usePresence()
  return useMemo(() => present.flatMap(personOf), [present])
}

let named: ReadonlyMap<string, string> = new Map()

/** By node, also of those who are out of reach: as they last said to this page. */
export function useNames(): ReadonlyMap<string, string> {
  const people = usePeople()
  return useMemo(() => {
    const now = people.filter(({ name }) => name !== '').map(({ node, name }) => [node, name] as const)
    named = new Map([...named, ...now])
    return named
  }, [people])
}

/** The name of whoever else carries this card. Renders again for nothing else that people do. */
export function useMover(card: string): string | undefined {
  const { others } = useSharedState().presence
  return useSyncExternalStore(others.subscribe, () => moversAmong(others.get()).get(card))
}

const movers = new WeakMap<readonly Present[], ReadonlyMap<string, string>>()

function moversAmong(present: readonly Present[]): ReadonlyMap<string, string> {
  let known = movers.get(present)
  if (known === undefined) {
    const people = present.flatMap(personOf)
    known = new Map(
      people.flatMap(({ moving, name }) => (moving === undefined ? [] : [[moving, name || 'Somebody'] as const])),
    )
    movers.set(present, known)
  }
  return known
}

/** Another page's word: what it does not say properly is not there. */
function personOf({ id, node, value }: Present): readonly Person[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  const { name, pointer, moving, waiting } = { ...value } as Readonly<Record<string, unknown>>
  return [
    {
      id,
      node,
      name: typeof name === 'string' ? cleanName(name) : '',
      pointer: pointerOf(pointer),
      moving: typeof moving === 'string' ? moving : undefined,
      isWaiting: waiting === true,
    },
  ]
}

function pointerOf(value: unknown): Person['pointer'] {
  if (typeof value !== 'object' || value === null) return undefined
  const { on, x, y } = { ...value } as Readonly<Record<string, unknown>>
  const isPlace = typeof on === 'string' && typeof x === 'number' && typeof y === 'number'
  return isPlace ? { on, x: Math.min(1, Math.max(0, x)), y: Math.min(1, Math.max(0, y)) } : undefined
}
