/** At a client: the link to one node of the room, and what is known of that node as one to ask. */
import type { Clock } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import { decodeNodeMessage, isAboutNode } from '../codec.ts'
import type { NodeStatus, WhyRefused } from '../message.ts'
import type { Port } from '../port.ts'
import { decodeWayFrame, encodeWayFrame, type WayFrame } from './way-frame.ts'
import { WayPort } from './way-port.ts'

export interface NodeWayHost {
  readonly clock: Clock
  send(frame: Uint8Array): void
  /** It serves clients, says something else of itself, or refuses what it was asked. */
  news(): void
  /** The port that it was asked by is over. */
  ended(): void
}

export class NodeWay {
  readonly node: NodeId
  /** It has said that it serves clients. */
  isOpen = false
  status: NodeStatus | undefined = undefined
  refusal: WhyRefused | undefined = undefined
  /** It is not asked before. */
  avoidUntil = 0
  heardAt: number
  private readonly host: NodeWayHost
  private port: WayPort | undefined = undefined
  private number = 0

  constructor(node: NodeId, host: NodeWayHost) {
    this.node = node
    this.host = host
    this.heardAt = host.clock.now()
  }

  /** A new port to it, in place of any before. What the node says of itself is noted on the way. */
  begin(): Port {
    const number = ++this.number
    const port = new WayPort({
      port: number,
      send: frame => this.send(frame),
      // It is what our own application wants to say.
      maxWaitingBytes: Number.POSITIVE_INFINITY,
      onEnd: () => {
        if (this.port === port) this.host.ended()
      },
    })
    this.port = port
    this.heardAt = this.host.clock.now()
    this.status = undefined
    this.refusal = undefined
    this.send({ kind: 'begin', port: number })
    return {
      open: onMessage =>
        port.open(message => {
          this.note(message)
          onMessage(message)
        }),
      send: message => port.send(message),
      close: () => port.close(),
    }
  }

  /** It is not asked any more, and another is. */
  leave(): void {
    const { port } = this
    this.port = undefined
    port?.close()
  }

  ask(nonce: number): void {
    this.send({ kind: 'ping', nonce })
  }

  receive(bytes: Uint8Array): void {
    const decoded = decodeWayFrame(bytes)
    if (!decoded.ok) return
    this.heardAt = this.host.clock.now()
    const frame = decoded.value
    switch (frame.kind) {
      case 'open':
        this.isOpen = true
        return this.host.news()
      case 'part':
      case 'taken':
      case 'end':
        if (frame.port === this.number) this.port?.receive(frame)
        return
      case 'begin':
      case 'ping':
      case 'pong':
        return
      default:
        frame satisfies never
    }
  }

  private note(message: Uint8Array): void {
    if (!isAboutNode(message)) return
    const decoded = decodeNodeMessage(message)
    if (!decoded.ok) return
    if (decoded.value.kind === 'status') this.status = decoded.value.status
    if (decoded.value.kind === 'refused') this.refusal = decoded.value.why
    this.host.news()
  }

  private send(frame: WayFrame): void {
    this.host.send(encodeWayFrame(frame))
  }
}
