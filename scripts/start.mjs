/** `npm start`: from a fresh clone to a running Flotilla in the browser. Installs, builds, serves, says where. */
import './lib/node-version.mjs'
import { main, Refusal } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { firstFreePort, isPortFree, parsePort } from './lib/port.mjs'
import { inRoot } from './lib/root.mjs'

// Fixed, because a browser keeps its data by address: another port is another, empty Flotilla.
const DEFAULT_PORT = 4173

main(async () => {
  const port = await choosePort()
  await ensureInstalled()

  const { build, preview } = await import('vite')
  const app = { root: inRoot('apps', 'visualizer'), logLevel: /** @type {const} */ ('warn') }
  console.log('Building the visualizer …')
  await build(app)
  const server = await preview({ ...app, preview: { host: 'localhost', port, strictPort: true } })

  console.log(`
  Flotilla runs at

      http://localhost:${port}/

  Learn, break a cluster in the Lab, or open a room under Live. Ctrl-C stops it.
`)
  await stopSignal()
  await server.close()
  return 0
})

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
