/** The open room, for every component below. */
import { createContext, useContext } from 'react'
import type { Session } from './session.ts'

export const RoomContext = createContext<Session | undefined>(undefined)

/** @throws Error outside of an open room */
export function useSession(): Session {
  const session = useContext(RoomContext)
  if (session === undefined) throw new Error('no room is open')
  return session
}
