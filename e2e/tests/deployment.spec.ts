/**
 * The deployment of docs/operations.md: the files in docs/deployment as they are there, but for paths, ports and the certificate. In
 * place of one that everybody trusts there is one made here, whose key the browser is told to trust.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, randomBytes, randomUUID, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, expect, test } from '@playwright/test'
import { keptCertificate } from '../../scripts/lib/certificate.mjs'
import { firstFreePort } from '../../scripts/lib/port.mjs'
import { inRoot } from '../../scripts/lib/root.mjs'
import { complaintsOf } from '../fixtures/complaints.ts'
import { program } from '../fixtures/program.ts'
import { Tab } from '../fixtures/tab.ts'
import { until } from '../fixtures/until.ts'
import { launchOptions, runFolder } from '../surroundings.ts'

const TURN = 'turn:127.0.0.1:9?transport=udp'

interface Site {
  readonly folder: string
  readonly port: number
  readonly signalingPort: number
}

test('the page behind Caddy is one room for two browsers, without a warning', { tag: '@long' }, async () => {
  const caddy = program('caddy')
  await deployed(async site => {
    const file = await adapted('Caddyfile', site, text =>
      text.replace(
        'flotilla.example {',
        `https://flotilla.example:${site.port} {\n\ttls ${site.folder}/certificate.pem ${site.folder}/key.pem`,
      ),
    )
    const off = `{\n\tadmin off\n\tauto_https disable_redirects\n}\n`
    await writeFile(file, off + (await readFile(file, 'utf8')))
    return spawn(caddy, ['run', '--adapter', 'caddyfile', '--config', file], {
      stdio: 'ignore',
      env: { ...process.env, HOME: site.folder, XDG_DATA_HOME: site.folder, XDG_CONFIG_HOME: site.folder },
    })
  })
})

test('the page behind nginx is one room for two browsers, without a warning', { tag: '@long' }, async () => {
  const nginx = program('nginx')
  await deployed(async site => {
    const file = await adapted('nginx.conf', site, text =>
      text
        .replace('listen 80;', `listen 127.0.0.1:${site.port + 1};`)
        .replace('listen 443 ', `listen 127.0.0.1:${site.port} `)
        .replace('/etc/letsencrypt/live/flotilla.example/fullchain.pem', `${site.folder}/certificate.pem`)
        .replace('/etc/letsencrypt/live/flotilla.example/privkey.pem', `${site.folder}/key.pem`),
    )
    const whole = join(site.folder, 'whole.conf')
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      name => `${name}_temp_path ${site.folder}/${name};`,
    )
    const http = ['include /etc/nginx/mime.types;', `access_log off;`, ...temporary, `include ${file};`]
    const user = process.getuid?.() === 0 ? 'user root;' : ''
    await writeFile(
      whole,
      `${user} daemon off; pid ${site.folder}/pid; error_log stderr;\nevents {}\nhttp { ${http.join('\n')} }\n`,
    )
    return spawn(nginx, ['-c', whole, '-p', site.folder], { stdio: 'ignore' })
  })
})

/** A file of docs/deployment with this site's paths and ports. */
async function adapted(name: string, { folder, signalingPort }: Site, edit: (text: string) => string): Promise<string> {
  const text = await readFile(inRoot('docs', 'deployment', name), 'utf8')
  const file = join(folder, name)
  await writeFile(
    file,
    edit(text.replace('/srv/flotilla', join(folder, 'page')).replace('8787', String(signalingPort))),
  )
  return file
}

async function deployed(serve: (site: Site) => Promise<ChildProcess>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-site-'))
  const { cert } = await keptCertificate(folder, [])
  const port = await firstFreePort(21_000 + (process.pid % 10_000))
  const signalingPort = await firstFreePort(port + 10)
  await cp(join(runFolder, 'visualizer'), join(folder, 'page'), { recursive: true })
  const page = join(folder, 'page', 'index.html')
  const ice = JSON.stringify([{ urls: TURN, username: 'u', credential: 'p' }]).replaceAll('"', '&quot;')
  await writeFile(
    page,
    (await readFile(page, 'utf8'))
      .replace('name="flotilla-signaling" content=""', 'name="flotilla-signaling" content="/signaling"')
      .replace('name="flotilla-ice" content=""', `name="flotilla-ice" content="${ice}"`),
  )
  const { command, args } = { command: process.execPath, args: ['--import', 'tsx', '--conditions=source'] }
  const signaling = spawn(command, [...args, inRoot('packages', 'signaling-server', 'src', 'cli.ts')], {
    cwd: inRoot(),
    stdio: 'ignore',
    env: { ...process.env, PORT: String(signalingPort), PROXIES: '1', ORIGINS: 'https://flotilla.example' },
  })
  const server = await serve({ folder, port, signalingPort })
  const contexts: BrowserContext[] = []
  try {
    for (const each of [port, signalingPort]) await until(`something listens on ${each}`, () => answers(each))
    const key = createHash('sha256').update(new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' }))
    const complaints: string[] = []
    const trusted = [
      `--host-resolver-rules=MAP flotilla.example:443 127.0.0.1:${port}`,
      `--ignore-certificate-errors-spki-list=${key.digest('base64')}`,
    ]
    for (const name of ['first', 'second']) {
      const context = await chromium.launchPersistentContext(join(folder, name), {
        ...launchOptions,
        args: [...(launchOptions.args ?? []), ...trusted],
      })
      contexts.push(context)
      complaintsOf(context, complaints)
      await context.addInitScript(noteIceServers)
    }
    const room = `https://flotilla.example/#room=${randomUUID()}&key=${randomBytes(16).toString('base64url')}`
    const tabs = await Promise.all(contexts.map(context => Tab.open(context, room)))
    await Promise.all(tabs.map(tab => tab.joined()))
    const [first, second] = tabs
    if (first === undefined || second === undefined) throw new Error('two tabs')
    await first.set('key', 'through a proxy')
    await expect.poll(() => second.get('key', 'local')).toBe('through a proxy')
    expect(await second.page.evaluate(() => isSecureContext)).toBe(true)
    expect(await second.page.evaluate(() => Reflect.get(window, 'iceServersUsed'))).toContain(TURN)
    expect(complaints).toEqual([])
  } finally {
    await Promise.all(contexts.map(context => context.close()))
    await Promise.all([server, signaling].map(ended))
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** In the page: which ICE servers its connections are given. */
function noteIceServers(): void {
  const used: unknown[] = []
  Reflect.set(window, 'iceServersUsed', used)
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      for (const { urls } of configuration?.iceServers ?? []) used.push(urls)
    }
  }
}

const answers = (port: number): Promise<true | undefined> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => resolve(true))
    socket.on('error', () => resolve(undefined))
    socket.on('connect', () => socket.destroy())
  })

async function ended(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null) return
  const exit = once(process, 'exit')
  process.kill('SIGTERM')
  await exit
}
