/**
 * This node's own client: every command it proposes takes effect exactly once, however often it has to be sent
 * (dissertation §6.3). It keeps one session, numbers the commands, and says with each which answers it no longer needs.
 */
import type { Entry } from '@flotilla/core'
import { ClusterError, type ProposalFate } from '../api.ts'
import type { Clock } from '../time/clock.ts'
import { decodeEnvelope, encodeEnvelope } from '../wire/command.ts'
import type { ProposeAnswer } from '../wire/frame.ts'
import { abandonReason, FateTeller } from './proposal-fate.ts'
import type { FinalAnswer, RequestProgress, Requests } from './requests.ts'
import { type RememberedAnswer, SESSION_WINDOW } from './sessions.ts'
import { NEVER, type Waiter, Waiting } from './waiting.ts'

/** Commands that wait here for a leader, a session or an answer; one more is refused as `Overloaded`. */
export const MAX_PENDING_COMMANDS = 10_000

/** A command of which no leader can have heard: any node of this application may send it. */
export type Unsent = Pending

interface Pending extends Waiter {
  readonly command: Uint8Array
  readonly resolve: (answer: RememberedAnswer) => void
  readonly reject: (error: ClusterError) => void
  readonly fate: FateTeller | undefined
  session: number
  sequence: number
  request: number
}

export class Proposals {
  readonly #clock: Clock
  readonly #requests: Requests
  /** All of them, sent or not. */
  readonly #pending: Waiting<Pending>
  /** Not yet sent, oldest first. */
  readonly #queue = new Set<Pending>()
  /** Sent and not answered, by sequence, ascending. */
  readonly #outstanding = new Map<number, Pending>()
  #session: number | undefined = undefined
  /** The request that opens a session, while there is one. */
  #opening: number | undefined = undefined
  #nextSequence = 1
  /** How many of them somebody wants to know the fate of. */
  #watched = 0

  constructor(clock: Clock, requests: Requests) {
    this.#clock = clock
    this.#requests = requests
    // A proposal that was sent is a request, which asks again by itself.
    this.#pending = new Waiting<Pending>(clock, { askAgain: () => {}, giveUp: late => this.#giveUp(late) })
  }

  /** Rejects with `Overloaded`, `Timeout` or `SessionExpired`, or with what `stop` is given. */
  propose(command: Uint8Array, timeoutMs: number, onFate?: (fate: ProposalFate) => void): Promise<RememberedAnswer> {
    const answer = this.#admit(command, timeoutMs, onFate)
    this.#pump()
    return answer
  }

  /** As `propose`, each of them, and what can be is sent together. */
  proposeAll(
    commands: readonly Uint8Array[],
    timeoutMs: number,
    onFate?: (fate: ProposalFate, place: number) => void,
  ): readonly Promise<RememberedAnswer>[] {
    const answers = commands.map((command, place) =>
      this.#admit(command, timeoutMs, onFate === undefined ? undefined : fate => onFate(fate, place)),
    )
    this.#pump()
    return answers
  }

  /** A command of some session was applied here. If it is one of ours, this is the answer, whoever led. */
  applied(session: number, sequence: number, answer: ProposeAnswer): void {
    if (answer.kind !== 'applied') return
    const pending = this.#outstanding.get(sequence)
    if (pending === undefined || pending.session !== session) return
    this.#requests.cancel(pending.request)
    this.#answered(pending, answer, undefined)
  }

  /** Entries come to stand in this node's log, in place of whatever it had from `replacedFrom` on (0: nothing). */
  appending(entries: readonly Entry[], replacedFrom: number): void {
    if (this.#watched === 0) return
    if (replacedFrom > 0) this.#forgetFrom(replacedFrom)
    for (const entry of entries) {
      const decoded = entry.kind === 'command' ? decodeEnvelope(entry.data) : undefined
      if (decoded?.ok !== true || decoded.value.kind !== 'command') continue
      const pending = this.#outstanding.get(decoded.value.sequence)
      if (pending?.session === decoded.value.session) pending.fate?.appended(entry.index, entry.term)
    }
  }

  /** A snapshot took the log's place: where each of them stands now is not known. */
  restored(): void {
    if (this.#watched > 0) this.#forgetFrom(1)
  }

  committedUpTo(commitIndex: number): void {
    if (this.#watched === 0) return
    for (const { fate } of this.#outstanding.values()) fate?.committedUpTo(commitIndex)
  }

  /** Before the requests are stopped, which know how far each command has come. */
  stop(error: ClusterError): void {
    const waiting = [...this.#pending]
    for (const pending of waiting) this.#abandon(pending, this.#requests.cancel(pending.request))
    this.#outstanding.clear()
    this.#queue.clear()
    this.#pending.stop()
    for (const { reject } of waiting) reject(error)
  }

  /** All that was never sent, for another node to `take`. What may have been is left for `stop`. */
  giveUpUnsent(): readonly Unsent[] {
    const unsent = [...this.#pending].filter(
      pending => this.#queue.has(pending) || this.#requests.progress(pending.request)?.copies === 0,
    )
    for (const pending of unsent) {
      if (!this.#queue.delete(pending)) this.#outstanding.delete(pending.sequence)
      this.#requests.cancel(pending.request)
      this.#pending.delete(pending)
      if (pending.fate !== undefined) this.#watched--
    }
    return unsent
  }

  take(unsent: readonly Unsent[]): void {
    for (const pending of unsent) {
      this.#queue.add(pending)
      this.#pending.add(pending)
      if (pending.fate !== undefined) this.#watched++
    }
    this.#pump()
  }

  #forgetFrom(index: number): void {
    for (const { fate } of this.#outstanding.values()) fate?.forgetFrom(index)
  }

  #admit(
    command: Uint8Array,
    timeoutMs: number,
    onFate: ((fate: ProposalFate) => void) | undefined,
  ): Promise<RememberedAnswer> {
    const fate = onFate === undefined ? undefined : new FateTeller(onFate)
    if (this.#pending.size >= MAX_PENDING_COMMANDS) {
      fate?.abandoned('Overloaded')
      const message = `${MAX_PENDING_COMMANDS} commands are waiting already`
      return Promise.reject(new ClusterError('Overloaded', message))
    }
    return new Promise((resolve, reject) => {
      const deadline = this.#clock.now() + timeoutMs
      const place = { session: 0, sequence: 0, request: 0 }
      const pending: Pending = { command, deadline, retryAt: NEVER, resolve, reject, fate, ...place }
      this.#queue.add(pending)
      this.#pending.add(pending)
      if (fate !== undefined) this.#watched++
    })
  }

  #pump(): void {
    if (this.#queue.size === 0) return
    const session = this.#session
    if (session === undefined) return this.#openSession()
    const sent: Pending[] = []
    for (const pending of this.#queue) {
      if (this.#nextSequence >= this.#firstUnanswered() + SESSION_WINDOW) break
      this.#queue.delete(pending)
      pending.session = session
      pending.sequence = this.#nextSequence++
      this.#outstanding.set(pending.sequence, pending)
      sent.push(pending)
    }
    this.#send(sent)
  }

  #send(sent: readonly Pending[]): void {
    const firstUnanswered = this.#firstUnanswered()
    const requests = this.#requests.startAll(
      sent.map(pending => {
        const { session, sequence, command } = pending
        return {
          data: encodeEnvelope({ kind: 'command', session, sequence, firstUnanswered, command }),
          end: (answer: FinalAnswer, progress: RequestProgress) => this.#answered(pending, answer, progress),
        }
      }),
    )
    sent.forEach((pending, place) => {
      pending.request = requests[place] ?? 0
    })
  }

  #firstUnanswered(): number {
    const [first] = this.#outstanding.keys()
    return first ?? this.#nextSequence
  }

  #openSession(): void {
    if (this.#opening !== undefined) return
    this.#opening = this.#requests.start(encodeEnvelope({ kind: 'open' }), answer => {
      this.#opening = undefined
      // A session has the index of the entry that opened it for its name.
      if (answer.kind === 'applied') this.#session = answer.index
      this.#pump()
    })
  }

  #answered(pending: Pending, answer: FinalAnswer, progress: RequestProgress | undefined): void {
    this.#outstanding.delete(pending.sequence)
    if (answer.kind === 'applied') {
      this.#pending.delete(pending)
      if (pending.fate !== undefined) this.#watched--
      pending.fate?.applied(answer.index, answer.term)
      pending.resolve(answer)
    } else this.#expired(pending, progress?.copies ?? 0)
    this.#pump()
  }

  /**
   * Our session is gone. Where only one copy was ever sent, and that copy found no session, the command has had no effect:
   * a new session may have it. Otherwise an earlier copy may have been applied, and only the user can decide.
   */
  #expired(pending: Pending, copies: number): void {
    if (this.#session === pending.session) this.#session = undefined
    if (copies === 1) {
      this.#queue.add(pending)
      return
    }
    this.#pending.delete(pending)
    this.#abandon(pending, { copies, overloaded: false, superseded: false })
    pending.reject(new ClusterError('SessionExpired', 'the session ended; the command may have been applied before'))
  }

  #abandon({ fate }: Pending, progress: RequestProgress | undefined): void {
    if (fate === undefined) return
    this.#watched--
    fate.abandoned(abandonReason(progress))
  }

  #giveUp(late: readonly Pending[]): void {
    for (const pending of late) {
      if (!this.#queue.delete(pending)) this.#outstanding.delete(pending.sequence)
      const progress = this.#requests.cancel(pending.request)
      this.#abandon(pending, progress)
      pending.reject(timedOut(progress))
    }
    if (this.#queue.size === 0 && this.#opening !== undefined) {
      this.#requests.cancel(this.#opening)
      this.#opening = undefined
    }
    this.#pump()
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
