/** The adapter and the server together keep what every signalling promises. */
import { webSocketSignaling } from '@flotilla/webrtc-transport'
import { relayConformance, signalingConformance } from '@flotilla/webrtc-transport/signaling-conformance'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { PageSocket, type RunningServer, runningServer } from './fixtures/running-server.ts'

describe('WebSocket signalling', () => {
  let server: RunningServer
  beforeAll(async () => {
    server = await runningServer()
  })
  afterAll(() => server.stop())

  it.each([...signalingConformance, ...relayConformance])('$name', async ({ run }) => {
    await run({ create: webSocketSignaling({ url: server.url, webSocket: PageSocket }) })
  })
})
