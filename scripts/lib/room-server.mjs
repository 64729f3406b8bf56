/**
 * The built page and the signalling server on one port. This machine is served plain HTTP on localhost, which browsers
 * trust; everybody else HTTPS, because a page that is not secure cannot be a node. The first byte of a connection tells
 * which of the two it speaks.
 */
import { existsSync, readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import { join } from 'node:path'
import sirv from 'sirv'

/** How a TLS connection begins: with a handshake record. */
const TLS_HANDSHAKE = 0x16

/**
 * What is used here of the signalling server, which lies in a package of its own.
 *
 * @typedef {object} Signaling
 * @property {(server: http.Server | https.Server) => void} attach
 * @property {(request: http.IncomingMessage, response: http.ServerResponse) => boolean} answerHealth
 * @property {() => Promise<void>} close
 */

/**
 * @typedef {object} RoomServerOptions
 * @property {string} folder the built pages: the visualizer, and in `board/` the board
 * @property {number} port
 * @property {string} host where to listen
 * @property {import('./certificate.mjs').Certificate} certificate
 * @property {Signaling} signaling
 * @property {string} [ice] what the pages' `flotilla-ice` says: JSON
 * @property {readonly string[]} [nats] NATS servers by which the pages' rooms find together, instead of this one
 * @property {string | undefined} address where others on the network find this server
 */

/**
 * @param {RoomServerOptions} options
 * @returns {Promise<{ port: number, close: () => Promise<void> }>}
 */
export async function serveRooms({ folder, port, host, certificate, signaling, nats = [], address, ice = '' }) {
  const setPolicy = policyWith(nats)
  const files = sirv(folder, { etag: true, setHeaders: response => setPolicy(response) })
  const pages = new Map(
    ['/', '/board/']
      .filter(path => existsSync(join(folder, path, 'index.html')))
      .map(path => [path, pageAt(join(folder, path, 'index.html'), path, address, nats, ice)]),
  )

  /** @type {http.RequestListener} */
  const answer = (request, response) => {
    if (signaling.answerHealth(request, response)) return
    const path = request.url?.split('?', 1)[0]
    const page = pages.get(path?.replace(/index\.html$/, '') ?? '')
    if (page === undefined) return files(request, response)
    setPolicy(response)
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' }).end(page)
  }

  const bounds = { headersTimeout: 10_000, requestTimeout: 30_000 }
  const plain = http.createServer(bounds, (request, response) => {
    if (isLoopback(request.socket.remoteAddress)) return answer(request, response)
    response.writeHead(307, { location: `https://${request.headers.host ?? ''}${request.url ?? '/'}` }).end()
  })
  const secure = https.createServer({ ...bounds, ...certificate, handshakeTimeout: bounds.headersTimeout }, answer)
  for (const server of [plain, secure]) {
    signaling.attach(server)
    server.on('upgrade', ({ url }, socket) => {
      if (url?.split('?', 1)[0] !== '/signaling') socket.destroy()
    })
    server.on('clientError', (_, socket) => socket.destroy())
  }
  secure.on('tlsClientError', (_, socket) => socket.destroy())

  /** @type {Set<net.Socket>} */
  const sockets = new Set()
  const front = net.createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    // Whoever connects and says nothing is not waited for.
    socket.setTimeout(bounds.headersTimeout, () => socket.destroy())
    socket.once('data', first => {
      socket.setTimeout(0)
      socket.pause()
      socket.unshift(first)
      const server = first[0] === TLS_HANDSHAKE ? secure : plain
      server.emit('connection', socket)
      // Not before TLS has taken up, in a tick of its own, what was put back.
      process.nextTick(() => socket.resume())
    })
  })
  await new Promise((resolve, reject) => {
    front.once('error', reject)
    front.listen(port, host, () => resolve(undefined))
  })
  const bound = front.address()
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    async close() {
      const closed = new Promise(resolve => front.close(resolve))
      await signaling.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/**
 * What was built, with what only a server knows.
 *
 * @param {string} file
 * @param {string} path where it is served
 * @param {string | undefined} address of the server, on the network
 * @param {readonly string[]} nats
 * @param {string} ice
 */
function pageAt(file, path, address, nats, ice) {
  const up = '../'.repeat(path.split('/').length - 2)
  const html = readFileSync(file, 'utf8')
  const isByNats = nats.length > 0 && html.includes('name="flotilla-nats"')
  const [signaling, servers] = isByNats ? ['', nats.join(',')] : [`${up || './'}signaling`, '']
  return html
    .replace('name="flotilla-signaling" content=""', `name="flotilla-signaling" content="${signaling}"`)
    .replace('name="flotilla-ice" content=""', `name="flotilla-ice" content="${ice.replaceAll('"', '&quot;')}"`)
    .replace('name="flotilla-nats" content=""', `name="flotilla-nats" content="${servers}"`)
    .replace(
      'name="flotilla-address" content=""',
      `name="flotilla-address" content="${address === undefined ? '' : new URL(path, address).href}"`,
    )
}

/**
 * What the page may do: run what this server gave it and nothing else, speak to this server and those, and be shown in no
 * other page's frame.
 *
 * @param {readonly string[]} others
 * @returns {(response: http.ServerResponse) => void}
 */
function policyWith(others) {
  const policy = {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self' data:",
    'font-src': "'self'",
    // The clock's worker is a few lines that the page itself makes; it may load no more than the page.
    'worker-src': "'self' blob:",
    'manifest-src': "'self'",
    'connect-src': ["'self'", ...others].join(' '),
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  }
  const directives = Object.entries(policy).map(([name, value]) => `${name} ${value}`)
  return response => {
    response.setHeader('content-security-policy', directives.join('; '))
    response.setHeader('referrer-policy', 'no-referrer')
    response.setHeader('x-content-type-options', 'nosniff')
  }
}

/** @param {string | undefined} address */
const isLoopback = address => address !== undefined && /^(::ffff:)?127\.|^::1$/.test(address)
