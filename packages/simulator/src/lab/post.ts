/** The messages under way in a run of the Lab: each can be held, hurried, put off, copied or lost. */

import { summarizeMessage } from '@flotilla/cluster'
import type { Message } from '@flotilla/core'
import type { Envelope } from '../world/action.ts'
import type { Letter } from './step.ts'

export class Post {
  private underWay: readonly Letter[] = []
  private readonly envelopes = new Map<string, Envelope>()
  private readonly copies = new Map<number, number>()

  /** The oldest first. A new list whenever it has changed. */
  get letters(): readonly Letter[] {
    return this.underWay
  }

  find(name: string): Letter | undefined {
    return this.underWay.find(letter => letter.name === name)
  }

  envelope(letter: Letter): Envelope | undefined {
    return this.envelopes.get(letter.name)
  }

  put(envelope: Envelope, sentAt: number, arrivesAt: number, sentIn: number): Letter {
    const { message, number } = envelope
    return this.add(`${number}`, envelope, { message, sentAt, arrivesAt, sentIn, number })
  }

  /** The same message once more, a little later. */
  duplicate(letter: Letter, arrivesAt: number): Letter | undefined {
    const envelope = this.envelopes.get(letter.name)
    if (envelope === undefined) return undefined
    const { number } = envelope
    const copies = (this.copies.get(number) ?? 0) + 1
    this.copies.set(number, copies)
    const { sentAt, sentIn } = letter
    const { message } = envelope
    return this.add(`${number}${'abcdefghijklmnopqrstuvwxyz'[copies % 26]}`, envelope, {
      message,
      sentAt,
      arrivesAt,
      sentIn,
      number,
    })
  }

  change(letter: Letter, change: Partial<Pick<Letter, 'arrivesAt' | 'held'>>): Letter {
    const changed = { ...letter, ...change }
    this.underWay = this.underWay.map(each => (each.name === letter.name ? changed : each))
    return changed
  }

  take(letter: Letter): void {
    this.underWay = this.underWay.filter(each => each.name !== letter.name)
  }

  /** After it has been delivered or lost. */
  forget(letter: Letter): void {
    this.envelopes.delete(letter.name)
  }

  private add(
    name: string,
    envelope: Envelope,
    about: Pick<Letter, 'sentAt' | 'arrivesAt' | 'sentIn'> & { readonly message: Message; readonly number: number },
  ): Letter {
    const { message, sentAt, arrivesAt, sentIn, number } = about
    const summary = summarizeMessage(message, number)
    const letter: Letter = {
      name,
      from: message.from,
      to: message.to,
      message,
      summary: name === `${number}` ? summary : { ...summary, id: `${summary.id}${name.slice(-1)}` },
      sentAt,
      arrivesAt,
      sentIn,
      held: false,
    }
    this.underWay = [...this.underWay, letter]
    this.envelopes.set(name, envelope)
    return letter
  }
}
