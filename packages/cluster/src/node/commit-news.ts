/**
 * The news of a commit: an AppendEntries without entries, which asks for no answer. Where writes follow one another the next entries carry
 * it as well, so it is kept back for a moment; each message less is work less for two threads and two network stacks, which the next write waits for.
 *
 * It may be lost without harm, as any message. Nothing that a client waits for waits for it: see `tell`.
 */
import { type AppendEntries, type Message, type NodeId, noAnswerWanted } from '@flotilla/core'
import { Alarm } from '../time/alarm.ts'
import type { Clock } from '../time/clock.ts'

/** As long as it takes a page to hear of its commit and to write again. */
const KEEP_BACK_MS = 4

export class CommitNews {
  readonly #send: (message: Message) => void
  readonly #clock: Clock
  readonly #alarm: Alarm
  /** By follower: the last of it. */
  readonly #kept = new Map<NodeId, AppendEntries>()

  constructor(clock: Clock, send: (message: Message) => void) {
    this.#clock = clock
    this.#send = send
    this.#alarm = new Alarm(clock, () => this.#tellAll())
  }

  /** Whether the message is such news, and kept back. Whatever else leaves takes what is kept along, or makes it superfluous. */
  keeps(message: Message): boolean {
    if (message.type === 'AppendEntries' && message.entries.length === 0 && message.round === noAnswerWanted) {
      this.#kept.set(message.to, message)
      this.#alarm.noLaterThan(this.#clock.now() + KEEP_BACK_MS)
      return true
    }
    const news = this.#kept.get(message.to)
    if (news === undefined) return false
    if (says(message, news)) this.#kept.delete(message.to)
    else this.tell(message.to)
    return false
  }

  /** At once: it is about to hear of something that its own log shall show. */
  tell(to: NodeId): void {
    const news = this.#kept.get(to)
    if (news === undefined) return
    this.#kept.delete(to)
    this.#send(news)
  }

  clear(): void {
    this.#alarm.stop()
    this.#kept.clear()
  }

  #tellAll(): void {
    for (const to of [...this.#kept.keys()]) this.tell(to)
  }
}

/** Whether who takes `message` has no need of the news any more. */
function says(message: Message, { term, leaderCommit, prevLogIndex }: AppendEntries): boolean {
  if (message.type !== 'AppendEntries' || message.term < term || message.leaderCommit < leaderCommit) return false
  return message.prevLogIndex + message.entries.length >= prevLogIndex
}
