/**
 * A thousand rooms of five on loopback: how long it takes until all have entered, what the server's memory grows by, and how long a
 * signal takes to the four others when every room talks; beside `ws` that only passes on. Then what a visitor costs that does
 * not read while eight others shout at it.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { WebSocket } from 'ws'

const ROOMS = 1_000
const EACH = 5
/** Connections under way at once. */
const AT_ONCE = 50
const TEXT = 'x'.repeat(600)

interface Server {
  readonly url: string
  rssMb(): Promise<number>
  stop(): void
}

async function start(kind: 'ours' | 'bare'): Promise<Server> {
  const execArgv = [...process.execArgv, '--expose-gc', '--conditions=source']
  const child = fork(new URL('server.ts', import.meta.url), [kind], { execArgv })
  const [{ port }] = await once(child, 'message')
  return {
    url: `ws://127.0.0.1:${port.port}`,
    async rssMb() {
      child.send('memory?')
      const [{ rss }] = await once(child, 'message')
      return rss / 2 ** 20
    },
    stop: () => void child.kill(),
  }
}

async function enter(url: string, room: string, kind: 'ours' | 'bare', id: string): Promise<WebSocket> {
  const socket = new WebSocket(kind === 'ours' ? `${url}/signaling` : `${url}/${room}`, { origin: 'https://page.test' })
  await once(socket, 'open')
  if (kind === 'bare') return socket
  socket.send(JSON.stringify(['join', room, id]))
  await once(socket, 'message')
  return socket
}

async function load(kind: 'ours' | 'bare') {
  const server = await start(kind)
  const before = await server.rssMb()
  const begun = performance.now()
  const rooms: WebSocket[][] = Array.from({ length: ROOMS }, () => [])
  const places = Array.from({ length: ROOMS * EACH }, (_, i) => i)
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let i = places.pop(); i !== undefined; i = places.pop()) {
        const room = i % ROOMS
        rooms[room]?.push(await enter(server.url, `room-${room}`, kind, `v${i}`))
      }
    }),
  )
  const enteredMs = performance.now() - begun
  const grownMb = (await server.rssMb()) - before

  const latencies: number[] = []
  const heard = new Promise<void>(resolve => {
    for (const socket of rooms.flat()) {
      socket.on('message', data => {
        const at = Number(/@([0-9.]+)/.exec(data.toString())?.[1])
        latencies.push(performance.now() - at)
        if (latencies.length === ROOMS * (EACH - 1)) resolve()
      })
    }
  })
  for (const [speaker] of rooms) {
    const text = `@${performance.now()} ${TEXT}`
    speaker?.send(kind === 'ours' ? JSON.stringify(['signal', null, text]) : text)
    await new Promise(resolve => setTimeout(resolve, 1))
  }
  await heard
  latencies.sort((a, b) => a - b)
  const quantile = (share: number): number => latencies[Math.floor(share * (latencies.length - 1))] ?? 0
  for (const socket of rooms.flat()) socket.terminate()
  server.stop()
  return { enteredMs, grownMb, p50: quantile(0.5), p99: quantile(0.99) }
}

/** What the server's memory grows by at most, while somebody does not read what eight others say as fast as they may. */
async function slowReader(): Promise<{ readonly grownMb: number; readonly saidMb: number }> {
  const server = await start('ours')
  const slow = await enter(server.url, 'room', 'ours', 'slow')
  const loud = await Promise.all(Array.from({ length: 8 }, (_, i) => enter(server.url, 'room', 'ours', `loud-${i}`)))
  const before = await server.rssMb()
  slow.pause()
  const frame = JSON.stringify(['signal', 'slow', 'x'.repeat(32_000)])
  let most = 0
  let said = 0
  for (let i = 0; i < 100; i += 1) {
    for (const socket of loud) {
      socket.send(frame)
      said += frame.length
    }
    if (i % 10 === 9) most = Math.max(most, (await server.rssMb()) - before)
  }
  for (const socket of [slow, ...loud]) socket.terminate()
  server.stop()
  return { grownMb: most, saidMb: said / 2 ** 20 }
}

const bare = await load('bare')
const ours = await load('ours')
const against = 'ws that only passes on'
report('signaling/5000-sockets-enter', ours.enteredMs, 'ms', bare.enteredMs, against)
report('signaling/memory-of-5000-sockets', ours.grownMb, 'MB', bare.grownMb, against)
report('signaling/signal-p50', ours.p50, 'ms', bare.p50, against)
report('signaling/signal-p99', ours.p99, 'ms', bare.p99, against)
const slow = await slowReader()
report('signaling/memory-of-a-slow-reader', slow.grownMb, 'MB', slow.saidMb, 'what was said to it')
process.exit(0)

function report(name: string, value: number, unit: string, other: number, besides: string): void {
  const round = (number: number): number => Math.round(number * 1_000) / 1_000
  console.log(JSON.stringify({ name, value: round(value), unit, ratio: round(value / other), against: besides }))
}
