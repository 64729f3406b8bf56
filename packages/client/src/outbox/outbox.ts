/**
 * What this browser has submitted and the log has not confirmed. A command is on this device's disk before its `saved` resolves; it is
 * sent as soon as there is a leader, and kept until somebody knows what became of it, across reloads, crashes, leaders and weeks. What a tab
 * that is gone has left, any other sends.
 */
import {
  type Cancel,
  type Clock,
  ClusterError,
  type Committed,
  type StateMachine,
  systemClock,
} from '@flotilla/cluster'
import { Commands, Emitter, type RememberedAnswer, tell } from '@flotilla/cluster/clients'
import type { Client } from '../client.ts'
import { OutboxLine } from './line.ts'
import type { HeldLine, KeptCommand, LostCommand, OutboxStore } from './store.ts'

/** Commands of this tab that wait in the outbox; one more is refused as `Overloaded`. */
export const MAX_OUTBOX_COMMANDS = 10_000
/** Of all of them together. */
export const MAX_OUTBOX_BYTES = 16 * 1024 * 1024

/** Of commands that the machine refused, so many are kept until somebody has seen them. */
const MAX_REFUSED = 100
/** How often it looks what other tabs have left, lost or seen. */
const LOOK_EVERY_MS = 2_000

export interface Submitted<Result> {
  /**
   * On this device's disk: nothing but the disk's end loses it. Rejects with a ClusterError: `Overloaded` (too much waits already; submit it again
   * when some of that is through), `StorageFailed`, `InvalidCommand`, `TooLarge` or `Closed`; then it is not sent.
   */
  readonly saved: Promise<void>
  /**
   * Calls back when some other node has it in its log, short of a majority, and with `false` when that is no longer so, or no longer
   * known: it is still on this device's disk, and is sent anew. At once if one has it.
   */
  readonly onSent: (listener: (isSent: boolean) => void) => void
  /**
   * In the log, and applied. Rejects as `saved` does, with `Rejected` if the machine refused it, and with `SessionExpired` if nobody can say whether it
   * took effect: in both cases it is among the `lost`. Pending for as long as it takes; a page that is gone is not told.
   */
  readonly committed: Promise<Committed<Result>>
}

/** A command that is on the disk and not confirmed, of this tab or of the one whose line it continues. */
export interface Waiting<Command, Result> {
  readonly command: Command
  /** By a tab that is gone: it goes out before whatever this one has submitted. */
  readonly isLeft: boolean
  /** As those of `submit`. */
  readonly onSent: Submitted<Result>['onSent']
  readonly committed: Promise<Committed<Result>>
}

/** A command that was saved and came to nothing, or of which nobody can say whether it did. */
export interface Lost<Command> {
  /** What `dismiss` takes. */
  readonly id: string
  /** `undefined` for bytes that are no command of this version. */
  readonly command: Command | undefined
  /** `Rejected` by the machine, or `SessionExpired`: its session ended while it was under way, and it may have taken effect. */
  readonly error: ClusterError
}

export interface OutboxEvents<Command, Result = unknown> {
  /** There are more or fewer that wait or are lost. */
  changed: undefined
  /** A tab that is gone has left these, and this one sends them from now on: they are among those that wait. */
  found: readonly Waiting<Command, Result>[]
}

type Waiters<Result> = Map<KeptCommand['number'], Waiter<Result>>

interface Waiter<Result> extends Pick<Submitted<Result>, 'committed' | 'onSent'> {
  readonly sent: (isSent: boolean) => void
  readonly resolve: (committed: Committed<Result>) => void
  readonly reject: (error: unknown) => void
}

export interface OutboxOptions<Command, Result> {
  readonly client: Pick<Client<Command, Result>, 'bring' | 'hasLeader' | 'status' | 'on'>
  readonly machine: Pick<StateMachine<Command, Result>, 'command' | 'result'>
  readonly store: OutboxStore
  readonly clock?: Clock
}

/** Opens what this browser has kept, and begins to send it. Rejects with a StorageError. */
export async function openOutbox<Command, Result>(
  options: OutboxOptions<Command, Result>,
): Promise<Outbox<Command, Result>> {
  const { store } = options
  const [line, lost] = await Promise.all([store.take(), store.lost()])
  return new Outbox(options, line, lost)
}

export class Outbox<Command, Result> {
  readonly #machine: Pick<StateMachine<Command, Result>, 'command' | 'result'>
  readonly #commands: Commands<Command, Result>
  readonly #client: OutboxOptions<Command, Result>['client']
  readonly #store: OutboxStore
  readonly #clock: Clock
  readonly #events = new Emitter<OutboxEvents<Command, Result>>()
  /** This tab's. */
  readonly #own: OutboxLine
  readonly #ownWaiters: Waiters<Result> = new Map()
  /** Of tabs that are gone, each with those who wait. */
  readonly #orphans = new Map<OutboxLine, Waiters<Result>>()
  readonly #off: (() => void)[]
  #lost: readonly LostCommand[]
  #bytes = 0
  #cancelLook: Cancel = () => {}
  #closing: Promise<void> | undefined

  /** @internal */
  constructor(
    { client, machine, store, clock = systemClock() }: OutboxOptions<Command, Result>,
    line: HeldLine,
    lost: readonly LostCommand[],
  ) {
    this.#client = client
    this.#machine = machine
    this.#commands = new Commands(machine)
    this.#store = store
    this.#clock = clock
    this.#lost = lost
    this.#own = this.#lineOf(line, this.#ownWaiters)
    for (const { data } of line.commands) this.#bytes += data.byteLength
    const pump = (): void => this.#pump()
    this.#off = [client.on('status', pump), client.on('reachable', pump)]
    pump()
    this.#lookForOrphans()
  }

  submit(command: Command): Submitted<Result> {
    let settleSaved: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | undefined
    const saved = new Promise<void>((resolve, reject) => {
      settleSaved = { resolve, reject }
    })
    const own = waiter<Result>()
    const refused = (error: unknown): void => {
      const told =
        error instanceof ClusterError
          ? error
          : new ClusterError('StorageFailed', 'the command cannot be saved', { cause: error })
      settleSaved?.reject(told)
      own.reject(told)
    }
    try {
      const data = this.#commands.encode(command)
      this.#checkRoom(data)
      this.#bytes += data.byteLength
      this.#own.submit({
        data,
        saved: number => {
          settleSaved?.resolve()
          if (this.#closing !== undefined) return own.reject(closedError())
          this.#ownWaiters.set(number, own)
          this.#events.emit('changed', undefined)
        },
        refused: error => {
          this.#bytes -= data.byteLength
          refused(error)
        },
      })
    } catch (error) {
      refused(error)
    }
    // Whoever waits for one of them only is not to hear of the other.
    saved.catch(() => {})
    return { saved, onSent: own.onSent, committed: own.committed }
  }

  /**
   * What is on the disk and not confirmed, and this tab sends, in the order in which it does: what tabs that are gone had not got through, and
   * what it has submitted itself.
   */
  waiting(): readonly Waiting<Command, Result>[] {
    return this.#lines().flatMap(([line, waiters]) => this.#waitingIn(line, waiters))
  }

  /** How many commands this tab has on their way, of its own line and of those that it sends for tabs that are gone: also those not yet on the disk. */
  get size(): number {
    return this.#lines().reduce((sum, [{ size }]) => sum + size, 0)
  }

  /**
   * Commands that the machine refused, or of which nobody can say whether they took effect, of all tabs, also of earlier ones, until they are
   * dismissed. Of those that were refused the latest 100.
   */
  lost(): readonly Lost<Command>[] {
    return this.#lost.map(lost => ({ id: idOf(lost), command: this.#decode(lost.data), error: this.#errorOf(lost) }))
  }

  /** Somebody has seen it, and submitted it again or not. */
  async dismiss(id: string): Promise<void> {
    const found = this.#lost.find(each => id === idOf(each))
    if (found === undefined) return
    await this.#store.forget(found)
    this.#lost = this.#lost.filter(each => id !== idOf(each))
    this.#events.emit('changed', undefined)
  }

  on<Name extends keyof OutboxEvents<Command, Result>>(
    name: Name,
    listener: (event: OutboxEvents<Command, Result>[Name]) => void,
  ): () => void {
    return this.#events.on(name, listener)
  }

  /** What waits is kept, and sent by whoever opens the room next. Resolves when all of it is on the disk, or the disk has refused it. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#cancelLook()
    for (const off of this.#off) off()
    const stops: Promise<void>[] = []
    for (const [line, waiters] of this.#lines()) {
      stops.push(line.stop())
      for (const { reject } of waiters.values()) reject(closedError())
      waiters.clear()
    }
    await Promise.all(stops)
  }

  #checkRoom(data: Uint8Array): void {
    if (this.#closing !== undefined) throw new ClusterError('Closed', 'the outbox is closed')
    if (this.#own.size >= MAX_OUTBOX_COMMANDS || this.#bytes + data.byteLength > MAX_OUTBOX_BYTES) {
      throw new ClusterError(
        'Overloaded',
        `${this.#own.size} commands of ${this.#bytes} bytes wait already; submit it again when some of them are through`,
      )
    }
  }

  #waitingIn(line: OutboxLine, waiters: Waiters<Result>): readonly Waiting<Command, Result>[] {
    const waiting: Waiting<Command, Result>[] = []
    for (const { number, data } of line.commands) {
      const command = this.#decode(data)
      const waiter = waiters.get(number)
      if (command === undefined || waiter === undefined) continue
      const { onSent, committed } = waiter
      waiting.push({ command, isLeft: line !== this.#own, onSent, committed })
    }
    return waiting
  }

  /** `waiters`: of nobody yet; everybody who waits for what is on the line will be in there. */
  #lineOf(line: HeldLine, waiters: Waiters<Result>): OutboxLine {
    const isOwn = waiters === this.#ownWaiters
    for (const { number } of line.commands) waiters.set(number, waiter())
    const end = ({ number, data }: KeptCommand): Waiter<Result> => {
      if (isOwn) this.#bytes -= data.byteLength
      const found = waiters.get(number)
      waiters.delete(number)
      return found ?? waiter()
    }
    const over = (): void => {
      this.#events.emit('changed', undefined)
      this.#pump()
    }
    return new OutboxLine(line, {
      clock: this.#clock,
      bring: (entry, told, onReach) => this.#client.bring(entry, told, onReach),
      hasLeader: () => this.#client.hasLeader && this.#isNext(waiters),
      cluster: () => this.#client.status()?.clusterId,
      reached: ({ number }, isElsewhere) => waiters.get(number)?.sent(isElsewhere),
      refusal: answer => (this.#commands.isRejected(answer) ? answer.result.slice() : undefined),
      answered: (command, answer) => {
        this.#settle(end(command), answer)
        over()
      },
      resultLost: command => {
        end(command).reject(new ClusterError('ResultLost', 'the command took effect'))
        over()
      },
      lost: command => {
        const told = { line: line.id, ...command }
        this.#lost = [...this.#lost.filter(each => idOf(each) !== idOf(told)), told]
        if (command.outcome === undefined) end(command).reject(this.#errorOf(told))
        else this.#forgetOldest()
        over()
      },
    })
  }

  /** In the order in which they are sent: what tabs that are gone have left was submitted earlier. */
  #lines(): readonly (readonly [OutboxLine, Waiters<Result>])[] {
    return [...this.#orphans, [this.#own, this.#ownWaiters]]
  }

  #pump(): void {
    for (const [line] of this.#lines()) line.pump()
  }

  /** Nothing waits on the lines before it. */
  #isNext(waiters: Waiters<Result>): boolean {
    return this.#lines().find(([line, each]) => each === waiters || !line.isThrough)?.[1] === waiters
  }

  #settle({ resolve, reject }: Waiter<Result>, answer: RememberedAnswer): void {
    try {
      resolve(this.#commands.committed(answer))
    } catch (error) {
      reject(error)
    }
  }

  #forgetOldest(): void {
    const [oldest] = this.#lost.filter(({ outcome }) => outcome !== undefined).slice(0, -MAX_REFUSED)
    if (oldest === undefined) return
    this.#lost = this.#lost.filter(each => each !== oldest)
    this.#store.forget(oldest).catch(() => {})
  }

  #errorOf({ outcome }: LostCommand): ClusterError {
    try {
      if (outcome !== undefined) this.#commands.committed({ index: 0, term: 0, result: outcome })
    } catch (error) {
      if (error instanceof ClusterError) return error
    }
    return new ClusterError(
      'SessionExpired',
      'the session ended while the command was under way; it may have taken effect',
    )
  }

  #decode(data: Uint8Array): Command | undefined {
    try {
      return this.#machine.command.decode(data.slice())
    } catch {
      return undefined
    }
  }

  /**
   * Whatever lies there when a tab opens is taken and shown. Later a line is taken only where its commands can be sent: the tab that had it
   * may be about to load anew, and to look for what was typed in it.
   */
  #lookForOrphans(): void {
    this.#store
      .takeOrphan()
      .then(line => {
        if (line === undefined) return false
        if (this.#closing !== undefined) {
          line.release()
          return false
        }
        const waiters: Waiters<Result> = new Map()
        const orphan = this.#lineOf(line, waiters)
        this.#orphans.set(orphan, waiters)
        this.#events.emit('found', this.#waitingIn(orphan, waiters))
        this.#events.emit('changed', undefined)
        orphan.pump()
        return true
      })
      .catch(() => false)
      .then(foundOne => {
        if (this.#closing !== undefined) return
        for (const orphan of this.#orphans.keys()) {
          if (!orphan.isEmpty) continue
          this.#orphans.delete(orphan)
          void orphan.stop()
        }
        if (foundOne) this.#lookForOrphans()
        else this.#lookLater()
      })
  }

  #lookLater(): void {
    this.#cancelLook = this.#clock.setTimer(this.#clock.now() + LOOK_EVERY_MS, () => {
      this.#lookForLost()
      if (this.#client.hasLeader) this.#lookForOrphans()
      else this.#lookLater()
    })
  }

  /** Other tabs may have lost some, and somebody may have seen them there. */
  #lookForLost(): void {
    const before = this.#lost
    this.#store.lost().then(
      lost => {
        // What was read may be older than what this tab has done meanwhile.
        if (this.#lost !== before || this.#closing !== undefined) return
        if (String(lost.map(idOf)) === String(before.map(idOf))) return
        this.#lost = lost
        this.#events.emit('changed', undefined)
      },
      () => {},
    )
  }
}

const idOf = ({ line, number }: Pick<LostCommand, 'line' | 'number'>): string => `${number} ${line}`

/** Nobody has to listen to it. */
function waiter<Result>(): Waiter<Result> {
  let settle: Pick<Waiter<Result>, 'resolve' | 'reject'> | undefined
  const committed = new Promise<Committed<Result>>((resolve, reject) => {
    settle = { resolve, reject }
  })
  committed.catch(() => {})
  let isSent = false
  const listeners: ((isSent: boolean) => void)[] = []
  return {
    committed,
    onSent: listener => {
      listeners.push(listener)
      if (isSent) tell(listener, true)
    },
    sent: next => {
      isSent = next
      for (const listener of listeners) tell(listener, next)
    },
    resolve: told => settle?.resolve(told),
    reject: error => settle?.reject(error),
  }
}

const closedError = (): ClusterError =>
  new ClusterError('Closed', 'the outbox is closed; the command is kept, and may still commit')
