/** The server under load, in a process of its own, so that its memory is its own: ours, or (`bare`) `ws` and nothing else. */
import { createServer } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { signalingServer } from '../src/index.ts'

const server = createServer()
if (process.argv[2] === 'bare') passOnWhatIsSaid()
else signalingServer({ origins: 'any', limits: { maxSocketsPerAddress: 20_000 }, log: () => {} }).attach(server)
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address() }))

process.on('message', () => {
  globalThis.gc?.()
  process.send?.({ rss: process.memoryUsage.rss() })
})

/** To the others of the same path: what any such server has to do. */
function passOnWhatIsSaid(): void {
  const rooms = new Map<string, Set<WebSocket>>()
  new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket, { url = '' }) => {
    const room = rooms.get(url) ?? new Set()
    rooms.set(url, room.add(socket))
    socket.on('message', data => {
      for (const other of room) if (other !== socket) other.send(data.toString())
    })
    socket.on('close', () => room.delete(socket))
  })
}
