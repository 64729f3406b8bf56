/**
 * The replicated table of client sessions: what makes a command take effect exactly once (dissertation §6.3).
 *
 * A client numbers its commands; the table remembers each answer until the client says that it has it, and gives it again
 * when the same command comes a second time. The table is part of the replicated state: every node makes the same changes
 * to it in the same order, so everything here is deterministic, and no clock is read.
 */

/** A command's number may be at most this far from the client's first unanswered one: it bounds the answers kept. */
export const SESSION_WINDOW = 1024

/** Opening one more than this ends the session that has not been used for longest. */
export const MAX_SESSIONS = 1024

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
  /** A straggler whose answer the client has, or gave up; or a number that no honest client would choose. Not applied. */
  | { readonly kind: 'stale' }

export class SessionTable {
  /** By session id, the least recently used first. */
  readonly sessions: Map<number, Session>

  constructor(sessions: Map<number, Session> = new Map()) {
    this.sessions = sessions
  }

  /** A session is named by the index of the entry that opened it. Gives the one that had to make room. */
  open(id: number): number | undefined {
    this.sessions.set(id, { firstUnanswered: 1, answers: new Map() })
    if (this.sessions.size <= MAX_SESSIONS) return undefined
    const [oldest] = this.sessions.keys()
    if (oldest !== undefined) this.sessions.delete(oldest)
    return oldest
  }

  /** Looks a command up before it is applied. */
  begin(id: number, sequence: number, firstUnanswered: number): SessionVerdict {
    const session = this.sessions.get(id)
    if (session === undefined) return { kind: 'expired' }
    this.touch(id, session)

    if (firstUnanswered > session.firstUnanswered) {
      session.firstUnanswered = firstUnanswered
      for (const answered of session.answers.keys()) if (answered < firstUnanswered) session.answers.delete(answered)
    }
    const answer = session.answers.get(sequence)
    if (answer !== undefined) return { kind: 'duplicate', answer }
    if (sequence < session.firstUnanswered || sequence >= session.firstUnanswered + SESSION_WINDOW) {
      return { kind: 'stale' }
    }
    return { kind: 'fresh' }
  }

  remember(id: number, sequence: number, answer: RememberedAnswer): void {
    this.sessions.get(id)?.answers.set(sequence, answer)
  }

  expire(ids: readonly number[]): void {
    for (const id of ids) this.sessions.delete(id)
  }

  /** A Map keeps the order of insertion: the last used goes to its end. */
  private touch(id: number, session: Session): void {
    this.sessions.delete(id)
    this.sessions.set(id, session)
  }
}
