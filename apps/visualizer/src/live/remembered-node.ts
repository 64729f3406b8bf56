/** Which node a tab was: reloaded, it takes it up again. A duplicated tab has copied this too; the database's lock decides. */
import type { NodeId } from '@flotilla/core'

export function rememberedNode(room: string): NodeId | undefined {
  try {
    return sessionStorage.getItem(keyOf(room)) ?? undefined
  } catch {
    return undefined
  }
}

export function rememberNode(room: string, id: NodeId): void {
  try {
    sessionStorage.setItem(keyOf(room), id)
  } catch {
    // Where nothing can be remembered the tab takes up whichever node is free.
  }
}

const keyOf = (room: string): string => `flotilla:node:${room}`
