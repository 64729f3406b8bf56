/**
 * 17, where sessions end: what the log says of sessions, worked out anew in the simplest way. A session ends when it was unused for long, or when one
 * more is opened than the room remembers and none was left unused for longer. No command takes effect after that, and nobody is told of
 * an end that has not come.
 */
import { decodeEnvelope, type Envelope } from '@flotilla/cluster'
import type { Entry } from '@flotilla/core'

export class SessionEnds {
  /** Whoever was not used for longest is the first. */
  #open: readonly number[] = []
  /** Commands of sessions that had ended, by their places. */
  readonly #late = new Map<number, number>()
  readonly #mostSessions: number
  readonly #report: (detail: string) => void

  constructor(mostSessions: number, report: (detail: string) => void) {
    this.#mostSessions = mostSessions
    this.#report = report
  }

  isOpen(session: number): boolean {
    return this.#open.includes(session)
  }

  /** The next entry of the log. Gives those that ended with it. */
  committed({ index, kind, data }: Entry): readonly number[] {
    const decoded = kind === 'command' ? decodeEnvelope(data) : undefined
    return decoded?.ok === true ? this.#taken(index, decoded.value) : []
  }

  #taken(index: number, envelope: Envelope): readonly number[] {
    switch (envelope.kind) {
      case 'open': {
        const before = [...this.#open, index]
        this.#open = before.slice(-this.#mostSessions)
        return before.slice(0, -this.#mostSessions)
      }
      case 'expire': {
        const ended = this.#open.filter(session => envelope.sessions.includes(session))
        this.#open = this.#open.filter(session => !ended.includes(session))
        return ended
      }
      case 'command': {
        const { session } = envelope
        if (this.isOpen(session)) this.#open = [...this.#open.filter(each => each !== session), session]
        else this.#late.set(index, session)
        return []
      }
      case 'amend':
        return []
      default:
        return envelope satisfies never
    }
  }

  /** Somebody is told that this session has ended. */
  told(session: number): void {
    if (this.isOpen(session)) this.#report(`somebody is told that session ${session} has ended, and it has not`)
  }

  /** A command took effect there. */
  tookEffect(index: number): void {
    const session = this.#late.get(index)
    if (session !== undefined)
      this.#report(`the command at ${index} took effect, and session ${session} had ended before`)
  }
}
