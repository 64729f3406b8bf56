/**
 * At a node: serves the clients that are no nodes and come over its transport. Whoever has proven itself there has the room's key, and may do
 * what a member could ask for: propose, read, watch, hand leadership over. Where the room asks before it lets somebody in, it is told nothing.
 */
import type { Clock, Cluster, ClusterStatus, ClientWay as Way } from '@flotilla/cluster'
import type { NodeStatus } from '../message.ts'
import { type Followed, type ServedNode, type ServingTerms, serve } from '../serve.ts'
import { decodeWayFrame, encodeWayFrame, type WayFrame } from './way-frame.ts'
import { WayPort } from './way-port.ts'

export type ClientsNode = Omit<ServedNode, 'status'> &
  Pick<Cluster<never, never>, 'serveClients'> & { status(): NodeStatus & Pick<ClusterStatus, 'admission'> }

/** Waits here for a client that takes nothing; then it begins anew, with what it still wants. */
const MAX_WAITING_BYTES = 16 << 20
const MAX_BAD_FRAMES = 20
/** How often a client may begin anew at once, and after so long once more. Milliseconds. */
const MAX_BEGINNINGS = 20
const BEGIN_AGAIN_MS = 1_000

/** @param machine the node's own; `undefined` where it carries the room without understanding it */
export function serveClients(node: ClientsNode, machine: Followed | undefined, clock: Clock): () => void {
  const clients = new Set<RemoteClient>()
  const stop = node.serveClients(way => {
    const client: RemoteClient = new RemoteClient(node, machine, clock, way, () => clients.delete(client))
    clients.add(client)
  })
  return () => {
    stop()
    for (const client of [...clients]) client.end()
  }
}

class RemoteClient {
  private readonly node: ClientsNode
  private readonly machine: Followed | undefined
  private readonly clock: Clock
  private readonly way: Way
  private readonly gone: () => void
  private served: { readonly number: number; readonly port: WayPort; readonly stop: () => void } | undefined = undefined
  private badFrames = 0
  private beginnings = MAX_BEGINNINGS
  private beginningsAt: number

  constructor(node: ClientsNode, machine: Followed | undefined, clock: Clock, way: Way, gone: () => void) {
    this.node = node
    this.machine = machine
    this.clock = clock
    this.way = way
    this.gone = gone
    this.beginningsAt = clock.now()
    way.open({ onFrame: bytes => this.receive(bytes), onDown: () => this.end() })
    this.send({ kind: 'open' })
  }

  end(): void {
    this.badFrames = MAX_BAD_FRAMES
    this.served?.stop()
    this.served = undefined
    this.gone()
  }

  private receive(bytes: Uint8Array): void {
    if (this.badFrames >= MAX_BAD_FRAMES) return
    const decoded = decodeWayFrame(bytes)
    if (!decoded.ok) return this.bad()
    const frame = decoded.value
    switch (frame.kind) {
      case 'begin':
        return this.begin(frame.port)
      case 'part':
      case 'taken':
      case 'end':
        // Of a port before, it is late.
        if (frame.port === this.served?.number) this.served.port.receive(frame)
        return
      case 'ping':
        return this.send({ kind: 'pong', nonce: frame.nonce })
      case 'open':
      case 'pong':
        return this.bad()
      default:
        frame satisfies never
    }
  }

  private begin(number: number): void {
    if (!this.mayBegin()) return this.bad()
    this.served?.stop()
    const port = new WayPort({
      port: number,
      send: frame => this.send(frame),
      maxWaitingBytes: MAX_WAITING_BYTES,
      onEnd: () => {
        if (this.served?.number !== number) return
        this.served.stop()
        this.served = undefined
      },
    })
    const terms: ServingTerms = {
      clock: this.clock,
      refusal: () => (this.node.status().admission === 'asked' ? 'closed' : undefined),
      mayControl: ({ kind }) => kind === 'transferLeadership',
    }
    this.served = { number, port, stop: serve(this.node, this.machine, port, terms) }
  }

  private mayBegin(): boolean {
    const now = this.clock.now()
    const more = Math.floor((now - this.beginningsAt) / BEGIN_AGAIN_MS)
    this.beginnings = Math.min(MAX_BEGINNINGS, this.beginnings + more)
    this.beginningsAt += more * BEGIN_AGAIN_MS
    if (this.beginnings === 0) return false
    this.beginnings -= 1
    return true
  }

  /** One that goes on like that is not listened to any more until its link comes up anew. */
  private bad(): void {
    this.badFrames += 1
    if (this.badFrames >= MAX_BAD_FRAMES) this.served?.stop()
  }

  private send(frame: WayFrame): void {
    this.way.send(encodeWayFrame(frame))
  }
}
