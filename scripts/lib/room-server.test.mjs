import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signalingServer } from '@flotilla/signaling-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { givenCertificate, keptCertificate } from './certificate.mjs'
import { serveRooms } from './room-server.mjs'
import { fragmentOf, networkAddresses, sharedRoom } from './shared-room.mjs'

const folder = mkdtempSync(join(tmpdir(), 'flotilla-rooms-'))
const kept = mkdtempSync(join(tmpdir(), 'flotilla-rooms-'))
/** @type {Awaited<ReturnType<typeof serveRooms>>} */
let server
/** @type {import('./certificate.mjs').Certificate} */
let certificate

beforeAll(async () => {
  writeFileSync(
    join(folder, 'index.html'),
    '<meta name="flotilla-signaling" content="" /><meta name="flotilla-address" content="" />',
  )
  writeFileSync(join(folder, 'app.js'), 'let x')
  certificate = await keptCertificate(kept, ['192.0.2.1'])
  const signaling = signalingServer({ log: () => {} })
  const address = 'https://192.0.2.1:1/'
  server = await serveRooms({ folder, port: 0, host: '0.0.0.0', certificate, signaling, address })
})

afterAll(async () => {
  await server.close()
  for (const made of [folder, kept]) rmSync(made, { recursive: true })
})

/**
 * @param {string} address
 * @returns {Promise<{ status: number | undefined, headers: http.IncomingHttpHeaders, body: string }>}
 */
function get(address) {
  const { get } = address.startsWith('https') ? https : http
  return new Promise((resolve, reject) => {
    const request = get(address, { rejectUnauthorized: false, agent: false }, async response => {
      let body = ''
      for await (const chunk of response) body += chunk
      resolve({ status: response.statusCode, headers: response.headers, body })
    })
    request.on('error', reject)
  })
}

test('one port serves this machine plainly and everybody securely, and tells the page where rooms find together', async () => {
  for (const scheme of ['http', 'https']) {
    const page = await get(`${scheme}://127.0.0.1:${server.port}/?x#y`)
    expect(page.status).toBe(200)
    expect(page.body).toBe(
      '<meta name="flotilla-signaling" content="./signaling" /><meta name="flotilla-address" content="https://192.0.2.1:1/" />',
    )
    expect(await get(`${scheme}://127.0.0.1:${server.port}/app.js`)).toMatchObject({ status: 200, body: 'let x' })
    expect((await get(`${scheme}://127.0.0.1:${server.port}/health`)).body).toContain('"status":"ok"')
    for (const path of ['/nothing', '/../certificate.pem', '/%2e%2e/key.pem'])
      expect((await get(`${scheme}://127.0.0.1:${server.port}${path}`)).status, path).toBe(404)
  }
})

test('the page may run and load nothing but what this server gives it', async () => {
  for (const path of ['/', '/app.js']) {
    const { headers } = await get(`http://127.0.0.1:${server.port}${path}`)
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'; script-src 'self';")
    expect(policy).not.toContain('unsafe')
    expect(headers['referrer-policy']).toBe('no-referrer')
  }
})

test('whoever comes plainly from elsewhere is sent to the secure address', async ({ skip }) => {
  const [own] = networkAddresses()
  if (own === undefined) return skip('this machine is on no network')
  const { status, headers } = await get(`http://${own}:${server.port}/?a`)
  expect([status, headers.location]).toEqual([307, `https://${own}:${server.port}/?a`])
  expect((await get(`https://${own}:${server.port}/`)).status).toBe(200)
})

test('rooms are found over both, by pages of this very server only', async () => {
  for (const [scheme, origin] of [
    ['ws', 'http'],
    ['wss', 'https'],
  ]) {
    const address = `${scheme}://127.0.0.1:${server.port}/signaling`
    const socket = new WebSocket(address, {
      origin: `${origin}://127.0.0.1:${server.port}`,
      rejectUnauthorized: false,
    })
    await new Promise(resolve => socket.once('open', resolve))
    socket.terminate()
    const stranger = new WebSocket(address, { origin: 'https://evil.test', rejectUnauthorized: false })
    const refused = await new Promise(resolve => stranger.once('error', resolve))
    expect(String(refused)).toContain('403')
  }
})

test('noise, half a greeting and an upgrade to nothing harm nobody', async () => {
  for (const noise of ['\u0016\u0003\u0001garbage', 'NOT HTTP\r\n\r\n', 'GET / HT', '\u0000'.repeat(1_000)]) {
    const socket = connect(server.port, '127.0.0.1')
    socket.on('error', () => {})
    await new Promise(resolve => socket.write(noise, resolve))
    socket.destroy()
  }
  const nowhere = new WebSocket(`ws://127.0.0.1:${server.port}/elsewhere`)
  await new Promise(resolve => nowhere.once('error', resolve))
  expect((await get(`http://127.0.0.1:${server.port}/`)).status).toBe(200)
})

test('the certificate is kept, its key readable by nobody else, and made anew when it is none any more', async () => {
  expect(await keptCertificate(kept, [])).toEqual(certificate)
  if (process.platform !== 'win32') expect(statSync(join(kept, 'key.pem')).mode & 0o077).toBe(0)
  const given = givenCertificate(join(kept, 'certificate.pem'), join(kept, 'key.pem'))
  expect(given).toEqual(certificate)

  const other = mkdtempSync(join(tmpdir(), 'flotilla-rooms-'))
  writeFileSync(join(other, 'certificate.pem'), 'cut short')
  writeFileSync(join(other, 'key.pem'), 'cut short')
  expect(() => givenCertificate(join(other, 'certificate.pem'), join(kept, 'key.pem'))).toThrow('both as PEM')
  expect(() => givenCertificate(join(other, 'nothing'), join(kept, 'key.pem'))).toThrow('cannot be read')
  const made = await keptCertificate(other, [])
  expect(made.cert).toContain('BEGIN CERTIFICATE')
  expect(() => givenCertificate(join(other, 'certificate.pem'), join(kept, 'key.pem'))).toThrow('and its key')
  rmSync(other, { recursive: true })
})

test('the room that everyone is invited to is the same each time, unless another is wanted', () => {
  const first = sharedRoom(folder)
  expect(sharedRoom(folder)).toEqual(first)
  expect(fragmentOf(first)).toMatch(/^#room=class-\d{4}&key=[A-Za-z0-9_-]{22}$/)
  expect(sharedRoom(folder, true).key).not.toBe(first.key)
  writeFileSync(join(folder, 'room.json'), '{"room":"<img>","key":"x"}')
  expect(sharedRoom(folder).room).toMatch(/^class-/)
})

test('addresses of real networks come first, those of this machine alone not at all', () => {
  const at = (/** @type {string} */ address, internal = false, family = /** @type {'IPv4' | 'IPv6'} */ ('IPv4')) => ({
    address,
    internal,
    family,
    netmask: '',
    mac: '',
    cidr: null,
    ...(family === 'IPv6' ? { scopeid: 0 } : {}),
  })
  const found = networkAddresses(
    /** @type {NodeJS.Dict<import('node:os').NetworkInterfaceInfo[]>} */ ({
      lo: [at('127.0.0.1', true)],
      docker0: [at('172.17.0.1')],
      wlan0: [at('fe80::1', false, 'IPv6'), at('192.0.2.7'), at('169.254.1.1')],
    }),
  )
  expect(found).toEqual(['192.0.2.7', '172.17.0.1'])
})
