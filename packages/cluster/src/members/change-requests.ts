/**
 * Brings a change that only a leader can make to whoever leads, again and again, until it is told what became of it. The leader
 * may be this very node; then it is the same without the wire. Asking twice is harmless: the second time says that it is one.
 */
import type { NodeId } from '@flotilla/core'
import { ClusterError } from '../api.ts'
import { Alarm } from '../time/alarm.ts'
import type { Clock } from '../time/clock.ts'
import type { Change, ChangeAnswer } from '../wire/change.ts'
import type { ChangeFrame } from '../wire/frame.ts'

export interface ChangeRequestsHost {
  readonly id: NodeId
  readonly clock: Clock
  /** Requests are numbered from here, and never as in an earlier life: its answers may still come. */
  readonly firstId: number
  /** No answer for this long: ask again. */
  readonly retryAfterMs: number
  /** Told to come back later: wait this long. */
  readonly backOffMs: number
  leader(): NodeId | undefined
  reaches(peer: NodeId): boolean
  make(change: Change, again: boolean): Promise<ChangeAnswer>
  send(to: NodeId, frame: ChangeFrame): void
}

interface Pending {
  readonly request: number
  readonly change: Change
  readonly deadline: number
  readonly resolve: () => void
  readonly reject: (error: ClusterError) => void
  retryAt: number
  /** Whom it was last asked of. */
  askedOf: NodeId | undefined
}

export class ChangeRequests {
  readonly #host: ChangeRequestsHost
  readonly #pending = new Map<number, Pending>()
  readonly #alarm: Alarm
  #nextRequest: number

  constructor(host: ChangeRequestsHost) {
    this.#host = host
    this.#nextRequest = host.firstId
    this.#alarm = new Alarm(host.clock, () => this.#ring())
  }

  /** Resolves when the change is committed. Rejects with `Timeout` or as the leader refuses it, or with what `stop` is given. */
  ask(change: Change, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const request = this.#nextRequest++
      const deadline = this.#host.clock.now() + timeoutMs
      const pending: Pending = { request, change, deadline, resolve, reject, retryAt: 0, askedOf: undefined }
      this.#pending.set(request, pending)
      this.#alarm.noLaterThan(deadline)
      this.#attempt(pending)
    })
  }

  answered(from: NodeId, request: number, answer: ChangeAnswer): void {
    const pending = this.#pending.get(request)
    if (pending === undefined || pending.askedOf !== from) return
    switch (answer.kind) {
      case 'done':
        this.#pending.delete(request)
        return pending.resolve()
      case 'refused':
        this.#pending.delete(request)
        return pending.reject(new ClusterError(answer.error, answer.reason))
      case 'notLeader':
      case 'later':
        return this.#retryIn(pending, this.#host.backOffMs)
      default:
        return answer satisfies never
    }
  }

  /** What is so is done, whoever made it so. */
  cameAbout(isSo: (change: Change) => boolean): void {
    for (const { request, change, resolve } of [...this.#pending.values()]) {
      if (!isSo(change)) continue
      this.#pending.delete(request)
      resolve()
    }
  }

  leaderChanged(): void {
    for (const pending of [...this.#pending.values()]) this.#attempt(pending)
  }

  stop(error: ClusterError): void {
    const waiting = [...this.#pending.values()]
    this.#pending.clear()
    this.#alarm.stop()
    for (const { reject } of waiting) reject(error)
  }

  #attempt(pending: Pending): void {
    const host = this.#host
    const { request, change, askedOf } = pending
    const leader = host.leader()
    this.#retryIn(pending, host.retryAfterMs)
    if (leader === undefined) return
    // Somebody else leads than did: that is what was wanted.
    if (change.type === 'transfer' && change.id === undefined && askedOf !== undefined && askedOf !== leader) {
      return this.answered(askedOf, request, { kind: 'done' })
    }
    if (leader !== host.id && !host.reaches(leader)) return
    const again = askedOf !== undefined
    pending.askedOf = leader
    if (leader !== host.id) return host.send(leader, { kind: 'change', request, again, change })
    // Who leads knows for certain: no need to ask again.
    pending.retryAt = Number.POSITIVE_INFINITY
    void host.make(change, again).then(answer => this.answered(leader, request, answer))
  }

  #retryIn(pending: Pending, delayMs: number): void {
    pending.retryAt = this.#host.clock.now() + delayMs
    this.#alarm.noLaterThan(pending.retryAt)
  }

  #ring(): void {
    const now = this.#host.clock.now()
    let next = Number.POSITIVE_INFINITY
    for (const pending of [...this.#pending.values()]) {
      if (pending.deadline <= now) {
        this.#pending.delete(pending.request)
        pending.reject(late(pending))
        continue
      }
      if (pending.retryAt <= now) this.#attempt(pending)
      next = Math.min(next, pending.deadline, pending.retryAt)
    }
    this.#alarm.noLaterThan(next)
  }
}

function late({ change, askedOf }: Pending): ClusterError {
  if (askedOf === undefined) return new ClusterError('Timeout', 'no leader could be reached in time; nobody was asked')
  const when = change.type === 'addVoter' ? ': it votes once it has been heard and has caught up' : ''
  return new ClusterError('Timeout', `the change was not committed in time, and may still be${when}`)
}
