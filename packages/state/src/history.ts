/** What happened to a machine of late, in the order of the log: kept beside its state, the same on every node. */
import type { Change, StateCommand } from './command.ts'
import type { WayBack } from './undo.ts'

/** A change that took effect. */
export interface Happened {
  /** Its entry in the log; `undefined` while it is one of this page's own that is not committed. */
  readonly index: number | undefined
  readonly id: string
  readonly by: string
  /** Milliseconds since 1970, by the clock of whoever called. */
  readonly now: number
  /** Arguments that are long as JSON are not kept: then `args` is `undefined`. */
  readonly what: Change
  /** It was taken back by a later one. */
  readonly isUndone: boolean
}

/** As it is kept. */
export interface Kept extends Happened {
  readonly back: WayBack | undefined
}

/** So many changes of each machine are remembered, the latest. */
export const MAX_HISTORY = 200
/** Of these, so many can be taken back. */
const MAX_UNDOABLE = 100
const MAX_ARGS_CHARACTERS = 2_048

export function remember(
  history: readonly Kept[],
  { id, by, now, what }: StateCommand,
  index: number | undefined,
  back: WayBack | undefined,
): readonly Kept[] {
  const all = [...history, { index, id, by, now, what: short(what), isUndone: false, back }].slice(-MAX_HISTORY)
  const last = all.length - MAX_UNDOABLE - 1
  const oldest = all[last]
  if (oldest?.back !== undefined) all[last] = { ...oldest, back: undefined }
  return all
}

export function undone(history: readonly Kept[], of: string): readonly Kept[] {
  return history.map(kept => (kept.id === of ? { ...kept, isUndone: true, back: undefined } : kept))
}

function short(what: Change): Change {
  if (what.kind !== 'mutate' || what.args === undefined) return what
  return JSON.stringify(what.args).length > MAX_ARGS_CHARACTERS ? { ...what, args: undefined } : what
}
