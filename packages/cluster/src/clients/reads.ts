/**
 * Linearizable reads from any node (dissertation §6.4): ask the core for a read index, wait until this node has applied
 * that far, then run the query. An abandoned attempt has read nothing, so it is simply made again.
 */
import type { ReadOutcome } from '@flotilla/core'
import { ClusterError } from '../api.ts'
import type { Clock } from '../time/clock.ts'
import { NEVER, type Waiter, Waiting } from './waiting.ts'

/** Reads that wait here; one more is refused as `Overloaded`. */
export const MAX_PENDING_READS = 10_000

export interface ReadsHost {
  readonly clock: Clock
  /** Attempts are numbered from here, and never as in an earlier life: its answers may still come. */
  readonly firstId: number
  readonly backOffMs: number
  /** Steps the core's `read`. */
  ask(id: number): void
  lastApplied(): number
}

/** A read that has no answer yet: it has no effect, so that any node may ask anew. */
export type Unanswered = Pending

interface Pending extends Waiter {
  readonly run: () => void
  readonly reject: (error: ClusterError) => void
  /** The attempt under way. */
  attempt: number | undefined
  /** The index to wait for, once it is known. */
  readIndex: number | undefined
}

export class Reads {
  readonly #host: ReadsHost
  readonly #pending: Waiting<Pending>
  readonly #byAttempt = new Map<number, Pending>()
  #nextAttempt: number

  constructor(host: ReadsHost) {
    this.#host = host
    this.#nextAttempt = host.firstId
    this.#pending = new Waiting<Pending>(host.clock, {
      askAgain: pending => this.#ask(pending),
      giveUp: late => {
        for (const pending of late) this.#giveUp(pending)
      },
    })
  }

  /** Rejects with `Overloaded` or `Timeout`, with what `stop` is given, or with what `query` throws. */
  read<T>(query: () => T, timeoutMs: number): Promise<T> {
    if (this.#pending.size >= MAX_PENDING_READS) {
      return Promise.reject(new ClusterError('Overloaded', `${MAX_PENDING_READS} reads are waiting already`))
    }
    return new Promise((resolve, reject) => {
      const deadline = this.#host.clock.now() + timeoutMs
      const run = (): void => {
        try {
          resolve(query())
        } catch (error) {
          reject(error)
        }
      }
      const pending: Pending = { deadline, run, reject, attempt: undefined, retryAt: NEVER, readIndex: undefined }
      this.#pending.add(pending)
      this.#ask(pending)
    })
  }

  answered(outcome: ReadOutcome): void {
    const pending = this.#byAttempt.get(outcome.id)
    if (pending === undefined) return
    this.#byAttempt.delete(outcome.id)
    pending.attempt = undefined
    if (outcome.kind === 'ready') {
      pending.readIndex = outcome.index
      this.#runIfFresh(pending)
    } else this.#pending.askAgainIn(pending, this.#host.backOffMs)
  }

  applied(): void {
    for (const pending of this.#pending) this.#runIfFresh(pending)
  }

  /** A leader is known: whatever was abandoned need not wait any longer. */
  leaderChanged(): void {
    for (const pending of this.#pending) if (pending.retryAt < NEVER) this.#ask(pending)
  }

  /** Whoever was asked is not there any more: whatever has no answer is asked of the one that took its place. */
  attemptAnew(): void {
    for (const pending of this.#pending) if (pending.readIndex === undefined) this.#ask(pending)
  }

  /** All of them, for another node to `take`. */
  giveUpAll(): readonly Unanswered[] {
    const waiting = [...this.#pending]
    this.#pending.stop()
    this.#byAttempt.clear()
    return waiting
  }

  take(waiting: readonly Unanswered[]): void {
    for (const pending of waiting) {
      pending.readIndex = undefined
      this.#pending.add(pending)
      this.#ask(pending)
    }
  }

  stop(error: ClusterError): void {
    const waiting = [...this.#pending]
    this.#pending.stop()
    this.#byAttempt.clear()
    for (const { reject } of waiting) reject(error)
  }

  #ask(pending: Pending): void {
    if (pending.attempt !== undefined) this.#byAttempt.delete(pending.attempt)
    pending.retryAt = NEVER
    pending.attempt = this.#nextAttempt++
    this.#byAttempt.set(pending.attempt, pending)
    this.#host.ask(pending.attempt)
  }

  #runIfFresh(pending: Pending): void {
    if (pending.readIndex === undefined || this.#host.lastApplied() < pending.readIndex) return
    this.#pending.delete(pending)
    pending.run()
  }

  #giveUp({ attempt, reject }: Pending): void {
    if (attempt !== undefined) this.#byAttempt.delete(attempt)
    reject(new ClusterError('Timeout', 'no majority confirmed the read in time'))
  }
}
