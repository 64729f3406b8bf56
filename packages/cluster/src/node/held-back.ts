/** What may leave only once the disk has a certain unit: votes, acknowledgements. In the order in which it was said. */
import { type Message, saysAll } from '@flotilla/core'

interface Held {
  readonly token: number
  readonly message: Message
}

export class HeldBack {
  #held: Held[] = []

  get size(): number {
    return this.#held.length
  }

  /**
   * The leader of a node whose disk stands still goes on with its heartbeats, and each answer says all that the ones before it
   * did: of those that wait for the same unit only the last is kept.
   */
  push(token: number, message: Message): void {
    const last = this.#held.at(-1)
    if (last !== undefined && last.token === token && saysAll(message, last.message)) this.#held.pop()
    this.#held.push({ token, message })
  }

  /** What may leave now that everything up to this unit is durable. */
  takeUpTo(durableToken: number): readonly Message[] {
    const due = this.#held.findIndex(({ token }) => token > durableToken)
    const taken = due < 0 ? this.#held : this.#held.slice(0, due)
    if (taken.length > 0) this.#held = due < 0 ? [] : this.#held.slice(due)
    return taken.map(({ message }) => message)
  }

  clear(): void {
    this.#held = []
  }
}
