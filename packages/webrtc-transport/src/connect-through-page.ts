/** In a worker: connections that its page makes, over channels that are the worker's own (`handed-over.ts`). */
import type { Connection, ConnectionHandler } from './connection.ts'
import type { Asked, HandOver, Told } from './handed-over.ts'
import type { Fingerprints } from './handshake.ts'
import type { Negotiation } from './signal.ts'
import { VouchedChannel } from './vouched-channel.ts'
import type { Connections } from './webrtc-transport.ts'

/** Every connection that this worker has made. `port`: its page's end is in the hands of `connectForWorker`. */
export function connectThroughPage(port: HandOver): Connections {
  const ask = (asked: Asked): void => port.postMessage(asked)
  const made = new Map<number, HandedConnection>()
  let nextId = 1
  port.onmessage = ({ data }: MessageEvent<Told>) => {
    const connection = made.get(data.id)
    if (connection !== undefined) connection.told(data)
    // Given up while the page was making it.
    else if (data.kind === 'channel') data.channel.close()
  }
  const connections: Connections = ice => (initiator, handler) => {
    const id = nextId++
    const connection = new HandedConnection(id, ask, handler, () => made.delete(id))
    made.set(id, connection)
    ask({ kind: 'connect', id, initiator, ice })
    return connection
  }
  connections.leaveWord = (transport, broadcasts) => ask({ kind: 'lastWords', transport, broadcasts })
  return connections
}

class HandedConnection implements Connection {
  readonly #id: number
  readonly #ask: (asked: Asked) => void
  readonly #handler: ConnectionHandler
  readonly #forget: () => void
  #end: VouchedChannel | undefined
  #over = false

  constructor(id: number, ask: (asked: Asked) => void, handler: ConnectionHandler, forget: () => void) {
    this.#id = id
    this.#ask = ask
    this.#handler = handler
    this.#forget = forget
  }

  told(told: Told): void {
    switch (told.kind) {
      case 'channel':
        this.#end = new VouchedChannel(told.channel, {
          onOpen: () => this.#handler.onOpen(),
          onMessage: message => this.#handler.onMessage(message),
          onWritable: () => this.#handler.onWritable(),
          onClose: () => this.#close(),
        })
        return
      case 'negotiation':
        return this.#handler.onNegotiation(told.negotiation)
      case 'fingerprints':
        return this.#end?.vouch(told.fingerprints)
      case 'obstacle':
        return this.#handler.onObstacle?.(told.obstacle)
      case 'bye':
        return this.#handler.onBye?.()
      case 'closed':
        return this.#close()
      default:
        told satisfies never
    }
  }

  negotiate(negotiation: Negotiation): void {
    if (!this.#over) this.#ask({ kind: 'negotiate', id: this.#id, negotiation })
  }

  send(message: Uint8Array<ArrayBuffer>): void {
    if (this.#end === undefined) throw new Error('a connection takes messages once it is open')
    this.#end.send(message)
  }

  get bufferedBytes(): number {
    return this.#end?.bufferedBytes ?? 0
  }

  get fingerprints(): Fingerprints | undefined {
    return this.#end?.fingerprints
  }

  destroy(): void {
    if (this.#over) return
    this.#over = true
    this.#forget()
    this.#end?.close()
    this.#ask({ kind: 'destroy', id: this.#id })
  }

  #close(): void {
    if (this.#over) return
    this.destroy()
    this.#handler.onClose()
  }
}
