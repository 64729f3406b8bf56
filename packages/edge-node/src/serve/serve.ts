/**
 * An edge node as a service: it says in its log what happens, answers `/health` and `/metrics`, and on SIGTERM or SIGINT hands leadership over,
 * says goodbye and ends.
 */

import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { NodeFailure } from '@flotilla/cluster'
import { type EdgeNode, type EdgeNodeOptions, openEdgeNode } from './edge-node.ts'
import { EdgeNodeError, type EdgeNodeErrorKind } from './edge-node-error.ts'
import { type EdgeLog, jsonEdgeLog } from './log.ts'
import { type Health, healthOf, isWell, metricsOf } from './metrics.ts'

export interface ServeOptions<Command = never, Result = never> extends EdgeNodeOptions<Command, Result> {
  /** Where `/health` and `/metrics` are answered; 0 for any port. Default: nowhere. */
  readonly port?: number
  /** Default: this machine only. */
  readonly host?: string
  readonly log?: EdgeLog
  /** That end it. Default: SIGTERM and SIGINT. */
  readonly signals?: readonly NodeJS.Signals[]
}

export interface EdgeService<Command = never, Result = never> {
  readonly node: EdgeNode<Command, Result>
  /** `http://host:port`, if it listens. */
  readonly address: string | undefined
  health(): Health
  metrics(): string
  /** As a signal does. */
  close(): Promise<void>
  /** The code to exit with, when all is closed: 0 if that was wanted, otherwise `exitCodeOf` what ended it. */
  readonly ended: Promise<number>
}

/**
 * For whoever starts it again: 64 is of no use before it is started in another way, 65 before somebody has looked at the data, and with the others
 * it may be tried again. (The numbers are those of sysexits.h.)
 */
export function exitCodeOf(kind: EdgeNodeErrorKind): number {
  switch (kind) {
    case 'InvalidLink':
    case 'InvalidOptions':
    case 'Unsupported':
      return 64
    case 'DataDamaged':
      return 65
    case 'NoSignaling':
    case 'RoomUnreachable':
      return 69
    case 'DataUnavailable':
      return 74
    case 'DataInUse':
      return 75
    default:
      return kind satisfies never
  }
}

/** WebRTC’s own threads are still taking connections down for a moment after they are closed. Milliseconds. */
const WIND_DOWN_MS = 200

/**
 * Ends the process, once what was written to its output has been taken. Node’s own ending, when nothing is left to do, takes WebRTC’s native
 * part down in an order that now and then crashes it (SIGSEGV), and so, more rarely, does ending at once after a connection was closed.
 */
export async function endProcess(code: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>(taken => stream.write('', () => taken()))
  }
  await new Promise(over => setTimeout(over, WIND_DOWN_MS))
  process.exit(code)
}

/** A carrier's log of so many entries is told of, and at each doubling: it is all in memory. */
const LONG_LOG_ENTRIES = 100_000

/** Rejects with an EdgeNodeError, and leaves nothing open. */
export async function serveEdgeNode<Command = never, Result = never>(
  options: ServeOptions<Command, Result>,
): Promise<EdgeService<Command, Result>> {
  const { port, host = '127.0.0.1', log = jsonEdgeLog, signals = ['SIGTERM', 'SIGINT'] } = options
  const node = await openEdgeNode(options)
  const { cluster } = node
  log({ event: 'open', node: cluster.id, carrier: node.isCarrier })
  let leaderChanges = 0
  const health = (): Health => healthOf(node)
  const metrics = (): string => metricsOf(node, leaderChanges)
  let server: Server | undefined
  let address: string | undefined
  if (port !== undefined) {
    try {
      server = await listen(answerWith(health, metrics), port, host)
    } catch (cause) {
      await node.close()
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new EdgeNodeError('InvalidOptions', `it cannot listen at ${host}:${port}: ${why}`, { cause })
    }
    address = addressOf(server)
    log({ event: 'listening', address })
  }

  let end: (code: number) => void = () => {}
  const ended = new Promise<number>(resolve => {
    end = resolve
  })
  let closing: Promise<void> | undefined
  const stop = (code: number): Promise<void> => {
    closing ??= (async () => {
      for (const [name, listener] of listeners) process.off(name, listener)
      for (const leave of watching) leave()
      server?.close()
      server?.closeAllConnections()
      await node.close()
      log({ event: 'closed' })
      end(code)
    })()
    return closing
  }
  const listeners = signals.map(signal => {
    const listener = (): void => {
      log({ event: 'closing', signal })
      void stop(0)
    }
    process.on(signal, listener)
    return [signal, listener] as const
  })

  let told = ''
  let toldOfKey: string | undefined
  let longLog = LONG_LOG_ENTRIES
  const look = (): void => {
    const { status, reason } = health()
    if (`${status} ${reason}` !== told) log({ event: 'state', state: status, reason })
    told = `${status} ${reason}`
    const otherKey = node.otherKey()
    if (otherKey !== undefined && otherKey !== toldOfKey) log({ event: 'otherKey', reason: otherKey })
    toldOfKey = otherKey
    const { lastIndex, snapshotIndex, state, failure } = cluster.status()
    if (node.isCarrier && lastIndex - snapshotIndex >= longLog) {
      log({ event: 'longLog', entries: lastIndex - snapshotIndex })
      longLog *= 2
    }
    // Between two clusters it stands still for a moment (`forceNewCluster`), which is no end.
    if (state !== 'failed') return
    const isDamaged = failure !== undefined && startingAgainDoesNotHelp.has(failure)
    log({
      event: 'failed',
      kind: failure ?? 'unknown',
      reason: `${failure === 'QuotaExceeded' ? `the disk under ${options.dataDir} is full: make room, and start it again` : 'the node stopped itself'}; nothing that it acknowledged is lost`,
    })
    // Who fenced it drives the node now; whoever starts this one again finds that out.
    void stop(exitCodeOf(isDamaged ? 'DataDamaged' : failure === 'Fenced' ? 'DataInUse' : 'DataUnavailable'))
  }
  const watching = [
    cluster.on('status', look),
    cluster.on('leader', ({ leader, term }) => {
      leaderChanges += 1
      const name = cluster.status().members.find(({ id }) => id === leader)?.name
      log({ event: 'leader', leader: name ?? leader, term, isMe: leader === cluster.id })
    }),
  ]
  look()
  return { node, address, health, metrics, close: () => stop(0), ended }
}

const startingAgainDoesNotHelp: ReadonlySet<NodeFailure> = new Set<NodeFailure>([
  'Corrupt',
  'NewerVersion',
  'InvariantBroken',
  'Diverged',
  'LeftBehind',
])

function answerWith(health: () => Health, metrics: () => string): RequestListener {
  return ({ method, url }, response) => {
    const path = url?.split('?', 1)[0]
    if (method !== 'GET' && method !== 'HEAD') response.writeHead(405, { allow: 'GET, HEAD' }).end()
    else if (path === '/health') {
      const found = health()
      response.writeHead(isWell(found) ? 200 : 503, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      response.end(`${JSON.stringify(found)}\n`)
    } else if (path === '/metrics') {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(metrics())
    } else response.writeHead(404).end()
  }
}

async function listen(listener: RequestListener, port: number, host: string): Promise<Server> {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 10_000 }, listener)
  server.listen(port, host)
  await once(server, 'listening')
  return server
}

function addressOf(server: Server): string {
  const address = server.address()
  if (typeof address !== 'object' || address === null) return ''
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
}
