/**
 * Reads the whole state of a room without the application's code: as the bytes of its machine's snapshot. For tools; an application has a
 * `Client`, whose copy is kept up to date.
 */
import { type Clock, ClusterError, type ReadOptions, systemClock } from '@flotilla/cluster'
import { checkedReadOptions, Reads, type Waiter, Waiting } from '@flotilla/cluster/clients'
import { decodeNodeMessage, encodeClientMessage } from '../codec.ts'
import type { ClientMessage, NodeMessage } from '../message.ts'
import type { Port } from '../port.ts'
import { joined } from './joined.ts'

export interface RoomState {
  /** Everything up to this entry is in it. */
  readonly index: number
  readonly bytes: Uint8Array
}

interface Wanted extends Waiter {
  readonly least: number
  readonly resolve: (state: RoomState) => void
  readonly reject: (error: ClusterError) => void
}

interface Arriving {
  readonly index: number
  readonly totalBytes: number
  readonly parts: Uint8Array[]
  bytes: number
}

const ASK_AGAIN_MS = 100

export class StateReader {
  private readonly clock: Clock
  private readonly reads: Reads
  private readonly wanted: Waiting<Wanted>
  private port: Port | undefined = undefined
  /** Up to where the read that was just answered must have seen. */
  private readable = 0
  private over: ClusterError | undefined = undefined
  private arriving: Arriving | undefined = undefined

  constructor(clock: Clock = systemClock()) {
    this.clock = clock
    this.reads = new Reads({
      clock,
      firstId: 1,
      backOffMs: ASK_AGAIN_MS,
      ask: id => this.send({ kind: 'read', id }),
      lastApplied: () => Number.POSITIVE_INFINITY,
    })
    this.wanted = new Waiting<Wanted>(clock, {
      askAgain: () => this.fetch(),
      giveUp: late => {
        for (const { reject } of late) reject(new ClusterError('Timeout', 'no node has sent its state in time'))
      },
    })
  }

  attach(port: Port): void {
    this.port?.close()
    this.port = port
    port.open(message => {
      if (this.port === port) this.receive(message)
    })
    this.send({ kind: 'status' })
    this.reads.attemptAnew()
    if (this.wanted.size > 0) this.fetch()
  }

  /** Rejects with `Timeout` or `Closed`. */
  async read(options: ReadOptions = {}): Promise<RoomState> {
    const { timeoutMs, consistency } = checkedReadOptions(options)
    if (this.over !== undefined) throw this.over
    const deadline = this.clock.now() + timeoutMs
    const least = consistency === 'local' ? 0 : await this.reads.read(() => this.readable, timeoutMs)
    return new Promise((resolve, reject) => {
      this.wanted.add({ least, deadline, retryAt: Number.POSITIVE_INFINITY, resolve, reject })
      // One that is on its way may have begun before what has to be in it.
      this.fetch()
    })
  }

  close(): void {
    const error = new ClusterError('Closed', 'the reader is closed')
    this.over ??= error
    this.port?.close()
    this.port = undefined
    this.reads.stop(error)
    for (const { reject } of this.wanted) reject(error)
    this.wanted.stop()
  }

  private fetch(): void {
    this.arriving = undefined
    this.send({ kind: 'state', snapshot: 0, offset: 0 })
  }

  private receive(bytes: Uint8Array): void {
    const decoded = decodeNodeMessage(bytes)
    if (!decoded.ok) return
    const message = decoded.value
    switch (message.kind) {
      case 'readable':
        this.readable = message.index
        return this.reads.answered(
          message.index > 0
            ? { id: message.id, kind: 'ready', index: message.index }
            : { id: message.id, kind: 'abandoned', reason: 'timeout' },
        )
      case 'status':
        return this.send({ kind: 'status' })
      case 'chunk':
        return this.take(message)
      default:
        // What it has not asked for.
        return
    }
  }

  private take({ snapshot, totalBytes, offset, data }: Extract<NodeMessage, { kind: 'chunk' }>): void {
    if (this.wanted.size === 0) return
    if (offset === 0) this.arriving = { index: snapshot, totalBytes, parts: [], bytes: 0 }
    const { arriving } = this
    const fits = arriving?.index === snapshot && arriving.bytes === offset && arriving.totalBytes === totalBytes
    // A chunk of what was asked for before.
    if (arriving === undefined || !fits) return
    arriving.parts.push(data)
    arriving.bytes += data.byteLength
    if (arriving.bytes < totalBytes) return this.send({ kind: 'state', snapshot, offset: arriving.bytes })
    this.arriving = undefined
    const whole = joined(arriving.parts, totalBytes)
    for (const waiting of [...this.wanted]) {
      if (snapshot < waiting.least) {
        this.wanted.askAgainIn(waiting, ASK_AGAIN_MS)
        continue
      }
      this.wanted.delete(waiting)
      waiting.resolve({ index: snapshot, bytes: whole })
    }
  }

  private send(message: ClientMessage): void {
    this.port?.send(encodeClientMessage(message))
  }
}
