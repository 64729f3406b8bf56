/** Many classes have no network: the page opens again without one, and Learn and the Lab fit into one file on a stick. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, type Page, test } from '@playwright/test'
import { build } from 'vite'
import { runFolder, visualizerAddress } from '../surroundings.ts'

/** Everything that a page complains of. */
function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = []
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(error.message))
  return complaints
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 })

test('after its first load every door opens without a network', async ({ page, context }) => {
  const complaints = complaintsOf(page)
  await page.goto(visualizerAddress)
  await expect(heading(page)).toBeVisible()
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)

  await context.setOffline(true)
  for (const hash of ['#/', '#/learn', '#/learn/figure-8/0', '#/lab', '#room=offline-1']) {
    await page.goto(`${visualizerAddress}?again=${encodeURIComponent(hash)}${hash}`)
    await expect(heading(page), hash).toBeVisible()
  }
  expect(complaints).toEqual([])
})

test('what is not ours is asked of the server, also by a page that is kept', async ({ page }) => {
  await page.goto(visualizerAddress)
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  const status = await page.evaluate(async () => (await fetch('./no-such-file.json')).headers.get('content-type'))
  expect(status).not.toContain('json')
})

test('one file holds Learn and the Lab, and asks for nothing', async ({ page }) => {
  const outDir = join(runFolder, 'single')
  await build({
    root: join(import.meta.dirname, '..', '..', 'apps', 'visualizer'),
    mode: 'single',
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  })
  const complaints = complaintsOf(page)
  const asked: string[] = []
  page.on('request', request => asked.push(request.url()))
  const address = pathToFileURL(join(outDir, 'index.html')).href

  for (const hash of ['', '#/learn', '#/learn/figure-8/0', '#/lab', '#/live']) {
    await page.goto('about:blank')
    await page.goto(address + hash)
    await expect(heading(page), hash).toBeVisible()
  }
  await expect(page.getByText('Live needs a server')).toBeVisible()
  expect(asked.filter(url => !url.startsWith(address) && !/^(?:about|data|blob):/.test(url))).toEqual([])
  expect(complaints).toEqual([])
})
