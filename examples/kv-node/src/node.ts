/**
 * One process: a node of the room, and an HTTP interface to what the room agrees on.
 *
 *     node.ts --data DIR --create [--port 4001] [--http 8001]     makes the room
 *     node.ts --data DIR --ticket kv@10.0.0.1:4001                joins it, or comes back to it
 *
 * It says in a line of JSON where it listens, and in further lines who leads.
 */
import { createServer, type IncomingMessage } from 'node:http'
import { parseArgs } from 'node:util'
import { ClusterError, createCluster, joinCluster } from '@flotilla/cluster'
import { lmdbStorage } from '@flotilla/edge-node'
import { type Command, KeyValue } from './key-value.ts'
import { tcpTransport } from './tcp-transport.ts'
import { readTicket, writeTicket } from './ticket.ts'

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    create: { type: 'boolean', default: false },
    ticket: { type: 'string' },
    port: { type: 'string', default: '0' },
    http: { type: 'string', default: '0' },
  },
})
if (values.data === undefined || values.create === (values.ticket !== undefined)) {
  console.error('usage: --data DIR, and either --create or --ticket TICKET')
  process.exit(2)
}

/** A busy machine is no fault. */
const PATIENCE_MS = 120_000

const ticket = values.ticket === undefined ? { room: 'kv', addresses: [] } : readTicket(values.ticket)
const book = new Set(ticket.addresses)
const machine = new KeyValue()
const cluster = await (values.create ? createCluster : joinCluster)({
  room: ticket.room,
  storage: lmdbStorage(values.data),
  transport: room => tcpTransport(room, { book, port: Number(values.port) }),
  machine,
  openTimeoutMs: PATIENCE_MS,
})

const server = createServer((request, response) => {
  answer(request).then(
    value => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value)),
    (error: unknown) => {
      const kind = error instanceof ClusterError ? error.kind : 'Error'
      response.writeHead(503, { 'content-type': 'application/json' }).end(JSON.stringify({ error: kind }))
    },
  )
})
server.listen(Number(values.http), '127.0.0.1', () => {
  const address = server.address()
  const http = typeof address === 'object' && address !== null ? address.port : 0
  say({ id: cluster.id, http, ticket: writeTicket({ room: ticket.room, addresses: [...book] }) })
})
cluster.on('leader', ({ leader, term }) => say({ leader: leader ?? null, term }))

async function answer(request: IncomingMessage): Promise<unknown> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  if (url.pathname === '/status') {
    const { id, role, term, leader, members, lastApplied } = cluster.status()
    return { id, role, term, leader, lastApplied, members }
  }
  const key = url.pathname.slice('/keys/'.length)
  if (request.method === 'GET') return (await cluster.read(() => machine.get(key), { timeoutMs: PATIENCE_MS })) ?? null
  const command: Command =
    request.method === 'DELETE' ? { kind: 'delete', key } : { kind: 'put', key, value: await bodyOf(request) }
  // At whichever node it is proposed: it goes to the leader, and takes effect once.
  const { index, result } = await cluster.propose(command, { timeoutMs: PATIENCE_MS })
  return { index, before: result }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts).toString()
}

function say(line: object): void {
  console.log(JSON.stringify(line))
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close()
    void cluster.close().then(() => process.exit())
  })
}
