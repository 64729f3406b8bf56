/**
 * This node's own client: every command it proposes takes effect exactly once, however often it has to be sent
 * (dissertation §6.3). It keeps one session, numbers the commands, and says with each which answers it no longer needs.
 */
import { Alarm } from './alarm.ts'
import { ClusterError } from './api.ts'
import type { Clock } from './clock.ts'
import type { FinalAnswer, RequestProgress, Requests } from './requests.ts'
import { type RememberedAnswer, SESSION_WINDOW } from './sessions.ts'
import { encodeEnvelope } from './wire/command.ts'
import type { ProposeAnswer } from './wire/frame.ts'

/** Commands that wait here for a leader, a session or an answer; one more is refused as `Overloaded`. */
export const MAX_PENDING_COMMANDS = 10_000

interface Pending {
  readonly command: Uint8Array
  readonly deadline: number
  readonly resolve: (answer: RememberedAnswer) => void
  readonly reject: (error: ClusterError) => void
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

  constructor(clock: Clock, requests: Requests) {
    this.clock = clock
    this.requests = requests
    this.alarm = new Alarm(clock, () => this.giveUpDue())
  }

  /** Rejects with `Overloaded`, `Timeout` or `SessionExpired`, or with what `stop` is given. */
  propose(command: Uint8Array, timeoutMs: number): Promise<RememberedAnswer> {
    if (this.queue.length + this.outstanding.size >= MAX_PENDING_COMMANDS) {
      const message = `${MAX_PENDING_COMMANDS} commands are waiting already`
      return Promise.reject(new ClusterError('Overloaded', message))
    }
    return new Promise((resolve, reject) => {
      const deadline = this.clock.now() + timeoutMs
      this.queue.push({ command, deadline, resolve, reject, session: 0, sequence: 0, request: 0 })
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

  stop(error: ClusterError): void {
    const waiting = [...this.outstanding.values(), ...this.queue]
    this.outstanding.clear()
    this.queue = []
    this.alarm.stop()
    for (const { reject } of waiting) reject(error)
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
    if (answer.kind === 'applied') pending.resolve(answer)
    else this.expired(pending, progress?.copies ?? 0)
    this.pump()
  }

  /**
   * Our session is gone. Where only one copy was ever sent, and that copy found no session, the command has had no effect:
   * a new session may have it. Otherwise an earlier copy may have been applied, and only the user can decide.
   */
  private expired(pending: Pending, copies: number): void {
    if (this.session === pending.session) this.session = undefined
    if (copies === 1) this.queue.push(pending)
    else
      pending.reject(new ClusterError('SessionExpired', 'the session ended; the command may have been applied before'))
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
      pending.reject(timedOut(progress))
    }
    const late = this.queue.filter(isDue)
    if (late.length > 0) this.queue = this.queue.filter(({ deadline }) => deadline > now)
    for (const pending of late) pending.reject(timedOut(undefined))
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
    if (progress?.overloaded === true) return new ClusterError('Overloaded', 'the leader had no room for the command')
    return new ClusterError('Timeout', 'no leader could be reached in time; the command was not sent')
  }
  return new ClusterError('Timeout', 'no answer in time; the command may still commit')
}
