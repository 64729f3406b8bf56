/**
 * This node's own client: every command it proposes takes effect exactly once, however often it has to be sent
 * (dissertation §6.3). It keeps one session, numbers the commands, and says with each which answers it no longer needs.
 */
import type { Entry } from '@flotilla/core'
import { ClusterError, type ProposalFate } from '../api.ts'
import { Alarm } from '../time/alarm.ts'
import type { Clock } from '../time/clock.ts'
import { decodeEnvelope, encodeEnvelope } from '../wire/command.ts'
import type { ProposeAnswer } from '../wire/frame.ts'
import { abandonReason, FateTeller } from './proposal-fate.ts'
import type { FinalAnswer, RequestProgress, Requests } from './requests.ts'
import { type RememberedAnswer, SESSION_WINDOW } from './sessions.ts'

/** Commands that wait here for a leader, a session or an answer; one more is refused as `Overloaded`. */
export const MAX_PENDING_COMMANDS = 10_000

/** A command of which no leader can have heard: any node of this application may send it. */
export type Unsent = Pending

interface Pending {
  readonly command: Uint8Array
  readonly deadline: number
  readonly resolve: (answer: RememberedAnswer) => void
  readonly reject: (error: ClusterError) => void
  readonly fate: FateTeller | undefined
  session: number
  sequence: number
  request: number
}

export class Proposals {
  private readonly clock: Clock
  private readonly requests: Requests
  private readonly alarm: Alarm
  /** Not yet sent, oldest first. */
  private queue: Pending[] = []
  /** Sent and not answered, by sequence, ascending. */
  private readonly outstanding = new Map<number, Pending>()
  private session: number | undefined = undefined
  /** The request that opens a session, while there is one. */
  private opening: number | undefined = undefined
  private nextSequence = 1
  /** How many of them somebody wants to know the fate of. */
  private watched = 0

  constructor(clock: Clock, requests: Requests) {
    this.clock = clock
    this.requests = requests
    this.alarm = new Alarm(clock, () => this.giveUpDue())
  }

  /** Rejects with `Overloaded`, `Timeout` or `SessionExpired`, or with what `stop` is given. */
  propose(command: Uint8Array, timeoutMs: number, onFate?: (fate: ProposalFate) => void): Promise<RememberedAnswer> {
    const fate = onFate === undefined ? undefined : new FateTeller(onFate)
    if (this.queue.length + this.outstanding.size >= MAX_PENDING_COMMANDS) {
      fate?.abandoned('Overloaded')
      const message = `${MAX_PENDING_COMMANDS} commands are waiting already`
      return Promise.reject(new ClusterError('Overloaded', message))
    }
    return new Promise((resolve, reject) => {
      const deadline = this.clock.now() + timeoutMs
      this.queue.push({ command, deadline, resolve, reject, fate, session: 0, sequence: 0, request: 0 })
      if (fate !== undefined) this.watched++
      this.alarm.noLaterThan(deadline)
      this.pump()
    })
  }

  /** A command of some session was applied here. If it is one of ours, this is the answer, whoever led. */
  applied(session: number, sequence: number, answer: ProposeAnswer): void {
    if (answer.kind !== 'applied') return
    const pending = this.outstanding.get(sequence)
    if (pending === undefined || pending.session !== session) return
    this.requests.cancel(pending.request)
    this.settled(pending, answer, undefined)
  }

  /** Entries come to stand in this node's log, in place of whatever it had from `replacedFrom` on (0: nothing). */
  appending(entries: readonly Entry[], replacedFrom: number): void {
    if (this.watched === 0) return
    if (replacedFrom > 0) for (const { fate } of this.outstanding.values()) fate?.forgetFrom(replacedFrom)
    for (const entry of entries) {
      const decoded = entry.kind === 'command' ? decodeEnvelope(entry.data) : undefined
      if (decoded?.ok !== true || decoded.value.kind !== 'command') continue
      const pending = this.outstanding.get(decoded.value.sequence)
      if (pending?.session === decoded.value.session) pending.fate?.appended(entry.index, entry.term)
    }
  }

  committedUpTo(commitIndex: number): void {
    if (this.watched === 0) return
    for (const { fate } of this.outstanding.values()) fate?.committedUpTo(commitIndex)
  }

  /** Before the requests are stopped, which know how far each command has come. */
  stop(error: ClusterError): void {
    const waiting = [...this.outstanding.values(), ...this.queue]
    for (const pending of this.outstanding.values()) this.abandon(pending, this.requests.cancel(pending.request))
    for (const pending of this.queue) this.abandon(pending, undefined)
    this.outstanding.clear()
    this.queue = []
    this.alarm.stop()
    for (const { reject } of waiting) reject(error)
  }

  /** All that was never sent, for another node to `take`. What may have been is left for `stop`. */
  giveUpUnsent(): readonly Unsent[] {
    const unsent: Pending[] = []
    for (const [sequence, pending] of this.outstanding) {
      if (this.requests.progress(pending.request)?.copies !== 0) continue
      this.requests.cancel(pending.request)
      this.outstanding.delete(sequence)
      unsent.push(pending)
    }
    unsent.push(...this.queue.splice(0))
    this.watched -= unsent.filter(({ fate }) => fate !== undefined).length
    return unsent
  }

  take(unsent: readonly Unsent[]): void {
    for (const pending of unsent) {
      this.queue.push(pending)
      if (pending.fate !== undefined) this.watched++
      this.alarm.noLaterThan(pending.deadline)
    }
    this.pump()
  }

  private pump(): void {
    if (this.queue.length === 0) return
    if (this.session === undefined) return this.openSession()
    let sent = 0
    for (const pending of this.queue) {
      if (this.nextSequence >= this.firstUnanswered() + SESSION_WINDOW) break
      sent++
      this.send(pending, this.session)
    }
    this.queue.splice(0, sent)
  }

  private send(pending: Pending, session: number): void {
    pending.session = session
    pending.sequence = this.nextSequence++
    this.outstanding.set(pending.sequence, pending)
    const { sequence, command } = pending
    const firstUnanswered = this.firstUnanswered()
    pending.request = this.requests.start(
      encodeEnvelope({ kind: 'command', session, sequence, firstUnanswered, command }),
      (answer, progress) => this.settled(pending, answer, progress),
    )
  }

  private firstUnanswered(): number {
    const [first] = this.outstanding.keys()
    return first ?? this.nextSequence
  }

  private openSession(): void {
    if (this.opening !== undefined) return
    this.opening = this.requests.start(encodeEnvelope({ kind: 'open' }), answer => {
      this.opening = undefined
      // A session has the index of the entry that opened it for its name.
      if (answer.kind === 'applied') this.session = answer.index
      this.pump()
    })
  }

  private settled(pending: Pending, answer: FinalAnswer, progress: RequestProgress | undefined): void {
    this.outstanding.delete(pending.sequence)
    if (answer.kind === 'applied') {
      if (pending.fate !== undefined) this.watched--
      pending.fate?.applied(answer.index, answer.term)
      pending.resolve(answer)
    } else this.expired(pending, progress?.copies ?? 0)
    this.pump()
  }

  /**
   * Our session is gone. Where only one copy was ever sent, and that copy found no session, the command has had no effect:
   * a new session may have it. Otherwise an earlier copy may have been applied, and only the user can decide.
   */
  private expired(pending: Pending, copies: number): void {
    if (this.session === pending.session) this.session = undefined
    if (copies === 1) {
      this.queue.push(pending)
      return
    }
    this.abandon(pending, { copies, overloaded: false, superseded: false })
    pending.reject(new ClusterError('SessionExpired', 'the session ended; the command may have been applied before'))
  }

  private abandon({ fate }: Pending, progress: RequestProgress | undefined): void {
    if (fate === undefined) return
    this.watched--
    fate.abandoned(abandonReason(progress))
  }

  private giveUpDue(): void {
    const now = this.clock.now()
    let next = Number.POSITIVE_INFINITY
    const isDue = ({ deadline }: Pending): boolean => {
      if (deadline > now && deadline < next) next = deadline
      return deadline <= now
    }
    for (const pending of this.outstanding.values()) {
      if (!isDue(pending)) continue
      this.outstanding.delete(pending.sequence)
      const progress = this.requests.cancel(pending.request)
      this.abandon(pending, progress)
      pending.reject(timedOut(progress))
    }
    const late = this.queue.filter(isDue)
    if (late.length > 0) this.queue = this.queue.filter(({ deadline }) => deadline > now)
    for (const pending of late) {
      this.abandon(pending, undefined)
      pending.reject(timedOut(undefined))
    }
    if (this.queue.length === 0 && this.opening !== undefined) {
      this.requests.cancel(this.opening)
      this.opening = undefined
    }
    this.alarm.noLaterThan(next)
    this.pump()
  }
}

function timedOut(progress: RequestProgress | undefined): ClusterError {
  if (progress === undefined || progress.copies === 0) {
    if (progress?.superseded === true) {
      return new ClusterError('Timeout', 'a leader took the command and lost it again; it had no effect')
    }
    if (progress?.overloaded === true) return new ClusterError('Overloaded', 'the leader had no room for the command')
    return new ClusterError('Timeout', 'no leader could be reached in time; the command was not sent')
  }
  return new ClusterError('Timeout', 'no answer in time; the command may still commit')
}
