/** Over Debian's nats-server: one alone, and two as a cluster with a room spread over both. Skipped where there is none. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { natsSignaling } from './nats-signaling.ts'
import type { Signaling } from './signaling.ts'
import { signalingConformance } from './signaling-conformance.ts'

const program = [process.env.FLOTILLA_NATS_SERVER ?? '', '/usr/sbin/nats-server', '/usr/local/bin/nats-server'].find(
  path => path !== '' && existsSync(path),
)

interface Member {
  readonly id: string
  readonly signaling: Signaling
  readonly heard: string[]
  returns: number
}

async function enter(id: string, servers: readonly string[]): Promise<Member> {
  const member: Member = { id, signaling: natsSignaling({ servers })('room'), heard: [], returns: 0 }
  await member.signaling.join(id, {
    onSignal: text => void member.heard.push(text),
    onReturn: () => {
      member.returns += 1
    },
  })
  return member
}

describe.skipIf(program === undefined)('NATS signalling', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-nats-'))
  const running: ChildProcess[] = []
  let ports: readonly { readonly client: number; readonly page: number; readonly route: number }[] = []
  const addressOf = (i: number): string => `ws://127.0.0.1:${ports[i]?.page}`

  /** The i-th of two, which are one cluster as soon as both run. */
  async function start(i: number): Promise<void> {
    const { client, page, route } = ports[i] ?? { client: 0, page: 0, route: 0 }
    const routes = ports.map(({ route }) => `nats-route://127.0.0.1:${route}`)
    const file = join(folder, `${i}.conf`)
    writeFileSync(
      file,
      `port: ${client}\nserver_name: n${i}\nhost: 127.0.0.1\nwebsocket { host: 127.0.0.1, port: ${page}, no_tls: true }
cluster { name: c, host: 127.0.0.1, port: ${route}, routes: [${routes.join(', ')}] }\n`,
    )
    const server = spawn(program ?? '', ['-c', file], { stdio: 'ignore' })
    running.push(server)
    await vi.waitFor(() => connected(page), { timeout: 20_000, interval: 20 })
  }

  beforeAll(async () => {
    // What Node 20 lacks.
    Object.assign(globalThis, { WebSocket })
    ports = await Promise.all(
      [0, 1].map(async () => ({ client: await free(), page: await free(), route: await free() })),
    )
    await Promise.all([0, 1].map(start))
  })

  afterAll(async () => {
    for (const server of running) {
      if (server.exitCode !== null || server.signalCode !== null) continue
      const ended = once(server, 'exit')
      server.kill('SIGKILL')
      await ended
    }
    rmSync(folder, { recursive: true, force: true })
    Reflect.deleteProperty(globalThis, 'WebSocket')
  })

  describe('by one server', () => {
    it.each(signalingConformance)('$name', async ({ run }) => {
      await run({ create: natsSignaling({ servers: [addressOf(0)] }) })
    })
  })

  it('a room is spread over both, and outlives one of them', async () => {
    const [a, b] = await Promise.all([enter('a', [addressOf(0)]), enter('b', [addressOf(1), addressOf(0)])])
    // The two find each other in their own time.
    await vi.waitFor(
      () => {
        a.signaling.send('hello')
        b.signaling.send('hello')
        if (a.heard.length === 0 || b.heard.length === 0) throw new Error('not one yet')
      },
      { timeout: 20_000, interval: 100 },
    )
    const killed = running[1]
    killed?.kill('SIGKILL')
    await vi.waitFor(() => expect(b.returns).toBe(1), { timeout: 20_000 })
    a.signaling.send('still there', 'b')
    await vi.waitFor(() => expect(b.heard).toContain('still there'), { timeout: 20_000 })
    for (const member of [a, b]) member.signaling.leave()
  }, 60_000)

  it('a member that left while no server could be reached leaves nothing behind', async () => {
    const signaling = natsSignaling({ servers: [`ws://127.0.0.1:${await free()}`] })('room')
    let entered = false
    void signaling.join('a', { onSignal: () => {}, onReturn: () => {} }).then(() => {
      entered = true
    })
    signaling.leave()
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(entered).toBe(false)
  })
})

async function connected(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
  } finally {
    socket.destroy()
  }
}

async function free(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
