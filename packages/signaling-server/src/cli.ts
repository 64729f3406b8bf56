#!/usr/bin/env node
/**
 * `flotilla-signaling`: the signalling server alone, for pages that are served elsewhere. It speaks plain HTTP: put a
 * proxy before it that has the certificate.
 *
 *     PORT=8787  HOST=127.0.0.1  ORIGINS=https://flotilla.example  PROXIES=1  flotilla-signaling
 */
import { createServer } from 'node:http'
import { jsonLog } from './log.ts'
import { signalingServer } from './signaling-server.ts'

const { PORT = '8787', HOST = '127.0.0.1', ORIGINS = '', PROXIES = '0' } = process.env
const port = Number(PORT)
const proxies = Number(PROXIES)
const origins = ORIGINS.split(',')
  .map(origin => origin.trim())
  .filter(origin => origin !== '')

if (!Number.isInteger(port) || port < 0 || port > 65_535) refuse(`PORT must be a number from 0 to 65535, not ${PORT}`)
if (!Number.isInteger(proxies) || proxies < 0) refuse(`PROXIES must be a whole number, not ${PROXIES}`)
if (origins.length === 0) refuse('ORIGINS must name the pages that may connect, such as https://flotilla.example')

const signaling = signalingServer({ origins: origins.includes('*') ? 'any' : origins, proxies })
const server = createServer({ headersTimeout: 10_000, requestTimeout: 10_000 }, (request, response) => {
  if (!signaling.answerHealth(request, response)) response.writeHead(404).end()
})
signaling.attach(server)
server.on('upgrade', (request, socket) => {
  if (!request.url?.startsWith('/signaling')) socket.destroy()
})
server.listen(port, HOST, () => {
  const address = server.address()
  jsonLog({ event: 'listening', port: typeof address === 'object' && address !== null ? address.port : port })
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close()
    void signaling.close().then(() => server.closeAllConnections())
  })
}

function refuse(message: string): never {
  console.error(message)
  process.exit(2)
}
