/** Who else is there, and what they do. */
import type { Present } from '@flotilla/state'
import { useSyncExternalStore } from 'react'
import { useSharedState } from './room.tsx'

/**
 * What the other pages of the room say of themselves now, and the way to say something of this one. Renders again whenever any
 * of them says something else.
 */
export function usePresence(): readonly [others: readonly Present[], say: (value: unknown) => void] {
  const { presence } = useSharedState()
  const { others } = presence
  return [useSyncExternalStore(others.subscribe, others.get, others.get), presence.set]
}
