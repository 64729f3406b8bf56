/** What this browser has on its disk, as of the moment it was last looked at. */
import { type StoredRoom, storedRooms } from '@flotilla/browser-node/stored'
import { useEffect, useState } from 'react'

export type Stored =
  | { readonly kind: 'reading' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'read'; readonly rooms: readonly StoredRoom[]; readonly disk: Disk | undefined }

interface Disk {
  /** By this site. */
  readonly usedBytes: number
  /** The browser deletes nothing of it by itself. */
  readonly isKept: boolean
}

/** @returns what there is, and the way to look again; what was read stays until something newer is */
export function useStored(): readonly [Stored, () => void] {
  const [stored, setStored] = useState<Stored>({ kind: 'reading' })
  const [look, setLook] = useState(0)
  useEffect(() => {
    let isLeft = false
    void look
    read().then(found => {
      if (!isLeft) setStored(found)
    })
    return () => {
      isLeft = true
    }
  }, [look])
  return [stored, () => setLook(count => count + 1)]
}

async function read(): Promise<Stored> {
  try {
    const [rooms, disk] = await Promise.all([storedRooms(), diskOfSite()])
    return { kind: 'read', rooms, disk }
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) }
  }
}

/** Not every browser says. */
async function diskOfSite(): Promise<Disk | undefined> {
  try {
    const [{ usage }, isKept] = await Promise.all([navigator.storage.estimate(), navigator.storage.persisted()])
    return usage === undefined ? undefined : { usedBytes: usage, isKept }
  } catch {
    return undefined
  }
}
