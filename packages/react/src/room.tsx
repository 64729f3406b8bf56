/** The room whose state a tree of components shows. */
import type { SharedState } from '@flotilla/state'
import { createContext, type ReactNode, useContext } from 'react'

const Room = createContext<SharedState | undefined>(undefined)

export interface ClusterProviderProps {
  /**
   * Outlives renders, StrictMode's second ones and hot reloads: made outside of React, once, or, where the room changes, in an effect that closes
   * what it opened. Never while rendering. Another one shows another room.
   */
  readonly state: SharedState
  readonly children?: ReactNode
}

export function ClusterProvider({ state, children }: ClusterProviderProps): ReactNode {
  return <Room.Provider value={state}>{children}</Room.Provider>
}

/** The shared state of the nearest provider. @throws Error where there is none */
export function useSharedState(): SharedState {
  const state = useContext(Room)
  if (state === undefined) throw new Error('there is no <ClusterProvider> around this component')
  return state
}
