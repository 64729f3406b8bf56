/**
 * Serves the visualizer to the tests. If it does not build, this serves the reason instead, so that only the tests that
 * need the visualizer fail, each saying why.
 */
import { createServer } from 'node:http'
import { visualizerPort } from '../surroundings.ts'
import { buildAndPreview } from './preview.ts'

buildAndPreview().catch(error => {
  const reason = `the visualizer does not build: ${error instanceof Error ? error.message : String(error)}`
  console.error(reason)
  const server = createServer((_, response) => response.writeHead(503, { 'content-type': 'text/plain' }).end(reason))
  server.listen(visualizerPort, 'localhost')
})
