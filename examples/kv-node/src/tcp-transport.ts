/**
 * A `Transport` on plain TCP, to show how one is written. It passes `transportConformance`, and is for a network whose every
 * machine you trust: nothing proves who is at the other end, and nothing is encrypted.
 *
 * Everybody listens, and calls every address in the book; who meets somebody tells what addresses it knows. Of two nodes the one
 * of the smaller name calls, so that there is one connection for both. A message is its length in four bytes, then itself: the
 * first says who speaks, all others are frames.
 */
import { connect, createServer, type Socket } from 'node:net'
import { type Lane, MAX_FRAME_BYTES, type Transport, TransportError, type TransportHandler } from '@flotilla/cluster'
import { type Hello, readHello, writeHello } from './hello.ts'
import { cutIntoMessages } from './messages.ts'
import { Outbox } from './outbox.ts'

const CALL_AGAIN_MS = 250

export interface TcpTransportOptions {
  /** Where to listen; the system chooses a port unless one is given. */
  readonly host?: string
  readonly port?: number
  /** Addresses (`host:port`) at which somebody may be: some to begin with; those that we hear of are added. */
  readonly book: Set<string>
}

export function tcpTransport(room: string, options: TcpTransportOptions): Transport {
  const { host = '127.0.0.1', port = 0, book } = options
  const links = new Map<string, { readonly socket: Socket; readonly outbox: Outbox; readonly address: string }>()
  const sockets = new Set<Socket>()
  const calling = new Set<string>()
  const server = createServer(socket => greet(socket, false))
  let me: Hello | undefined
  let handler: TransportHandler | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false
  return { open, send, peers: () => [...links.keys()], close }

  async function open(self: string, given: TransportHandler): Promise<void> {
    if (closed) throw new TransportError('Closed', 'this transport was closed')
    await new Promise<void>((resolve, reject) => {
      server.once('error', cause => reject(new TransportError('SignalingFailed', cause.message, { cause })))
      server.listen(port, host, resolve)
    })
    const bound = server.address()
    if (closed || bound === null || typeof bound === 'string')
      throw new TransportError('Closed', 'closed while opening')
    me = { room, id: self, address: `${host}:${bound.port}` }
    book.add(me.address)
    handler = given
    timer = setInterval(callAll, CALL_AGAIN_MS)
    callAll()
  }

  function callAll(): void {
    if (closed) return
    const linked = new Set([...links.values()].map(({ address }) => address))
    for (const address of book) {
      if (address === me?.address || linked.has(address) || calling.has(address)) continue
      calling.add(address)
      const at = address.lastIndexOf(':')
      const socket = connect(Number(address.slice(at + 1)), address.slice(0, at))
      socket.once('close', () => calling.delete(address))
      greet(socket, true)
    }
  }

  function greet(socket: Socket, weCall: boolean): void {
    if (me === undefined || closed) return void socket.destroy()
    const { id } = me
    let peer: string | undefined
    sockets.add(socket.setNoDelay())
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      sockets.delete(socket)
      if (peer !== undefined && links.get(peer)?.socket === socket) lose(peer)
    })
    socket.write(writeHello({ ...me, book: [...book] }))
    cutIntoMessages(socket, MAX_FRAME_BYTES, bytes => {
      if (closed) return
      if (peer !== undefined) return handler?.onFrame(peer, bytes)
      const hello = readHello(bytes)
      for (const address of hello?.book ?? []) book.add(address)
      setImmediate(callAll)
      // The one of the greater name has called only so that the other learns its address, and calls back.
      if (hello?.room !== room || hello.id === id || weCall !== id < hello.id) return void socket.end()
      peer = hello.id
      if (links.has(peer)) lose(peer)
      links.set(peer, { socket, outbox: new Outbox(socket), address: hello.address })
      handler?.onPeer(peer, true)
    })
  }

  function lose(peer: string): void {
    links.get(peer)?.socket.destroy()
    links.delete(peer)
    if (!closed) handler?.onPeer(peer, false)
  }

  function send(to: string, frame: Uint8Array, lane: Lane): void {
    if (frame.byteLength > MAX_FRAME_BYTES) throw new RangeError(`a frame of ${frame.byteLength} bytes is too long`)
    links.get(to)?.outbox.put(frame, lane)
  }

  async function close(): Promise<void> {
    closed = true
    clearInterval(timer)
    links.clear()
    // What was handed to the system still leaves: a goodbye among it.
    for (const socket of sockets) socket.destroySoon()
    await new Promise(resolve => server.close(resolve))
  }
}
