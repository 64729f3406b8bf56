/**
 * Of the commands that this node brings to a leader for others: whether some other node has them in its log, as far as can be known
 * here. It is no promise: without a majority another leader may put something else in their place, and then they are sent anew.
 */
import type { Entry, FollowerStatus } from '@flotilla/core'
import { decodeEnvelope } from '../wire/command.ts'

interface Watched {
  /** Where it first stands in this node's log; `undefined` while it does not. */
  index: number | undefined
  isElsewhere: boolean
  /** Nobody here tries to bring it any more; whoever asked is told all the same if it is lost from the log. */
  isLeft: boolean
  readonly tell: (isElsewhere: boolean) => void
}

export interface Watch {
  /** Nothing more is told. */
  stop(): void
  /** Whoever asked has to ask again, and will find what is known of it by then. */
  leave(): void
}

export class Reach {
  readonly #watched = new Map<string, Watched>()

  /** `tell` is called whenever it changes, from not. Of anything but a command of a session there is nothing to tell. */
  watch(envelope: Uint8Array, tell: (isElsewhere: boolean) => void): Watch {
    const key = keyOf(envelope)
    if (key === undefined) return { stop: () => {}, leave: () => {} }
    const { index, isElsewhere } = this.#watched.get(key) ?? { index: undefined, isElsewhere: false }
    const watched: Watched = { index, isElsewhere, isLeft: false, tell }
    this.#watched.set(key, watched)
    if (isElsewhere) tell(true)
    const stop = (): void => {
      if (this.#watched.get(key) === watched) this.#watched.delete(key)
    }
    const leave = (): void => {
      watched.isLeft = true
      if (watched.index === undefined) stop()
    }
    return { stop, leave }
  }

  /**
   * Entries come to stand in this node's log, in place of whatever it had from `replacedFrom` on (0: nothing). Those that are not its
   * `own` come from a leader that has them.
   */
  appending(entries: readonly Entry[], replacedFrom: number, isOwn: (entry: Entry) => boolean): void {
    if (this.#watched.size === 0) return
    if (replacedFrom > 0) this.#forgetFrom(replacedFrom)
    for (const entry of entries) {
      const key = entry.kind === 'command' ? keyOf(entry.data) : undefined
      const watched = key === undefined ? undefined : this.#watched.get(key)
      // Of several copies the first is the last to be lost.
      if (watched === undefined || watched.index !== undefined) continue
      watched.index = entry.index
      if (!isOwn(entry)) set(watched, true)
    }
  }

  /** At the leader: how far the others' logs are known to equal its own. */
  acknowledged(followers: readonly FollowerStatus[]): void {
    if (this.#watched.size === 0) return
    const upTo = Math.max(0, ...followers.map(({ matchIndex }) => matchIndex))
    for (const watched of this.#watched.values())
      if (watched.index !== undefined && watched.index <= upTo) set(watched, true)
  }

  /** A command of some session was applied here: there is nothing more to tell of it. */
  applied(session: number, sequence: number): void {
    if (this.#watched.size > 0) this.#watched.delete(numbered(session, sequence))
  }

  /** A snapshot took the log's place, which ended with it. */
  restored(index: number): void {
    this.#forgetFrom(index + 1)
  }

  stop(): void {
    this.#watched.clear()
  }

  #forgetFrom(index: number): void {
    for (const [key, watched] of this.#watched) {
      if (watched.index === undefined || watched.index < index) continue
      watched.index = undefined
      set(watched, false)
      if (watched.isLeft) this.#watched.delete(key)
    }
  }
}

function set(watched: Watched, isElsewhere: boolean): void {
  if (watched.isElsewhere === isElsewhere) return
  watched.isElsewhere = isElsewhere
  watched.tell(isElsewhere)
}

function keyOf(envelope: Uint8Array): string | undefined {
  const decoded = decodeEnvelope(envelope)
  if (!decoded.ok || decoded.value.kind !== 'command') return undefined
  return numbered(decoded.value.session, decoded.value.sequence)
}

const numbered = (session: number, sequence: number): string => `${session} ${sequence}`
