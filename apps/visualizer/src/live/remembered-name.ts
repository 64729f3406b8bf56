/** What this tab's owner calls its node, kept over a reload. Of this tab, for in one browser many may be open. */
import { cleanName } from '../trace-view/called-name.ts'

export function rememberedName(room: string): string | undefined {
  try {
    return cleanName(sessionStorage.getItem(keyOf(room)) ?? '')
  } catch {
    return undefined
  }
}

export function rememberName(room: string, name: string | undefined): void {
  try {
    if (name === undefined) sessionStorage.removeItem(keyOf(room))
    else sessionStorage.setItem(keyOf(room), name)
  } catch {
    // Not remembered.
  }
}

const keyOf = (room: string): string => `flotilla:called:${room}`
