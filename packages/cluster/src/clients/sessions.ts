/**
 * The replicated table of client sessions: what makes a command take effect exactly once (dissertation §6.3).
 *
 * A client numbers its commands; the table remembers each answer until the client says that it has it, and gives it again
 * when the same command comes a second time. The table is part of the replicated state: every node makes the same changes
 * to it in the same order, so everything here is deterministic, and no clock is read.
 */
import { SHORTEST_OUTCOME_BYTES, withoutDetail } from './outcome.ts'

/** A command's number may be at most this far from the client's first unanswered one: it bounds the answers kept. */
export const SESSION_WINDOW = 1024

/** Opening one more than this ends the session that has not been used for longest. A room may be told to keep fewer (`maxSessions`). */
export const MAX_SESSIONS = 1024

/**
 * So many bytes of answers are kept, of all sessions together. Beyond it the sessions that were not used for longest lose theirs, but
 * for whether the machine took each command. It keeps what a snapshot holds besides the machine's own far below what one may hold.
 */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024

/** What the first time gave: where, and the machine's answer as bytes. */
export interface RememberedAnswer {
  readonly index: number
  readonly term: number
  readonly result: Uint8Array
}

export interface Session {
  /** The client has every answer below this, and never asks for them again. */
  firstUnanswered: number
  readonly answers: Map<number, RememberedAnswer>
}

export type SessionVerdict =
  /** Not seen before: apply it, and `remember` the answer. */
  | { readonly kind: 'fresh' }
  | { readonly kind: 'duplicate'; readonly answer: RememberedAnswer }
  | { readonly kind: 'expired' }
  /** One that is to take effect before it has not: later it may. */
  | { readonly kind: 'early' }
  /** A straggler whose answer the client has, or gave up; or a number that no honest client would choose. Not applied. */
  | { readonly kind: 'stale' }

export class SessionTable {
  /** By session id, the least recently used first. */
  readonly sessions: ReadonlyMap<number, Session>
  readonly #table: Map<number, Session>
  readonly #maxAnswerBytes: number
  readonly #maxSessions: number
  #answerBytes = 0
  /** The last of the table, which most commands are of. */
  #lastUsed: number | undefined

  constructor(
    sessions: Map<number, Session> = new Map(),
    maxAnswerBytes: number = MAX_ANSWER_BYTES,
    maxSessions: number = MAX_SESSIONS,
  ) {
    this.sessions = sessions
    this.#table = sessions
    this.#maxAnswerBytes = maxAnswerBytes
    this.#maxSessions = maxSessions
    for (const [id, session] of sessions) {
      this.#answerBytes += bytesOf(session)
      this.#lastUsed = id
    }
  }

  /** A session is named by the index of the entry that opened it. Gives the one that had to make room. */
  open(id: number): number | undefined {
    this.#table.set(id, { firstUnanswered: 1, answers: new Map() })
    this.#lastUsed = id
    if (this.#table.size <= this.#maxSessions) return undefined
    const [oldest] = this.#table.keys()
    if (oldest !== undefined) this.#end(oldest)
    return oldest
  }

  /** Looks a command up before it is applied. `inOrder`: not before the one of the sequence before it. */
  begin(id: number, sequence: number, firstUnanswered: number, inOrder = false): SessionVerdict {
    const session = this.#table.get(id)
    if (session === undefined) return { kind: 'expired' }
    this.#touch(id, session)

    if (firstUnanswered > session.firstUnanswered) {
      session.firstUnanswered = firstUnanswered
      for (const [answered, { result }] of session.answers) {
        if (answered >= firstUnanswered) continue
        session.answers.delete(answered)
        this.#answerBytes -= detailBytes(result)
      }
    }
    const answer = session.answers.get(sequence)
    if (answer !== undefined) return { kind: 'duplicate', answer }
    if (sequence < session.firstUnanswered || sequence >= session.firstUnanswered + SESSION_WINDOW) {
      return { kind: 'stale' }
    }
    // Below the first unanswered one all have been applied.
    if (inOrder && sequence > session.firstUnanswered && !session.answers.has(sequence - 1)) return { kind: 'early' }
    return { kind: 'fresh' }
  }

  remember(id: number, sequence: number, answer: RememberedAnswer): void {
    const session = this.#table.get(id)
    if (session === undefined) return
    session.answers.set(sequence, answer)
    this.#answerBytes += detailBytes(answer.result)
    if (this.#answerBytes > this.#maxAnswerBytes) this.#forgetDetails()
  }

  expire(ids: readonly number[]): void {
    for (const id of ids) this.#end(id)
  }

  #end(id: number): void {
    const session = this.#table.get(id)
    if (session === undefined) return
    this.#answerBytes -= bytesOf(session)
    this.#table.delete(id)
  }

  /**
   * That a command was applied is remembered for as long as its session, else it could be applied again. What it gave need not be.
   * Half of it goes at once, so that it is not looked for at every command.
   */
  #forgetDetails(): void {
    const enough = this.#maxAnswerBytes / 2
    for (const { answers } of this.#table.values()) {
      for (const [sequence, answer] of answers) {
        if (this.#answerBytes <= enough) return
        const bytes = detailBytes(answer.result)
        if (bytes === 0) continue
        answers.set(sequence, { ...answer, result: withoutDetail(answer.result) })
        this.#answerBytes -= bytes
      }
    }
  }

  /** A Map keeps the order of insertion: the last used goes to its end. */
  #touch(id: number, session: Session): void {
    if (id === this.#lastUsed) return
    this.#lastUsed = id
    this.#table.delete(id)
    this.#table.set(id, session)
  }
}

function bytesOf({ answers }: Session): number {
  let bytes = 0
  for (const { result } of answers.values()) bytes += detailBytes(result)
  return bytes
}

function detailBytes(result: Uint8Array): number {
  return result.byteLength > SHORTEST_OUTCOME_BYTES ? result.byteLength : 0
}
