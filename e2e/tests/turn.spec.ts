/** Tabs that reach each other through a TURN server only, Debian's coturn. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { firstFreePort } from '../../scripts/lib/port.mjs'
import { program } from '../fixtures/program.ts'
import { until } from '../fixtures/until.ts'
import { harnessAddress } from '../surroundings.ts'

test('tabs link through a TURN server, and with a wrong password do not', async ({ context }) => {
  const turn = await startTurn(program('turnserver'))
  try {
    const room = randomUUID()
    const server = {
      urls: `turn:${turn.address}:${turn.port}?transport=udp`,
      username: 'flotilla',
      credential: 'secret',
    }
    const [a, b, wrong] = await Promise.all(['a', 'b', 'wrong'].map(() => openPage()))
    if (a === undefined || b === undefined || wrong === undefined) throw new Error('three pages')
    await enter(a, room, 'a', server)
    await enter(wrong, room, 'w', { ...server, credential: 'guessed' })
    await enter(b, room, 'b', server)
    const nowhere = await openPage()
    await enter(nowhere, room, 'n', { ...server, urls: `turn:${turn.address}:9?transport=udp` })
    await a.evaluate(() => window.tab?.linkedTo(['b']))
    await a.evaluate(() => window.tab?.send('b', 100, 'normal', 7))
    await expect.poll(() => b.evaluate(() => window.tab?.arrivals)).toEqual([{ from: 'a', bytes: 100, mark: 7 }])
    const times = await a.evaluate(() => window.tab?.roundTrips('b', 50, 100))
    expect(times).toHaveLength(50)
    expect(await wrong.evaluate(() => window.tab?.peers())).toEqual([])
    await expect
      .poll(() => wrong.evaluate(() => window.tab?.obstacles().map(({ kind }) => kind)), { timeout: 30_000 })
      .toContain('WrongCredentials')
    await expect
      .poll(() => nowhere.evaluate(() => window.tab?.obstacles().map(({ kind }) => kind)), { timeout: 60_000 })
      .toContain('NoCandidates')
  } finally {
    await turn.stop()
  }

  async function openPage(): Promise<Page> {
    const page = await context.newPage()
    await page.goto(new URL('mesh.html', harnessAddress).href)
    await page.waitForFunction(() => window.tab !== undefined)
    return page
  }
})

const enter = (page: Page, room: string, id: string, turn: RTCIceServer): Promise<void> =>
  page.evaluate(([room, id, turn]) => window.tab?.openRelayed(room, id, turn), [room, id, turn] as const)

async function startTurn(
  executable: string,
): Promise<{ readonly address: string; readonly port: number; stop(): Promise<void> }> {
  const port = await firstFreePort(30_000 + (process.pid % 10_000))
  const address = ownAddress()
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-turn-'))
  const file = join(folder, 'turnserver.conf')
  const settings = [
    `listening-port=${port}`,
    `listening-ip=${address}`,
    `relay-ip=${address}`,
    'min-port=41000',
    'max-port=41999',
    'lt-cred-mech',
    'user=flotilla:secret',
    'realm=flotilla.test',
    'allow-loopback-peers',
    'no-tls',
    'no-dtls',
    'no-cli',
    `pidfile=${join(folder, 'pid')}`,
    'log-file=stdout',
  ]
  await writeFile(file, `${settings.join('\n')}\n`)
  const server: ChildProcess = spawn(executable, ['-c', file], { stdio: 'ignore', cwd: folder })
  await until('the TURN server listens', () => listens(port, address))
  return {
    address,
    port,
    async stop() {
      const ended = once(server, 'exit')
      server.kill('SIGKILL')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A relay on the loopback address is none that a browser uses. */
function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap(all => all ?? [])
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1'
}

async function listens(port: number, host: string): Promise<true> {
  const socket = connect(port, host)
  try {
    await once(socket, 'connect')
    return true
  } finally {
    socket.destroy()
  }
}
