/** Which room of this browser is watched, in the address: what another application of this origin links to. */

export interface WatchedRoom {
  /** Its name on this browser's disk (`BrowserNode.room`). */
  readonly room: string
  /** What people call it. */
  readonly name: string
  /** Where the application is that has it open. */
  readonly back: string | undefined
}

const MAX_NAME = 80

/** `undefined` where the address names none. */
export function watchedRoomIn(rest: string): WatchedRoom | undefined {
  const parameters = new URLSearchParams(rest)
  const room = parameters.get('room')
  if (room === null || !/^[\w.-]{1,128}$/.test(room)) return undefined
  const name = (parameters.get('name') ?? '').slice(0, MAX_NAME)
  return { room, name: name === '' ? room.slice(0, 12) : name, back: ownAddress(parameters.get('back')) }
}

/** Anybody may write a link; only to pages of this very origin does it lead. */
function ownAddress(back: string | null): string | undefined {
  if (back === null || !URL.canParse(back, location.href)) return undefined
  const url = new URL(back, location.href)
  return url.origin === location.origin ? url.href : undefined
}
