/**
 * How the browsers of a test find each other: contexts share nothing, not even a BroadcastChannel, so each test has a signalling server of its
 * own. Two tests never meet, whatever their rooms are called, and nobody outside is asked.
 */
import { createServer } from 'node:http'
import { signalingServer } from '@flotilla/signaling-server'

export interface OwnSignaling {
  readonly url: string
  close(): Promise<void>
}

export async function ownSignaling(): Promise<OwnSignaling> {
  const server = createServer((_, response) => response.writeHead(404).end())
  const signaling = signalingServer({ origins: 'any', log: () => {} })
  signaling.attach(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the signalling server has no port')
  return {
    url: `ws://127.0.0.1:${address.port}/signaling`,
    async close() {
      await signaling.close()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}
