/**
 * Changes of this browser that came to nothing, or of which nobody can say whether they did: of this page, of the one before it, and of
 * tabs that are gone. Each is there until somebody has seen it; what was saved in the outbox, also across reloads.
 */
import type { Outbox } from '@flotilla/client'
import type { ClusterError } from '@flotilla/cluster'
import { Emitter } from '@flotilla/cluster/clients'
import type { StateCommand } from './command.ts'
import type { Watchable } from './watchable.ts'

export interface Failure {
  readonly id: string
  /** `undefined` for bytes that are no change of this version of the code. */
  readonly change: Pick<StateCommand, 'machine' | 'what'> | undefined
  /**
   * Why. `Rejected`: `thrown` is what the mutation threw, on every node alike. `SessionExpired`: nobody can say whether it took effect.
   * `StorageFailed`, `Overloaded`, `TooLarge`: it was neither saved nor sent.
   */
  readonly error: ClusterError
}

/** Where changes are kept that outlive a page. */
export type Leftovers = Pick<Outbox<StateCommand, unknown>, 'lost' | 'dismiss' | 'on'>

/** Of these the latest; what the outbox has lost is all there. */
const MAX_KEPT = 100

export class Failures implements Watchable<readonly Failure[]> {
  private readonly leftovers: Leftovers | undefined
  private readonly events = new Emitter<{ changed: readonly Failure[] }>()
  private own: readonly Failure[] = []
  private lost: readonly Failure[] = []
  private all: readonly Failure[] = []
  private readonly stops: readonly (() => void)[]

  constructor(leftovers?: Leftovers) {
    this.leftovers = leftovers
    this.stops = leftovers === undefined ? [] : [leftovers.on('changed', () => this.look(leftovers))]
    if (leftovers !== undefined) this.look(leftovers)
  }

  get(): readonly Failure[] {
    return this.all
  }

  subscribe(listener: (failures: readonly Failure[]) => void): () => void {
    const stop = this.events.on('changed', listener)
    listener(this.all)
    return stop
  }

  /** One that was submitted: what the outbox keeps, it tells of, and goes on to. */
  ended(command: StateCommand, error: ClusterError): void {
    const isKept = error.kind === 'SessionExpired' || error.kind === 'Rejected'
    if (!isKept || this.leftovers === undefined) this.add(command, error)
  }

  add({ id, machine, what }: StateCommand, error: ClusterError): void {
    if (error.kind === 'Closed' || what.kind === 'migrate') return
    this.own = [...this.own.filter(each => each.id !== id), { id, change: { machine, what }, error }].slice(-MAX_KEPT)
    this.tell()
  }

  /** Somebody has seen it. Rejects with a StorageError where that cannot be kept; then it is told again. */
  async dismiss({ id }: Failure): Promise<void> {
    if (this.own.some(each => each.id === id)) {
      this.own = this.own.filter(each => each.id !== id)
      return this.tell()
    }
    await this.leftovers?.dismiss(id)
  }

  close(): void {
    for (const stop of this.stops) stop()
  }

  private look(leftovers: Leftovers): void {
    const lost = leftovers.lost().filter(({ command }) => command?.what.kind !== 'migrate')
    if (lost.length === this.lost.length && lost.every(({ id }, i) => id === this.lost[i]?.id)) return
    this.lost = lost.map(
      ({ id, command, error }) => this.lost.find(each => each.id === id) ?? { id, change: command, error },
    )
    this.tell()
  }

  private tell(): void {
    this.all = [...this.lost, ...this.own]
    this.events.emit('changed', this.all)
  }
}
