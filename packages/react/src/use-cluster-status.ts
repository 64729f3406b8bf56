/** How the room is doing, for banners and member lists. */
import type { RoomMember, SharedStatus } from '@flotilla/state'
import { useSyncExternalStore } from 'react'
import { useSharedState } from './room.tsx'

/** Renders again whenever any of it is another. */
export function useClusterStatus(): SharedStatus {
  const { status } = useSharedState()
  return useSyncExternalStore(status.subscribe, status.get, status.get)
}

/** The room's members, this node among them. Renders again whenever one comes, goes, or is another. */
export function usePeers(): readonly RoomMember[] {
  const { status } = useSharedState()
  const members = (): readonly RoomMember[] => status.get().members
  return useSyncExternalStore(status.subscribe, members, members)
}
