/**
 * A copy of the node's state machine, in the page: the same code, given the same commands in the same order. It asks for what
 * comes next whenever it has what came before, so that it is never given more than it can take.
 */
import { ClusterError, type StateMachine } from '@flotilla/cluster'
import { disown } from '@flotilla/cluster/clients'
import type { ClientMessage, FollowedEntry, NodeMessage } from './message.ts'
import { joined } from './remote/joined.ts'

interface Arriving {
  readonly index: number
  readonly totalBytes: number
  readonly parts: Uint8Array[]
  bytes: number
}

export class Mirror<Command, Result> {
  /** Everything up to here has been applied. */
  upTo = 0
  private readonly machine: StateMachine<Command, Result>
  private readonly ask: (message: ClientMessage) => void
  private readonly failed: (error: ClusterError) => void
  private arriving: Arriving | undefined = undefined

  constructor(
    machine: StateMachine<Command, Result>,
    ask: (message: ClientMessage) => void,
    failed: (error: ClusterError) => void,
  ) {
    this.machine = machine
    this.ask = ask
    this.failed = failed
  }

  /** From another node, or from the same one by another way. Which snapshot was on its way is that one's business. */
  begin(): void {
    this.arriving = undefined
    this.askOn()
  }

  /** Says whether there is anything new. */
  entries({ upTo, entries }: Extract<NodeMessage, { kind: 'entries' }>): boolean {
    const isNew = upTo > this.upTo
    for (const entry of entries) if (entry.index > this.upTo) this.apply(entry)
    if (isNew) this.upTo = upTo
    this.arriving = undefined
    this.askOn()
    return isNew
  }

  /** Says whether there is anything new: the last chunk brings it all. */
  chunk({ snapshot, totalBytes, offset, data }: Extract<NodeMessage, { kind: 'chunk' }>): boolean {
    if (offset === 0) this.arriving = { index: snapshot, totalBytes, parts: [], bytes: 0 }
    const { arriving } = this
    const fits = arriving?.index === snapshot && arriving.totalBytes === totalBytes && arriving.bytes === offset
    if (arriving === undefined || !fits) {
      this.begin()
      return false
    }
    arriving.parts.push(data.slice())
    arriving.bytes += data.byteLength
    if (arriving.bytes < totalBytes) {
      this.askOn()
      return false
    }
    this.arriving = undefined
    const isNew = snapshot > this.upTo
    if (isNew) {
      if (!this.restore(joined(arriving.parts, totalBytes))) return false
      this.upTo = snapshot
    }
    this.askOn()
    return isNew
  }

  private askOn(): void {
    const { upTo, arriving } = this
    this.ask({ kind: 'follow', upTo, snapshot: arriving?.index ?? 0, offset: arriving?.bytes ?? 0 })
  }

  /** What it throws, it has thrown on every node, after the same changes. */
  private apply({ index, term, command }: FollowedEntry): void {
    this.upTo = index
    try {
      disown(this.machine.apply(this.machine.command.decode(command), { index, term }))
    } catch {
      // The proposer is told by the node.
    }
  }

  private restore(snapshot: Uint8Array): boolean {
    try {
      this.machine.restore(snapshot)
      return true
    } catch (cause) {
      this.failed(new ClusterError('MachineFailed', 'the page’s machine cannot take the node’s snapshot up', { cause }))
      return false
    }
  }
}
