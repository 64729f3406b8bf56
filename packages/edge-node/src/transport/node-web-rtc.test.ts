import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { portConformance, portsOverTransports } from '@flotilla/client/conformance'
import type { Transport, TransportHandler } from '@flotilla/cluster'
import { transportConformance } from '@flotilla/cluster/conformance'
import { signalingServer } from '@flotilla/signaling-server'
import {
  type Connections,
  newClientIdentity,
  newNodeIdentity,
  newRoomSecret,
  type WebRtcOptions,
  webRtcThrough,
  webSocketSignaling,
} from '@flotilla/webrtc-transport'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { nodeConnections } from './node-web-rtc.ts'

let server: Server
let stop: () => Promise<void>
let options: WebRtcOptions
let connections: Connections

beforeAll(async () => {
  const signaling = signalingServer({ origins: 'any', limits: { maxSocketsPerAddress: 1_000 }, log: () => {} })
  server = createServer()
  signaling.attach(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  class Visitor extends WebSocket {
    constructor(url: string) {
      super(url, { origin: 'http://edge.test' })
    }
  }
  stop = async () => {
    server.close()
    await signaling.close()
    server.closeAllConnections()
  }
  options = {
    signaling: webSocketSignaling({ url: `ws://127.0.0.1:${port}/signaling`, webSocket: Visitor }),
  }
  connections = await nodeConnections()
})
afterAll(() => stop())

describe('WebRTC in Node keeps what a Transport promises:', () => {
  for (const { name, run } of transportConformance)
    test(name, () => run({ transport: room => webRtcThrough(connections, options)(room) }))
})

test('in a room with a secret two nodes prove who they are, and are linked directly', async () => {
  const secret = newRoomSecret()
  const up: string[] = []
  const handler = (name: string): TransportHandler => ({
    onFrame: () => {},
    onPeer: (_, isUp, relayed) => up.push(`${name} ${isUp ? 'up' : 'down'}${relayed ? ' relayed' : ''}`),
  })
  const [a, b] = [await newNodeIdentity(), await newNodeIdentity()]
  const [one, two] = [
    webRtcThrough(connections, { ...options, secret })('room'),
    webRtcThrough(connections, { ...options, secret })('room'),
  ]
  await one.open(a.nodeId, handler('a'), { keys: a.keys })
  await two.open(b.nodeId, handler('b'), { keys: b.keys })
  await expect.poll(() => [...new Set(up)].sort().slice(0, 2)).toEqual(['a up', 'b up'])
  expect(one.isRelayed?.(b.nodeId)).toBe(false)
  await Promise.all([one.close(), two.close()])
})

describe('a port between a client that is no member and a node, over a data channel, keeps what a Port promises:', () => {
  for (const { name, run } of portConformance)
    test(name, async () => {
      const secret = newRoomSecret()
      const transports: Transport[] = []
      let pairs = 0
      await run({
        pair: async () => {
          const room = `room-${pairs++}`
          const [client, node] = [await newClientIdentity(), await newNodeIdentity()]
          const transport = (): Transport => webRtcThrough(connections, { ...options, secret })(room)
          const [a, b] = [transport(), transport()]
          transports.push(a, b)
          return portsOverTransports({ transport: a, identity: client }, { transport: b, identity: node })
        },
      })
      await Promise.all(transports.map(transport => transport.close()))
    })
})
