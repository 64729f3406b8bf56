/** At the leader: answers what other nodes ask it to change. Asked again while it is at it, it goes on, and answers once. */
import type { NodeId } from '@flotilla/core'
import type { Change, ChangeAnswer } from '../wire/change.ts'
import type { ChangeAnswerFrame, ChangeFrame } from '../wire/frame.ts'

/** Wishes for voters may wait for long; more at a time are told to come back. */
const MAX_AT_ONCE = 256

type Make = (change: Change, again: boolean) => Promise<ChangeAnswer>
type Send = (to: NodeId, frame: ChangeAnswerFrame) => void

export class ChangeDesk {
  readonly #atIt = new Set<string>()
  readonly #make: Make
  readonly #send: Send

  constructor(make: Make, send: Send) {
    this.#make = make
    this.#send = send
  }

  async asked(from: NodeId, { request, again, change }: ChangeFrame): Promise<void> {
    const name = `${from} ${request}`
    if (this.#atIt.has(name)) return
    const reply = (answer: ChangeAnswer): void => this.#send(from, { kind: 'changeAnswer', request, answer })
    if (this.#atIt.size >= MAX_AT_ONCE) return reply({ kind: 'later' })
    this.#atIt.add(name)
    const answer = await this.#make(change, again)
    this.#atIt.delete(name)
    reply(answer)
  }
}
