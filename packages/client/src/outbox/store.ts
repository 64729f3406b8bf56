/**
 * Where an outbox is kept: in lines, one for each tab that ever submitted something. A line is one client of the log, with a session
 * of its own, and its commands take effect in its order. A tab holds its line while it lives; that of a tab that is gone is anybody's.
 */

export interface LineState {
  /** The session in which its commands are sent; 0: none yet. */
  readonly session: number
  /** The cluster that has that session; empty without one. */
  readonly cluster: string
  /** The command of number `base + sequence` has this sequence in the session. */
  readonly base: number
  /** Commands up to here may have been sent in the session; those after it have not. */
  readonly boundUpTo: number
  /** What became of the commands up to here is known, and they are gone. */
  readonly doneUpTo: number
}

export const firstLineState: LineState = { session: 0, cluster: '', base: 0, boundUpTo: 0, doneUpTo: 0 }

/** Numbered from 1, without gaps, in each line. */
export interface KeptCommand {
  readonly number: number
  readonly data: Uint8Array
}

/** All of it is done, durably, or nothing. */
export interface LineChange {
  readonly state: LineState
  readonly added: readonly KeptCommand[]
  /** Kept beside the line, until somebody has seen it. */
  readonly lost: readonly LostFromLine[]
}

/** A command that came to nothing, or of which nobody can say whether it did. */
export interface LostFromLine extends KeptCommand {
  /** What the machine refused it with, as the log has it; `undefined`: it may have taken effect. */
  readonly outcome?: Uint8Array | undefined
}

/** A line that this tab holds. */
export interface HeldLine {
  readonly id: string
  /** As it was found. */
  readonly state: LineState
  /** Those after `doneUpTo`, in their order. */
  readonly commands: readonly KeptCommand[]
  /** One at a time. Forgets all commands up to `state.doneUpTo`. Rejects with a StorageError, and may be tried again. */
  write(change: LineChange): Promise<void>
  /** Others may have it. Not while a write is under way. */
  release(): void
}

export interface LostCommand extends LostFromLine {
  readonly line: string
}

export interface OutboxStore {
  /** A line that nobody holds, the one that was used last if there are several, or a new one. Rejects with a StorageError. */
  take(): Promise<HeldLine>
  /** A line that nobody holds and that has commands, the one that was not used for longest, if there is one. */
  takeOrphan(): Promise<HeldLine | undefined>
  /** All that were lost and nobody has seen, of all lines. */
  lost(): Promise<readonly LostCommand[]>
  /** Somebody has. */
  forget(lost: Pick<LostCommand, 'line' | 'number'>): Promise<void>
}
