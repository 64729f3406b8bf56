/**
 * The signalling server: takes WebSocket connections from the HTTP servers it is given, and carries texts between those
 * who are in one room. It holds no secret, keeps nothing, and knows nobody.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Server as SecureServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { defaultLimits, type Limits } from './limits.ts'
import { boundedLog, jsonLog, type Log } from './log.ts'
import { type AllowedOrigins, isAllowedOrigin, toldOrigin } from './origin.ts'
import { Rooms } from './rooms.ts'
import { Visitor } from './visitor.ts'

export interface SignalingServerOptions {
  /** Default: `/signaling`. */
  readonly path?: string
  /** Upgrade requests for other paths are left to others of the same HTTP server (`leave`, the default), or answered with 404. */
  readonly otherPaths?: 'leave' | 'refuse'
  /** Which pages may connect. Default: those of the same host. */
  readonly origins?: AllowedOrigins
  readonly limits?: Partial<Limits>
  /** How many proxies of ours stand before it, each adding an address to X-Forwarded-For. Default: 0. */
  readonly proxies?: number
  readonly log?: Log
}

export interface Health {
  readonly status: 'ok' | 'closing'
  readonly rooms: number
  readonly sockets: number
  readonly uptimeSeconds: number
}

export interface SignalingServer {
  /** Answers upgrade requests on this server. */
  attach(server: Server | SecureServer): void
  health(): Health
  /** Answers a request for `/health`; says whether it was one. */
  answerHealth(request: IncomingMessage, response: ServerResponse): boolean
  /** Lets nobody in any more, says goodbye to everyone, and resolves when all have gone; who lingers is cut off. */
  close(): Promise<void>
}

interface Refusal {
  /** For the visitor. */
  readonly status: string
  /** For the log. */
  readonly told: { readonly why: string; readonly origin?: string }
}

const LINGER_MS = 2_000
const LOG_LINES_PER_SECOND = 20

export function signalingServer(options: SignalingServerOptions = {}): SignalingServer {
  const { path = '/signaling', otherPaths = 'leave', origins = 'same', proxies = 0 } = options
  const limits = { ...defaultLimits, ...options.limits }
  const log = boundedLog(options.log ?? jsonLog, LOG_LINES_PER_SECOND)
  const rooms = new Rooms(limits)
  const perAddress = new Map<string, number>()
  const visitors = new Map<WebSocket, Visitor>()
  const begunAt = performance.now()
  let closing: Promise<void> | undefined
  const socketServer = new WebSocketServer({
    noServer: true,
    maxPayload: limits.maxFrameBytes,
    maxFragments: limits.maxPieces,
    // It makes a server's memory many times larger, for texts that are sealed and do not compress.
    perMessageDeflate: false,
  })
  // Whoever was late is the server, where it had no turn for so long: an answer may lie here that it has not read yet.
  const pings = setInterval(() => setImmediate(() => setImmediate(pingAll)), limits.pingEveryMs)
  pings.unref()

  return { attach, health, answerHealth, close }

  function pingAll(): void {
    if (closing === undefined) for (const visitor of visitors.values()) visitor.ping()
  }

  function attach(server: Server | SecureServer): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (pathOf(request) !== path && otherPaths === 'leave') return
      const address = addressOf(request, proxies)
      const refusal = reasonToRefuse(request, address)
      if (refusal !== undefined) {
        log({ event: 'refused', address, ...refusal.told })
        socket.on('error', () => {})
        return void socket.end(`HTTP/1.1 ${refusal.status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
      }
      socketServer.handleUpgrade(request, socket, head, webSocket => welcome(webSocket, address))
    })
  }

  function reasonToRefuse(request: IncomingMessage, address: string): Refusal | undefined {
    const { origin, host } = request.headers
    if (pathOf(request) !== path) return { status: '404 Not Found', told: { why: 'path' } }
    if (closing !== undefined) return { status: '503 Service Unavailable', told: { why: 'closing' } }
    if (!isAllowedOrigin(origins, origin, host)) {
      const said = origin === undefined ? {} : { origin: toldOrigin(origin) }
      return { status: '403 Forbidden', told: { why: 'origin', ...said } }
    }
    if (visitors.size >= limits.maxSockets) {
      return { status: '503 Service Unavailable', told: { why: 'too many sockets' } }
    }
    if ((perAddress.get(address) ?? 0) >= limits.maxSocketsPerAddress) {
      return { status: '429 Too Many Requests', told: { why: 'too many sockets of one address' } }
    }
    return undefined
  }

  function welcome(webSocket: WebSocket, address: string): void {
    perAddress.set(address, (perAddress.get(address) ?? 0) + 1)
    const sentAway = (why: string): void => log({ event: 'sentAway', address, why })
    visitors.set(webSocket, new Visitor(webSocket, { limits, rooms, nowMs: () => performance.now(), sentAway }))
    webSocket.on('close', () => {
      visitors.delete(webSocket)
      const left = (perAddress.get(address) ?? 1) - 1
      if (left === 0) perAddress.delete(address)
      else perAddress.set(address, left)
    })
  }

  function health(): Health {
    return {
      status: closing === undefined ? 'ok' : 'closing',
      rooms: rooms.size,
      sockets: visitors.size,
      uptimeSeconds: Math.round((performance.now() - begunAt) / 1_000),
    }
  }

  function answerHealth(request: IncomingMessage, response: ServerResponse): boolean {
    if (pathOf(request) !== '/health') return false
    const status = closing === undefined ? 200 : 503
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(`${JSON.stringify(health())}\n`)
    return true
  }

  function close(): Promise<void> {
    closing ??= goodbye()
    return closing
  }

  async function goodbye(): Promise<void> {
    log({ event: 'closing', sockets: visitors.size })
    clearInterval(pings)
    const gone = [...visitors.keys()].map(webSocket => new Promise(resolve => webSocket.once('close', resolve)))
    for (const webSocket of visitors.keys()) webSocket.close(1001, 'the server is going')
    const impatience = setTimeout(() => {
      for (const webSocket of visitors.keys()) webSocket.terminate()
    }, LINGER_MS)
    await Promise.all(gone)
    clearTimeout(impatience)
    log({ event: 'closed' })
  }
}

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0] ?? ''

/**
 * Where the visitor is: behind proxies of ours the address that the outermost of them saw. What stands before it in
 * X-Forwarded-For is what the visitor says of itself.
 */
function addressOf(request: IncomingMessage, proxies: number): string {
  const forwarded = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map(address => address.trim())
  const seen = proxies > 0 ? forwarded.at(-proxies) : undefined
  return seen || (request.socket.remoteAddress ?? 'unknown')
}
