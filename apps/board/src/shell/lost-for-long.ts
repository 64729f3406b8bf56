/** When a page may speak of giving up a majority: not while somebody may only be reloading. */
import type { useClusterStatus } from '@flotilla/react'
import { useEffect, useState } from 'react'
import { useSession } from '../room/room-context.ts'

/** Milliseconds. */
const LONG_MS = 20_000

export function useLostForLong({ noQuorumSince, missing }: ReturnType<typeof useClusterStatus>): boolean {
  const session = useSession()
  const isLost = noQuorumSince !== undefined && missing.length > 0 && session.lostMajority() !== undefined
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    if (!isLost) return setLong(false)
    const timer = setTimeout(() => setLong(true), noQuorumSince + LONG_MS - Date.now())
    return () => clearTimeout(timer)
  }, [isLost, noQuorumSince])
  return isLost && isLong
}
