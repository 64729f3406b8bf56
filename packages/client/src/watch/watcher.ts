/**
 * A page that only looks: at the node at the other end of a port, and with it at all nodes that tell that one what they do. It
 * proposes nothing and keeps no copy of the state. It fetches at its own pace; what it is too slow for is told from where the nodes
 * stand by then.
 */
import { type Cancel, type Clock, systemClock } from '@flotilla/cluster'
import { decodeNodeMessage, encodeClientMessage } from '../codec.ts'
import type { ClientMessage, NodeStatus, Said, Seen } from '../message.ts'
import type { Port } from '../port.ts'

export interface WatcherOptions {
  readonly clock?: Clock
  readonly seen: (seen: Seen) => void
  readonly status: (status: NodeStatus) => void
  /** What clients say to each other (`Client.say`). */
  readonly said: (said: Said) => void
}

/** How long it lets happen what it then fetches at once. */
const PAUSE_MS = 40
/** Who has not said for ten seconds that it watches is told no more. */
const WATCH_AGAIN_MS = 3_000

export class Watcher {
  private readonly options: WatcherOptions
  private readonly clock: Clock
  private port: Port | undefined = undefined
  private cancelWatch: Cancel = () => {}
  private cancelSee: Cancel = () => {}

  constructor(options: WatcherOptions) {
    this.options = options
    this.clock = options.clock ?? systemClock()
  }

  /** At the node at the other end of this port, in place of any before. */
  attach(port: Port): void {
    this.close()
    this.port = port
    port.open(bytes => {
      if (this.port === port) this.receive(bytes)
    })
    this.send({ kind: 'status' })
    this.send({ kind: 'hear' })
    this.watch(true)
    this.send({ kind: 'see' })
  }

  close(): void {
    this.cancelWatch()
    this.cancelSee()
    this.port?.close()
    this.port = undefined
  }

  private watch(isNew: boolean): void {
    this.send({ kind: 'watch', isNew })
    this.cancelWatch = this.clock.setTimer(this.clock.now() + WATCH_AGAIN_MS, () => this.watch(false))
  }

  private seeLater(): void {
    this.cancelSee()
    this.cancelSee = this.clock.setTimer(this.clock.now() + PAUSE_MS, () => this.send({ kind: 'see' }))
  }

  private receive(bytes: Uint8Array): void {
    const decoded = decodeNodeMessage(bytes)
    if (!decoded.ok) return
    const message = decoded.value
    switch (message.kind) {
      case 'seen':
        this.seeLater()
        for (const seen of message.seen) this.options.seen(seen)
        return
      case 'status':
        this.send({ kind: 'status' })
        return this.options.status(message.status)
      case 'heard':
        this.send({ kind: 'hear' })
        for (const said of message.said) this.options.said(said)
        return
      default:
        // What it has not asked for.
        return
    }
  }

  private send(message: ClientMessage): void {
    this.port?.send(encodeClientMessage(message))
  }
}
