/**
 * `tsx serve.ts visualizer` or `tsx serve.ts harness`: serves these pages to the tests. If they do not build, this serves
 * the reason instead, so that only the tests that need them fail, each saying why.
 */
import { createServer } from 'node:http'
import { harnessPort, visualizerPort } from '../surroundings.ts'
import { serveHarness, serveVisualizer } from './pages.ts'

const pages = {
  visualizer: { serve: serveVisualizer, port: visualizerPort },
  harness: { serve: serveHarness, port: harnessPort },
}

const name = process.argv[2] === 'harness' ? 'harness' : 'visualizer'
const { serve, port } = pages[name]
serve().catch(error => {
  const reason = `the ${name} does not build: ${error instanceof Error ? error.message : String(error)}`
  console.error(reason)
  createServer((_, response) => response.writeHead(503, { 'content-type': 'text/plain' }).end(reason)).listen(
    port,
    'localhost',
  )
})
