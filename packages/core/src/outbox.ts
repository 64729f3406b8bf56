/**
 * What the next `drain` hands out, gathered while inputs are stepped.
 *
 * An output has freshly made arrays where there is something, and shared empty ones, never written, where there is not.
 */
import type { ReadOutcome } from './io.ts'
import { type Message, saysAll } from './messages.ts'
import type { TraceEvent } from './trace.ts'

export const noMessages: readonly Message[] = []
export const noReads: readonly ReadOutcome[] = []
export const noTrace: readonly TraceEvent[] = []

export class Outbox {
  private now: Message[] | undefined = undefined
  private whenDurable: Message[] | undefined = undefined
  private reads: ReadOutcome[] | undefined = undefined
  private trace: TraceEvent[] | undefined = undefined

  get isEmpty(): boolean {
    return (
      this.now === undefined && this.whenDurable === undefined && this.reads === undefined && this.trace === undefined
    )
  }

  sendNow(message: Message): void {
    const { now } = this
    if (now === undefined) this.now = [message]
    else if (now.length === 1) this.now = [now[0] ?? message, message]
    else now.push(message)
  }

  /** For every message that promises something which the disk must not forget. What came together is answered once. */
  sendWhenDurable(message: Message): void {
    const { whenDurable } = this
    const last = whenDurable?.[whenDurable.length - 1]
    if (whenDurable === undefined || last === undefined) this.whenDurable = [message]
    else if (saysAll(message, last)) whenDurable[whenDurable.length - 1] = message
    else whenDurable.push(message)
  }

  /** Nothing is being written: what waits for the disk waits for nothing. */
  releaseDurable(): void {
    if (this.whenDurable === undefined) return
    this.now = this.now === undefined ? this.whenDurable : this.now.concat(this.whenDurable)
    this.whenDurable = undefined
  }

  answerRead(read: ReadOutcome): void {
    if (this.reads === undefined) this.reads = [read]
    else this.reads.push(read)
  }

  emit(event: TraceEvent): void {
    if (this.trace === undefined) this.trace = [event]
    else this.trace.push(event)
  }

  takeNow(): readonly Message[] {
    const taken = this.now ?? noMessages
    this.now = undefined
    return taken
  }

  takeWhenDurable(): readonly Message[] {
    const taken = this.whenDurable ?? noMessages
    this.whenDurable = undefined
    return taken
  }

  takeReads(): readonly ReadOutcome[] {
    const taken = this.reads ?? noReads
    this.reads = undefined
    return taken
  }

  takeTrace(): readonly TraceEvent[] {
    const taken = this.trace ?? noTrace
    this.trace = undefined
    return taken
  }
}
