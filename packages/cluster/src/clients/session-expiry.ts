/**
 * When a session was last used, on this node's own clock. Not replicated: only a leader acts on it, by proposing an entry
 * that expires sessions, and it is that entry which every node obeys (dissertation §6.3).
 */
import type { Session, SessionTable } from './sessions.ts'

/** A session unused for this long is ended. A client that comes back later opens a new one. */
export const SESSION_IDLE_MS = 10 * 60_000

export class SessionExpiry {
  readonly #usedAt = new WeakMap<Session, number>()

  used(session: Session | undefined, now: number): void {
    if (session !== undefined) this.#usedAt.set(session, now)
  }

  /** Those unused for `SESSION_IDLE_MS`. One that this node has never seen used counts as used when it is first asked about. */
  idle(table: SessionTable, now: number): readonly number[] {
    const idle: number[] = []
    for (const [id, session] of table.sessions) {
      const usedAt = this.#usedAt.get(session)
      if (usedAt === undefined) this.#usedAt.set(session, now)
      else if (now - usedAt >= SESSION_IDLE_MS) idle.push(id)
    }
    return idle
  }
}
