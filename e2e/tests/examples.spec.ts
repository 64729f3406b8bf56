/** The examples, built as they stand, each in two tabs. */
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { type Served, serveExample } from '../fixtures/example.ts'

let server: Served | undefined
test.afterEach(() => server?.close())

test('the minimal example: what one tab adds the other has, also after both were closed', async ({ context }) => {
  const [one, two] = await open(context, 'minimal')
  await one.getByRole('button', { name: 'Add' }).click()
  await expect(two.getByRole('listitem')).toHaveText(['todo 1'])
  await two.getByRole('button', { name: 'Add' }).click()
  await expect(one.getByRole('listitem')).toHaveText(['todo 1', 'todo 2'])
  const address = one.url()
  await one.close()
  await two.close()
  const later = await context.newPage()
  await later.goto(address)
  await expect(later.getByRole('listitem')).toHaveText(['todo 1', 'todo 2'])
})

test('the zustand example: two tabs set different places of one store, and both have both', async ({ context }) => {
  const [one, two] = await open(context, 'zustand')
  await one.getByLabel('one').fill('from the first')
  await two.getByLabel('two').fill('from the second')
  for (const page of [one, two]) {
    await expect(page.getByLabel('one')).toHaveValue('from the first')
    await expect(page.getByLabel('two')).toHaveValue('from the second')
  }
})

async function open(context: BrowserContext, example: string): Promise<readonly [Page, Page]> {
  server = await serveExample(example)
  const pages = [await context.newPage(), await context.newPage()] as const
  for (const page of pages) await page.goto(server.address)
  return pages
}
