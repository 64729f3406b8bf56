/**
 * The room's controls as this tab last knew them, kept over a reload: when all tabs reload at once nobody else remembers
 * them. They go with the tab: a room that is opened the next day is whole, and at full speed.
 */
import { checkSetting, type Setting } from './observation.ts'
import { listOf } from './untrusted.ts'

const MAX_SETTINGS = 2_048

export function rememberedControls(room: string): readonly Setting[] {
  try {
    const parsed: unknown = JSON.parse(sessionStorage.getItem(keyOf(room)) ?? '[]')
    return listOf(parsed, MAX_SETTINGS, checkSetting) ?? []
  } catch {
    return []
  }
}

export function rememberControls(room: string, settings: readonly Setting[]): void {
  try {
    sessionStorage.setItem(keyOf(room), JSON.stringify(settings))
  } catch {
    // Where nothing can be remembered the other tabs may still tell.
  }
}

const keyOf = (room: string): string => `flotilla:controls:${room}`
