import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { client, PAGE, PageSocket, type RunningServer, runningServer } from './fixtures/running-server.ts'
import { defaultLimits } from './limits.ts'
import type { SignalingServerOptions } from './signaling-server.ts'
import { CLOSE } from './visitor.ts'

const running: RunningServer[] = []
async function start(options: SignalingServerOptions = {}): Promise<RunningServer> {
  const server = await runningServer(options)
  running.push(server)
  return server
}
afterEach(async () => {
  await Promise.all(running.splice(0).map(server => server.stop()))
})

/** The HTTP status that an upgrade was answered with. */
async function statusOf(socket: WebSocket): Promise<number | undefined> {
  socket.on('error', () => {})
  const [, response] = await once(socket, 'unexpected-response')
  socket.terminate()
  return response.statusCode
}

/** Resolves when the server has heard everything that was sent before. */
async function answered(one: Awaited<ReturnType<typeof client>>): Promise<void> {
  one.say(['ping'])
  await one.next()
}

describe('who is let in', () => {
  it('pages of an origin that is allowed, and nobody else', async () => {
    const { url } = await start()
    expect(await statusOf(new WebSocket(url, { origin: 'https://evil.test' }))).toBe(403)
    expect(await statusOf(new WebSocket(url, { origin: `${PAGE}.evil.test` }))).toBe(403)
    expect(await statusOf(new WebSocket(url))).toBe(403)
    const welcome = await client(url, 'room')
    expect(welcome.socket.readyState).toBe(WebSocket.OPEN)
  })

  it('the log names the origin that was refused, cut and without what a terminal would obey', async () => {
    const { url, logged } = await start()
    const csi = String.fromCharCode(0x9b)
    const hostile = `https://evil.test/${csi}2J${'x'.repeat(8_000)}`
    for (const origin of ['http://localhost:5174', hostile]) await statusOf(new WebSocket(url, { origin }))
    await statusOf(new WebSocket(url))
    const refused = { event: 'refused', address: '127.0.0.1', why: 'origin' }
    expect(logged).toEqual([
      { ...refused, origin: 'http://localhost:5174' },
      { ...refused, origin: `${hostile.replace(csi, '?').slice(0, 200)}…` },
      refused,
    ])
  })

  it('nobody at another path, where no other server is to answer there', async () => {
    const { port, logged } = await start({ otherPaths: 'refuse' })
    for (const path of ['signaling/', 'signalling', '']) {
      expect(await statusOf(new WebSocket(`ws://127.0.0.1:${port}/${path}`, { origin: PAGE }))).toBe(404)
    }
    expect(logged).toEqual(Array(3).fill({ event: 'refused', address: '127.0.0.1', why: 'path' }))
  })

  it('pages of the same host, unless others are named', async () => {
    const { url, port } = await start({ origins: 'same' })
    expect(await statusOf(new WebSocket(url, { origin: 'http://127.0.0.1:1' }))).toBe(403)
    expect(await statusOf(new WebSocket(url, { origin: 'null' }))).toBe(403)
    const socket = new WebSocket(url, { origin: `http://127.0.0.1:${port}` })
    await once(socket, 'open')
    socket.terminate()
  })

  it('so many of one address, so many in all, and so many in a room', async () => {
    const one = await start({ limits: { maxSocketsPerAddress: 2 } })
    await client(one.url)
    const second = await client(one.url)
    expect(await statusOf(new PageSocket(one.url))).toBe(429)
    second.socket.terminate()
    await expect.poll(() => one.signaling.health().sockets).toBe(1)
    await client(one.url)

    const all = await start({ limits: { maxSockets: 1 } })
    await client(all.url)
    expect(await statusOf(new PageSocket(all.url))).toBe(503)

    const room = await start({ limits: { maxVisitorsPerRoom: 2, maxRooms: 2 } })
    await client(room.url, 'a')
    await client(room.url, 'a')
    const third = await client(room.url)
    third.say(['join', 'a', 'x'])
    expect(await third.ended).toBe(CLOSE.full)
    await client(room.url, 'b')
    const late = await client(room.url)
    late.say(['join', 'c', 'x'])
    expect(await late.ended).toBe(CLOSE.full)
  })

  it('the address is what our own proxy saw, not what the visitor says of itself', async () => {
    const { url } = await start({ proxies: 1, limits: { maxSocketsPerAddress: 1 } })
    const by = (forwarded: string) => new WebSocket(url, { origin: PAGE, headers: { 'x-forwarded-for': forwarded } })
    await once(by('198.51.100.7'), 'open')
    expect(await statusOf(by('203.0.113.9, 198.51.100.7'))).toBe(429)
    await once(by('198.51.100.7, 203.0.113.9'), 'open')
  })
})

describe('what is said', () => {
  it('whoever is in a room may ask who else is there', async () => {
    const { url } = await start()
    const ask = async (): Promise<unknown> => {
      second.say(['who'])
      return second.next()
    }
    await client(url, 'room', 'a')
    await client(url, 'another', 'x')
    const second = await client(url)
    second.say(['join', 'room', 'b'])
    expect(await second.next()).toEqual(['joined', 'relays'])
    expect(await ask()).toEqual(['present', ['a']])
    const third = await client(url, 'room', 'c')
    expect(await ask()).toEqual(['present', ['a', 'c']])
    third.socket.close(1000)
    await expect.poll(ask).toEqual(['present', ['a']])
  })

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['an object', { 0: 'signal' }],
    ['deep nesting', '['.repeat(100_000)],
    ['an unknown word', ['rollback']],
    ['a word with too much after it', ['ping', 1]],
    ['a second entry', ['join', 'room', 'x']],
    ['a text that is none', ['signal', null, { length: 1 }]],
    ['a text that is too long', ['signal', null, 'x'.repeat(32 * 1024 + 1)]],
    ['an addressee that is none', ['signal', ['b'], 'x']],
    ['an addressee of a megabyte', ['signal', 'x'.repeat(65), 'x']],
    ['a lone surrogate for an addressee', ['signal', '\ud800', 'x']],
  ])('%s ends the connection, and the others do not hear of it', async (_, frame) => {
    const { url, logged } = await start()
    const other = await client(url, 'room')
    const bad = await client(url, 'room')
    bad.say(frame)
    expect(await bad.ended).toBe(CLOSE.badFrame)
    await answered(other)
    expect(other.heard).toEqual([])
    expect(logged).toContainEqual({ event: 'sentAway', address: '127.0.0.1', why: 'not the protocol' })
  })

  it.each([
    ['a word before entering', ['signal', null, 'x']],
    ['a question before entering', ['who']],
    ['a room whose name is none', ['join', '../etc', 'x']],
    ['a room of a megabyte', ['join', 'x'.repeat(65), 'x']],
    ['an id that is none', ['join', 'room', '']],
  ])('%s ends the connection', async (_, frame) => {
    const { url } = await start()
    const bad = await client(url)
    bad.say(frame)
    expect(await bad.ended).toBe(CLOSE.badFrame)
  })

  it('bytes, a frame of ten megabytes and ten thousand tiny pieces without an end end the connection', async () => {
    const { url, signaling } = await start()
    const bytes = await client(url, 'room')
    bytes.socket.send(new Uint8Array(3))
    expect(await bytes.ended).toBe(CLOSE.badFrame)
    const long = await client(url, 'room')
    long.say('x'.repeat(10_000_000))
    await long.ended
    const pieces = await client(url, 'room')
    for (let i = 0; i < 10_000; i += 1) pieces.socket.send('x', { fin: false })
    await pieces.ended
    await expect.poll(() => signaling.health().sockets).toBe(0)
    expect(signaling.health().rooms).toBe(0)
  })

  it('who says too much is sent away, and what was said until then was heard', async () => {
    const { url } = await start({ limits: { frameBurst: 10, framesPerSecond: 0 } })
    const other = await client(url, 'room')
    const loud = await client(url, 'room')
    for (let i = 0; i < 100; i += 1) loud.say(['signal', null, `${i}`])
    expect(await loud.ended).toBe(CLOSE.tooFast)
    await answered(other)
    expect(other.heard.length).toBeLessThanOrEqual(9)
  })

  it('who does not enter is sent away', async () => {
    const { url } = await start({ limits: { enterWithinMs: 20 } })
    const silent = await client(url)
    expect(await silent.ended).toBe(CLOSE.tooLate)
  })

  it('who does not answer is gone', async () => {
    const { url, signaling } = await start({ limits: { pingEveryMs: 20 } })
    const dead = await client(url, 'room')
    dead.socket.pong = () => {}
    dead.socket.pause()
    await expect.poll(() => signaling.health().sockets).toBe(0)
    dead.socket.terminate()
  })

  it('who has answered is not sent away by a server that was too busy to read it', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    try {
      const { url, signaling } = await start()
      const { socket } = await client(url, 'room')
      let pings = 0
      const another = new Promise<void>(resolve => {
        socket.on('ping', () => {
          pings += 1
          // Its answer is on the way, and the next look at who is there is due already.
          if (pings < 20) vi.advanceTimersByTime(defaultLimits.pingEveryMs)
          else resolve()
        })
      })
      vi.advanceTimersByTime(defaultLimits.pingEveryMs)
      await another
      expect(signaling.health().sockets).toBe(1)
    } finally {
      vi.useRealTimers()
    }
  })

  it('who does not read costs a bounded memory, then its place, and holds up nobody', async () => {
    const maxWaitingBytes = 100_000
    const { url, logged } = await start({
      limits: { maxWaitingBytes, frameBurst: 1e6, byteBurst: 1e9, bytesPerSecond: 1e9 },
    })
    const slow = await client(url, 'room')
    const other = await client(url, 'room')
    const loud = await client(url, 'room')
    slow.socket.pause()
    const text = 'x'.repeat(30_000)
    let said = 0
    while (!logged.some(event => event.event === 'sentAway')) {
      loud.say(['signal', null, text])
      said += 1
      await other.next()
    }
    expect(logged.at(-1)).toEqual({ event: 'sentAway', address: '127.0.0.1', why: 'does not read' })
    // The rest lies in the operating system's buffers.
    expect(said * text.length).toBeLessThan(64 * 1024 * 1024)
    slow.socket.terminate()
  })

  it('a request that is sent a byte at a time does not get in the way of others', async () => {
    const { url, port } = await start()
    const slow = connect(port, '127.0.0.1')
    slow.write('GET /signaling HTTP/1.1\r\nUpgr')
    await client(url, 'room')
    slow.destroy()
  })
})

describe('bytes for those who cannot meet', () => {
  const relayed = (to: string, message: Uint8Array): Uint8Array => {
    const id = new TextEncoder().encode(to)
    return Uint8Array.of(id.byteLength, ...id, ...message)
  }

  it('are carried to the one whom they are for, and nobody else has them', async () => {
    const { url } = await start()
    const [a, b, c] = [await client(url, 'room', 'a'), await client(url, 'room', 'b'), await client(url, 'room', 'c')]
    a.socket.send(relayed('b', Uint8Array.of(1, 2, 3)))
    await expect.poll(() => b.carried.map(bytes => [...bytes])).toEqual([[1, 2, 3]])
    await answered(c)
    expect([...a.carried, ...c.carried]).toEqual([])
  })

  it.each([
    ['nobody’s id', Uint8Array.of(0, 1, 2)],
    ['an id that is cut short', Uint8Array.of(9, 97)],
    ['no message', Uint8Array.of(1, 97)],
    ['too long a message', Uint8Array.of(1, 97, ...new Uint8Array(17 * 1024 + 1))],
    ['an id that is no text', Uint8Array.of(3, 0xed, 0xa0, 0x80, 1).subarray(0, 4)],
  ])('%s ends the connection', async (_, frame) => {
    const { url } = await start()
    const bad = await client(url, 'room')
    bad.socket.send(frame)
    expect(await bad.ended).toBe(CLOSE.badFrame)
  })

  it('are not carried where the server carries none, and whoever enters is told so', async () => {
    const { url } = await start({ limits: { relayedBytesPerSecondPerRoom: 0 } })
    const one = await client(url)
    one.say(['join', 'room', 'a'])
    expect(await one.next()).toEqual(['joined'])
    one.socket.send(relayed('b', Uint8Array.of(1)))
    expect(await one.ended).toBe(CLOSE.badFrame)
  })

  it.each([
    ['one visitor', { relayedByteBurst: 20_000, relayedBytesPerSecond: 400_000 }],
    ['one room', { relayedByteBurstPerRoom: 20_000, relayedBytesPerSecondPerRoom: 400_000 }],
  ])(
    'are read no faster than %s may have them carried; all of them arrive, and others are not held up',
    async (_, limits) => {
      const { url } = await start({ limits })
      const [a, b] = [await client(url, 'room', 'a'), await client(url, 'room', 'b')]
      const other = await client(url, 'another')
      const begun = performance.now()
      for (let i = 0; i < 20; i += 1) a.socket.send(relayed('b', new Uint8Array(16_000).fill(i)))
      await answered(other)
      await expect.poll(() => b.carried.length, { timeout: 10_000 }).toBe(20)
      expect(b.carried.map(([first]) => first)).toEqual(Array.from({ length: 20 }, (_, i) => i))
      // 320,000 bytes, of which 20,000 at once. What the socket had read when it was paused comes through.
      expect(performance.now() - begun).toBeGreaterThan(400)
    },
  )

  it('who does not read them costs a bounded memory, keeps its place, and holds up nobody', async () => {
    const { url, signaling } = await start({
      limits: {
        maxRelayedWaitingBytes: 100_000,
        relayedByteBurst: 1e9,
        relayedByteBurstPerRoom: 1e9,
      },
    })
    const slow = await client(url, 'room', 'slow')
    const [a, b] = [await client(url, 'room', 'a'), await client(url, 'room', 'b')]
    slow.socket.pause()
    const message = new Uint8Array(16_000)
    for (let i = 0; i < 2_000; i += 1) {
      a.socket.send(relayed('slow', message))
      a.socket.send(relayed('b', Uint8Array.of(i)))
      if (i % 100 === 99) await expect.poll(() => b.carried.length).toBe(i + 1)
    }
    expect(signaling.health().sockets).toBe(3)
    slow.socket.resume()
    await answered(slow)
    expect(slow.carried.length).toBeLessThan(2_000)
  })
})

describe('the server as a whole', () => {
  it('says how it is', async () => {
    const { url, port } = await start()
    await client(url, 'a')
    await client(url, 'a')
    await client(url, 'b')
    const response = await fetch(`http://127.0.0.1:${port}/health`)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ status: 'ok', rooms: 2, sockets: 3 })
  })

  it('goes in peace: tells everyone, lets nobody in, and resolves when all are gone', async () => {
    const { url, signaling, logged, port } = await start()
    const visitor = await client(url, 'room')
    const stopped = signaling.close()
    expect(await statusOf(new PageSocket(url))).toBe(503)
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(503)
    expect(await visitor.ended).toBe(1001)
    await stopped
    expect(logged.at(-1)).toEqual({ event: 'closed' })
  })
})
