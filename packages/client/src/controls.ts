/** What a client asks its node to do, other than for commands and reads: done once or not at all, so it is never asked again. */
import { type Clock, ClusterError } from '@flotilla/cluster'
import { type Waiter, Waiting } from '@flotilla/cluster/clients'
import type { Control, Refusal } from './message.ts'

const TIMEOUT_MS = 10_000

interface Asked extends Waiter {
  readonly id: number
  readonly control: Control
  readonly resolve: () => void
  readonly reject: (error: ClusterError) => void
}

export class Controls {
  private readonly clock: Clock
  private readonly send: (id: number, control: Control) => void
  private readonly asked = new Map<number, Asked>()
  private readonly waiting: Waiting<Asked>
  private nextId = 1
  private over: ClusterError | undefined = undefined

  constructor(clock: Clock, send: (id: number, control: Control) => void) {
    this.clock = clock
    this.send = send
    this.waiting = new Waiting<Asked>(clock, {
      askAgain: () => {},
      giveUp: late => {
        for (const { id } of late) this.refuse(id, new ClusterError('Timeout', 'the node has not answered in time'))
      },
    })
  }

  ask(control: Control): Promise<void> {
    if (this.over !== undefined) return Promise.reject(this.over)
    return new Promise((resolve, reject) => {
      const id = this.nextId++
      const deadline = this.clock.now() + TIMEOUT_MS
      const asked: Asked = { id, control, deadline, retryAt: Number.POSITIVE_INFINITY, resolve, reject }
      this.asked.set(id, asked)
      this.waiting.add(asked)
      this.send(id, control)
    })
  }

  answered(id: number, refusal: Refusal | undefined): void {
    if (refusal !== undefined) return this.refuse(id, new ClusterError(refusal.kind, refusal.message))
    this.forget(id)?.resolve()
  }

  /** The node belongs to another cluster, as it was asked to; its answer may be on its way. */
  refounded(): void {
    for (const { id, control } of [...this.asked.values()]) {
      if (control.kind === 'forceNewCluster') this.forget(id)?.resolve()
    }
  }

  /** The node that was asked is not there any more. */
  lost(): void {
    for (const id of [...this.asked.keys()]) this.refuse(id, new ClusterError('Timeout', 'the node went away'))
  }

  stop(error: ClusterError): void {
    this.over = error
    for (const id of [...this.asked.keys()]) this.refuse(id, error)
    this.waiting.stop()
  }

  private refuse(id: number, error: ClusterError): void {
    this.forget(id)?.reject(error)
  }

  private forget(id: number): Asked | undefined {
    const asked = this.asked.get(id)
    if (asked === undefined) return undefined
    this.asked.delete(id)
    this.waiting.delete(asked)
    return asked
  }
}
