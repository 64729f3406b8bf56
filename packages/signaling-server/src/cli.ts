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

const HELP = `flotilla-signaling: the signalling server, where browsers find each other.

    ORIGINS=https://flotilla.example PORT=8787 flotilla-signaling

Pages connect to ws://HOST:PORT/signaling; GET /health tells how it is. What it goes by:

    ORIGINS   the pages that may connect, separated by commas, or * for any; must be given
    PORT      where it listens; default 8787
    HOST      default 127.0.0.1. It speaks plain HTTP: put a proxy with a certificate before it
    PROXIES   how many proxies of yours stand before it; default 0`

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  console.log(HELP)
  process.exit(0)
}

const { PORT = '8787', HOST = '127.0.0.1', ORIGINS = '', PROXIES = '0' } = process.env
const port = Number(PORT)
const proxies = Number(PROXIES)
const origins = ORIGINS.split(',')
  .map(origin => origin.trim())
  .filter(origin => origin !== '')

if (!Number.isInteger(port) || port < 0 || port > 65_535) refuse(`PORT must be a number from 0 to 65535, not ${PORT}`)
if (!Number.isInteger(proxies) || proxies < 0) refuse(`PROXIES must be a whole number, not ${PROXIES}`)
if (origins.length === 0) refuse('ORIGINS must name the pages that may connect, such as https://flotilla.example')

const signaling = signalingServer({ origins: origins.includes('*') ? 'any' : origins, proxies, otherPaths: 'refuse' })
const server = createServer({ headersTimeout: 10_000, requestTimeout: 10_000 }, (request, response) => {
  if (!signaling.answerHealth(request, response)) response.writeHead(404).end()
})
signaling.attach(server)
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
