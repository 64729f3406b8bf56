/** Who else is there, and what they do. */
import type { Presence, Present } from '@flotilla/state'
import { useSyncExternalStore } from 'react'

const nobody: readonly Present[] = []
const never = (): (() => void) => () => undefined

/** What the other pages of the room say of themselves now. Renders again whenever any of them says something else. */
export function usePresence(presence: Presence | undefined): readonly Present[] {
  const others = presence?.others
  return useSyncExternalStore(others?.subscribe ?? never, others?.get ?? (() => nobody))
}
