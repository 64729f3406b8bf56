/** The node's end of its control socket: HTTP, so that `curl --unix-socket` will do, too. */

import { once } from 'node:events'
import { chmodSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { ControlDesk, type Operated } from './control.ts'
import { socketPath } from './socket-path.ts'

const MAX_REQUEST_BYTES = 1 << 20

/**
 * Answers whoever may use the data directory, until the way to stop that this gives is gone. Whoever calls it has the directory for itself: a
 * socket that lies there is left from a process that was killed.
 */
export async function serveControl(cluster: Operated, dataDir: string): Promise<() => Promise<void>> {
  const path = socketPath(dataDir)
  const desk = new ControlDesk(cluster)
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    read(request)
      .then(text => desk.answer(text))
      .then(
        answer => response.setHeader('content-type', 'application/json').end(`${JSON.stringify(answer)}\n`),
        () => response.writeHead(400).end(),
      )
  })
  if (process.platform !== 'win32') rmSync(path, { force: true })
  server.listen(path)
  await once(server, 'listening')
  if (process.platform !== 'win32') chmodSync(path, 0o600)
  return async () => {
    server.close()
    server.closeAllConnections()
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request) {
    bytes += part.byteLength
    if (bytes > MAX_REQUEST_BYTES) throw new RangeError('too long')
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}
