/** What outsiders get: the packages' tarballs, installed in an empty folder, type-checked, run, bundled and opened in tabs. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, normalize } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@playwright/test'
import { build, type PreviewServer, preview } from 'vite'
import { firstExample, installOutside, onlyForUs, type Packed, packAll, shortName } from '../../scripts/lib/outside.mjs'
import { npm, tool } from '../../scripts/lib/run.mjs'

const run = promisify(execFile)

/** Whose first example runs in Node; the others need a browser, a server or a file. */
const IN_NODE = ['client', 'cluster', 'core', 'simulator', 'state']

test.describe('the packed packages', { tag: '@long' }, () => {
  test.describe.configure({ mode: 'serial' })
  let outside: string
  let packed: Packed[]

  test('are packed from sources and installed in an empty folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'outside-'))
    packed = await packAll(folder)
    outside = join(folder, 'project')
    await installOutside(outside, packed)
  })

  test('hold JavaScript, types, maps, a license and a README, and no tests', async () => {
    for (const { name, files } of packed) {
      for (const needed of ['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts', 'dist/index.js.map'])
        expect(files, name).toContain(needed)
      expect(
        files.filter(file => /\.test\.|fixtures|tsbuildinfo/.test(file)),
        name,
      ).toEqual([])
    }
  })

  test('have no maps of files, nor links to files, that they lack', async () => {
    for (const { name, files } of packed) {
      const home = join(outside, 'node_modules', name)
      for (const file of files.filter(file => file.endsWith('.map'))) {
        const { sources } = JSON.parse(await readFile(join(home, file), 'utf8'))
        for (const source of sources) expect(files, `${name}/${file}`).toContain(normalize(join(dirname(file), source)))
      }
      const readme = await readFile(join(home, 'README.md'), 'utf8')
      for (const [, link = ''] of readme.matchAll(/\]\(([^)#]+)/g)) {
        if (!/^https?:/.test(link)) expect(files, `${name}/README.md`).toContain(normalize(link))
      }
    }
  })

  test('begin their READMEs with examples that compile', async () => {
    for (const each of packed) {
      const example = firstExample(each)
      if (example !== undefined) await writeFile(join(outside, `${shortName(each)}.ts`), example)
    }
    const compilerOptions = {
      target: 'ES2023',
      lib: ['ESNext', 'DOM', 'DOM.Iterable'],
      strict: true,
      outDir: 'built',
      rootDir: '.',
      // The only thing from this repository: an application would have Node's types itself.
      types: ['node'],
      typeRoots: [join(import.meta.dirname, '../../node_modules/@types')],
    }
    for (const [module, moduleResolution] of [
      ['NodeNext', 'NodeNext'],
      ['ESNext', 'Bundler'],
    ]) {
      const config = { compilerOptions: { ...compilerOptions, module, moduleResolution }, include: ['*.ts'] }
      await writeFile(join(outside, 'tsconfig.json'), JSON.stringify(config))
      await ran(tool('typescript', ['-p', outside]), outside)
    }
  })

  for (const name of IN_NODE) {
    test(`the first example of ${name} runs in Node`, async () => {
      const said = await ran([process.execPath, join('built', `${name}.js`)], outside)
      expect(said).not.toBe('')
    })
  }

  test('an application is built from them by Vite without any configuration, and two of its tabs agree', async ({
    context,
  }) => {
    await writeFile(join(outside, 'index.html'), '<!doctype html><p></p><script type="module" src="/page.js"></script>')
    await writeFile(join(outside, 'page.js'), page)
    const app = { configFile: false, root: outside, logLevel: 'warn' } as const
    await build(app)
    const server: PreviewServer = await preview({ ...app, preview: { host: 'localhost', port: 0 } })
    try {
      const address = server.resolvedUrls?.local[0] ?? ''
      const tabs = [await context.newPage(), await context.newPage()]
      for (const tab of tabs) await tab.goto(address)
      for (const tab of tabs) await expect(tab.locator('p')).toHaveText(/^(leader|follower) of 2, ticked by a worker$/)
      const texts = await Promise.all(tabs.map(tab => tab.locator('p').textContent()))
      expect(texts.filter(text => text?.startsWith('leader'))).toHaveLength(1)
    } finally {
      await server.close()
    }
  })

  test('publint and arethetypeswrong have nothing to say', async () => {
    for (const { folder, tarball } of packed) {
      await ran(npm(['exec', '--yes', '--', 'publint@0.3.25', 'run', tarball, '--strict']), outside)
      const attw = ['@arethetypeswrong/cli@0.18.5', tarball, '--profile', 'esm-only', '--format', 'ascii']
      const ours = onlyForUs(folder)
      const excluded = ours.length === 0 ? [] : ['--exclude-entrypoints', ...ours]
      await ran(npm(['exec', '--yes', '--', ...attw, ...excluded]), outside)
    }
  })
})

/** What it printed. Throws with it, if it failed. */
async function ran([program, ...args]: readonly [string, ...string[]], cwd: string): Promise<string> {
  try {
    // Without the `source` condition that these tests themselves run with.
    return (await run(program, args, { cwd, env: { ...process.env, NODE_OPTIONS: '' } })).stdout
  } catch (error) {
    const { stdout, stderr } = { stdout: '', stderr: '', ...(error instanceof Error ? error : {}) }
    throw new Error(`${program} ${args.join(' ')}\n${stdout}\n${stderr}`)
  }
}

const page = `
import { jsonCodec, openCluster, workerClock } from '@flotilla/cluster'
import { indexedDb } from '@flotilla/indexeddb-storage'
import { webRtc } from '@flotilla/webrtc-transport'

const clock = workerClock()
const nothing = {
  command: jsonCodec(String),
  result: jsonCodec(String),
  apply: command => command,
  snapshot: () => new Uint8Array(),
  restore: () => {},
}
const node = await openCluster({ room: 'outside', storage: indexedDb(), transport: webRtc(), machine: nothing, clock })
setInterval(() => {
  const { role, members } = node.status()
  const voters = members.filter(({ voter }) => voter).length
  document.querySelector('p').textContent = role + ' of ' + voters + ', ticked by a ' + clock.ticking
}, 50)
`
