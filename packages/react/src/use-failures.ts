/** What came to nothing, for notices that say so and offer what was typed again. */
import type { Failure } from '@flotilla/state'
import { useMemo, useSyncExternalStore } from 'react'
import { useSharedState } from './room.tsx'

/**
 * This browser's changes that came to nothing, or of which nobody can say whether they did, oldest first, and the way to say that one
 * was seen. Renders again whenever one comes or goes.
 */
export function useFailures(): readonly [failures: readonly Failure[], dismiss: (failure: Failure) => Promise<void>] {
  const { failures } = useSharedState()
  const [get, subscribe, dismiss] = useMemo(
    () =>
      [
        () => failures.get(),
        (listener: () => void) => failures.subscribe(listener),
        (failure: Failure) => failures.dismiss(failure),
      ] as const,
    [failures],
  )
  return [useSyncExternalStore(subscribe, get, get), dismiss]
}
