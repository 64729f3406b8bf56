/** A change that this browser has made and the log does not show yet: how far it has come, and who waits for it. */
import type { StateCommand } from './command.ts'

/**
 * How far a change has come. `saved`: on this device's disk, and nobody else is known to have it. `sent`: some other node has it in its
 * log, and no majority is known to; where others put something else in its place it is `saved` again, and is sent anew. The last two are
 * the end.
 */
export type Progress = 'unsaved' | 'saved' | 'sent' | 'committed' | 'rejected'

/** What a call of a mutation gives. Promises that nobody waits for may reject without a sound. */
export interface Change {
  readonly id: string
  readonly machine: string
  /** The mutation that was called, and with what; of an `undo`, what it takes back. */
  readonly what: StateCommand['what']
  readonly progress: Progress
  /** On this device's disk: it survives a reload, and is brought to the others as soon as they can be reached. */
  readonly saved: Promise<void>
  /**
   * Some other node has it in its log, or had it (see `Progress`), or it is committed. Rejects as `committed` does.
   */
  readonly sent: Promise<void>
  /** In the log for good, and not refused: everybody has it or will. Rejects with a ClusterError, `Rejected` with what the mutation threw. */
  readonly committed: Promise<Placed>
  /** As `committed`, and this page's state shows it. */
  readonly applied: Promise<Placed>
}

/** Where in the log. */
export interface Placed {
  readonly index: number
  readonly term: number
}

/** What brings a command to the log. It keeps the order in which it is given them. */
export interface Submission {
  readonly saved: Promise<void>
  readonly committed: Promise<Placed>
  /** Calls back when some other node has it, and with `false` when that is no longer so. Without it a change is not told to be `sent`. */
  readonly onSent?: (listener: (isSent: boolean) => void) => void
}

export class PendingChange implements Change {
  readonly command: StateCommand
  /** By a page that is gone. */
  readonly isLeft: boolean
  progress: Progress = 'unsaved'
  /** Where it is committed, when that is known before this page's state shows it. */
  placed: Placed | undefined = undefined
  readonly saved: Promise<void>
  readonly sent: Promise<void>
  readonly committed: Promise<Placed>
  readonly applied: Promise<Placed>
  private arrive: () => void = () => undefined
  private show: () => void = () => undefined

  constructor(command: StateCommand, { saved, committed }: Submission, isLeft = false) {
    this.command = command
    this.isLeft = isLeft
    this.saved = saved
    this.sent = new Promise((resolve, reject) => {
      this.arrive = resolve
      committed.catch(reject)
    })
    // Whoever waits for both hears that it was sent before it hears that it is committed.
    this.committed = committed.then(placed => {
      this.arrive()
      return placed
    })
    const shown = new Promise<void>(resolve => {
      this.show = resolve
    })
    this.applied = this.committed.then(async placed => {
      await shown
      return placed
    })
    for (const promise of [saved, this.sent, this.committed, this.applied]) promise.catch(() => undefined)
  }

  get id(): string {
    return this.command.id
  }

  get machine(): string {
    return this.command.machine
  }

  get what(): StateCommand['what'] {
    return this.command.what
  }

  /** This page's state shows what became of it. */
  end(progress: 'committed' | 'rejected'): void {
    this.progress = progress
    this.show()
  }

  isSaved(): void {
    if (this.progress === 'unsaved') this.progress = 'saved'
  }

  /** Some other node has it, or none is known to any more. Says whether that is another state of it. */
  isSent(isSent: boolean): boolean {
    if (isSent) this.arrive()
    if (this.progress === 'committed' || this.progress === 'rejected') return false
    const before = this.progress
    this.progress = isSent ? 'sent' : 'saved'
    return this.progress !== before
  }
}
