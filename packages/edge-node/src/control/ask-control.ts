/** The operator's end of a control socket. */
import { request as httpRequest } from 'node:http'
import type { Request } from './control.ts'
import { socketPath } from './socket-path.ts'

/** Rejects with the system's error where nobody listens. */
export function askControl(dataDir: string, request: Request): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest({ socketPath: socketPath(dataDir), method: 'POST', path: '/' }, response => {
      const parts: Buffer[] = []
      response.on('data', part => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        try {
          resolve(Object(JSON.parse(Buffer.concat(parts).toString())))
        } catch {
          reject(new Error(`the node answers with ${response.statusCode} and no JSON`))
        }
      })
    })
    asked.on('error', reject)
    asked.end(JSON.stringify(request))
  })
}
