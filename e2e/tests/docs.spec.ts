/** The guide's app and the first programs of READMEs, built as they stand there, in tabs. What needs no browser runs in `scripts/lib/docs-examples.test.mjs`. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from '@flotilla/playwright'
import { type Example, guide, readme } from '../../scripts/lib/docs-examples.mjs'
import { type Served, serveApp } from '../fixtures/example.ts'

const root = join(import.meta.dirname, '../.cache/docs')

for (const { heading, file, code } of guide()) {
  if (heading === 'A new version' || file === undefined) continue
  // The one line that the guide has one add for tests.
  const forTests = code.replace(/^ {2}worker: .*$/m, '$&\n  ...forTests(),')
  const isMain = file === 'main.tsx'
  const folder = file.endsWith('.spec.ts') ? 'tests' : 'guide'
  write(`${folder}/${file}`, isMain ? `import { forTests } from '@flotilla/playwright/app'\n${forTests}` : code)
}
write(
  'guide/who-main.tsx',
  `import { openNode } from '@flotilla/browser-node'
   import { ClusterProvider } from '@flotilla/react'
   import { stateOf } from '@flotilla/state'
   import { createRoot } from 'react-dom/client'
   import { program } from './program.ts'
   import { secretOfLink } from './room.ts'
   import { Who } from './who.tsx'
   const secret = secretOfLink()
   const worker = () => new Worker(new URL('./node.worker.ts', import.meta.url), { type: 'module' })
   const state = stateOf(await openNode({ room: 'who', program, secret, worker }))
   const name = new URLSearchParams(location.search).get('name') ?? ''
   createRoot(document.body).render(<ClusterProvider state={state}><Who name={name} /></ClusterProvider>)`,
)
for (const { file, code } of readme('browser-node')) if (file !== undefined) write(`words/${file}`, code)
write('react.tsx', readme('react')[0].code)
write('in-charge.ts', programOf('indexeddb-storage').code)

const pages = {
  index: 'guide/main.tsx',
  who: 'guide/who-main.tsx',
  words: 'words/main.ts',
  react: 'react.tsx',
  'in-charge': 'in-charge.ts',
}
for (const [name, script] of Object.entries(pages))
  write(`${name}.html`, `<!doctype html><title>${name}</title><body><script type="module" src="/${script}"></script>`)

let served: Served | undefined
test.use({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from it what a fixture needs
  baseURL: async ({}, use) => {
    served ??= await serveApp(
      root,
      Object.keys(pages).map(name => `${name}.html`),
    )
    await use(served.address)
  },
  roomTimeout: 120_000,
})
test.afterAll(() => served?.close())

// The test at the end of the guide, of the app that the guide makes.
await import(join(root, 'tests/todos.spec.ts'))

test('the guide’s room is whoever has its link, and its pages see each other come and go @long', async ({
  context,
}) => {
  const [ada, ben] = [await context.newPage(), await context.newPage()]
  await ada.goto('/who.html?name=Ada')
  await expect(ada.locator('p')).toHaveText('Nobody else is here.')
  const { hash } = new URL(ada.url())
  expect(hash).toMatch(/^#key=.+/)
  await ben.goto(`/who.html?name=Ben${hash}`)
  await expect(ada.locator('p')).toHaveText('Also here: Ben')
  await expect(ben.locator('p')).toHaveText('Also here: Ada')
  // As a person closes it: the page may say goodbye.
  await ben.close({ runBeforeUnload: true })
  await expect(ada.locator('p')).toHaveText('Nobody else is here.')
})

test('the first program of react’s README shows in one tab what another adds', async ({ context }) => {
  const [one, two] = [await context.newPage(), await context.newPage()]
  for (const page of [one, two]) await page.goto('/react.html')
  await one.getByRole('button', { name: 'nothing yet' }).click()
  await expect(two.getByRole('button', { name: 'milk' })).toBeVisible()
})

test('the first program of browser-node’s README reads what it wrote', async ({ page }) => {
  const said = page.waitForEvent('console', message => message.text().includes('hello'))
  await page.goto('/words.html')
  expect(await Promise.all((await said).args().map(arg => arg.jsonValue()))).toContainEqual(['hello'])
})

test('by the first program of the READMEs of disks and links one tab is in charge, and then another', {
  tag: '@long',
}, async ({ context }) => {
  expect(programOf('webrtc-transport').code).toBe(programOf('indexeddb-storage').code)
  const first = await context.newPage()
  const inCharge = first.waitForEvent('console', message => message.text().startsWith('in charge in term'))
  await first.goto('/in-charge.html')
  await inCharge
  const second = await context.newPage()
  const standingBy = second.waitForEvent('console', message => message.text() === 'standing by')
  await second.goto('/in-charge.html')
  await standingBy
  const next = second.waitForEvent('console', message => message.text().startsWith('in charge in term'))
  await first.close({ runBeforeUnload: true })
  await next
})

function programOf(name: string): Example {
  return readme(name)[0]
}

/** Only what is another: all workers of the tests load this file. */
function write(file: string, content: string): void {
  const path = join(root, file)
  if (existsSync(path) && readFileSync(path, 'utf8') === content) return
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}
