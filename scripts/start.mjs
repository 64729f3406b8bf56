/**
 * `npm start`: from a fresh clone to a running Flotilla in the browser. Installs, builds, serves, says where.
 *
 *     npm start                                   for this machine, and for others on its network
 *     npm start -- --local                        for this machine only
 *     npm start -- --cert cert.pem --key key.pem  with a certificate of your own
 *     npm run board                               the same, and invites to the board
 *     npm start -- --nats ws://host:9222          rooms find together over NATS; several servers, separated by commas
 *     npm start -- --new-room                     invites to another room than last time
 */
import './lib/node-version.mjs'
import { parseArgs } from 'node:util'
import { givenCertificate, keptCertificate } from './lib/certificate.mjs'
import { main, Refusal } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { firstFreePort, isPortFree, parsePort } from './lib/port.mjs'
import { inRoot } from './lib/root.mjs'
import { fragmentOf, networkAddresses, sharedRoom } from './lib/shared-room.mjs'

// Fixed, because a browser keeps its data by address: another port is another, empty Flotilla.
const DEFAULT_PORT = 4173

const KEPT = inRoot('.flotilla')
const BOARD = inRoot('apps', 'visualizer', 'dist', 'board')

main(async () => {
  const { local, board, cert, key, 'new-room': newRoom, nats } = options()
  const port = await choosePort()
  await ensureInstalled()

  const { build } = await import('vite')
  console.log('Building …')
  await build({ root: inRoot('apps', 'visualizer'), logLevel: 'warn' })
  await build({ root: inRoot('apps', 'board'), logLevel: 'warn', build: { outDir: BOARD, emptyOutDir: true } })
  const server = local ? await serveHere(port, board) : await serveAll(port, { cert, key, newRoom, board, nats })
  await stopSignal()
  await server.close()
  return 0
})

/**
 * @param {number} port
 * @param {boolean | undefined} board
 */
async function serveHere(port, board) {
  const { preview } = await import('vite')
  const root = inRoot('apps', 'visualizer')
  const server = await preview({ root, logLevel: 'warn', preview: { host: 'localhost', port, strictPort: true } })
  console.log(welcome(port, board))
  return server
}

/**
 * @param {number} port
 * @param {{ cert: string | undefined, key: string | undefined, newRoom: boolean | undefined, board: boolean | undefined, nats: string | undefined }} options
 */
async function serveAll(port, { cert, key, newRoom, board, nats }) {
  const { tsImport } = await import('tsx/esm/api')
  const { serveRooms } = await import('./lib/room-server.mjs')
  const { signalingServer } = await tsImport('../packages/signaling-server/src/index.ts', import.meta.url)

  const addresses = networkAddresses()
  const given = cert !== undefined && key !== undefined ? givenCertificate(cert, key) : undefined
  const certificate = given ?? (await keptCertificate(KEPT, addresses))
  const here = addresses[0] === undefined ? undefined : `https://${addresses[0]}:${port}/`
  const folder = inRoot('apps', 'visualizer', 'dist')
  const signaling = signalingServer({ log: quiet })
  const common = { folder, port, certificate, signaling, address: here, nats: nats?.split(',') ?? [] }
  const server = await serveRooms({ ...common, host: '::' }).catch(error => {
    // A machine without IPv6.
    if (error.code !== 'EAFNOSUPPORT' && error.code !== 'EADDRNOTAVAIL') throw error
    return serveRooms({ ...common, host: '0.0.0.0' })
  })

  const fragment = (board ? 'board/' : '') + fragmentOf(sharedRoom(KEPT, newRoom))
  const { renderUnicodeCompact } = await import('uqr')
  console.log(welcome(port, board))
  if (here === undefined) {
    console.log('  This machine is on no network: nobody else can join.\n')
    return server
  }
  console.log(`  One room for everyone on this network, phones too:

${indented(renderUnicodeCompact(here + fragment, { border: 2 }))}

      ${here}${fragment}

  On this machine: http://localhost:${port}/${fragment}
${given ? '' : warning}`)
  for (const address of addresses.slice(1))
    console.log(`  On another network of this machine: https://${address}:${port}/`)
  return server
}

/**
 * @param {number} port
 * @param {boolean | undefined} board
 */
const welcome = (port, board) => {
  const visualizer = `http://localhost:${port}/`
  return board
    ? `
  The board is at

      ${visualizer}board/

  What it stands on can be seen and learnt at ${visualizer}. Ctrl-C stops it.
`
    : `
  Flotilla runs at

      ${visualizer}

  Learn, break a cluster in the Lab, or open a room under Live. A board for a team: ${visualizer}board/
  Ctrl-C stops it.
`
}

/** What an operator would want to know of a server, nobody does of a command in a terminal. */
const quiet = () => {}

const warning = `
  Each browser asks once whether it may trust this machine, because nobody vouches for its certificate: choose
  "Advanced", then "Proceed" (Chrome, Edge), "Accept the Risk and Continue" (Firefox), "visit this website" (Safari).
`

/** @param {string} text */
const indented = text => text.replace(/^/gm, '      ')

function options() {
  try {
    const { values } = parseArgs({
      options: {
        local: { type: 'boolean' },
        board: { type: 'boolean' },
        cert: { type: 'string' },
        key: { type: 'string' },
        'new-room': { type: 'boolean' },
        nats: { type: 'string' },
      },
    })
    const wrong = values.nats?.split(',').find(address => !/^wss?:\/\/[^\s'";,]+$/.test(address))
    if (wrong !== undefined) throw new Error(`--nats takes addresses as ws://host:port, and “${wrong}” is none`)
    if ((values.cert === undefined) !== (values.key === undefined)) throw new Error('--cert and --key go together')
    return values
  } catch (error) {
    throw new Refusal(
      `${error instanceof Error ? error.message : error}\n\n` +
        'npm start -- [--local] [--board] [--cert file --key file] [--nats addresses] [--new-room]',
    )
  }
}

async function choosePort() {
  const asked = parsePort(process.env.PORT)
  if (asked === undefined) {
    const port = await firstFreePort(DEFAULT_PORT)
    if (port !== DEFAULT_PORT) {
      console.log(`Port ${DEFAULT_PORT} is taken, so this is ${port}: another address, with data of its own.`)
    }
    return port
  }
  if (await isPortFree(asked)) return asked
  throw new Refusal(`Port ${asked} is taken. Stop what listens there, or choose another: PORT=${asked + 1} npm start`)
}

/** Resolves when the user or the system asks us to stop. A second Ctrl-C stops at once, as usual. */
function stopSignal() {
  return new Promise(resolve => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
}
