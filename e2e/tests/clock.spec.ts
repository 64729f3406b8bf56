/** The clock of a tab, on a real worker. */
import { expect, type Page, test } from '@playwright/test'
import type {} from '../harness/clock.ts'
import { harnessAddress } from '../surroundings.ts'

test('a clock that a worker ticks conforms', async ({ page }) => {
  await open(page)
  const cases = await page.evaluate(() => window.conformance?.cases ?? [])
  expect(cases.length).toBeGreaterThan(5)
  for (const name of cases) {
    await test.step(name, () => page.evaluate(name => window.conformance?.run(name), name))
    expect(await page.evaluate(() => [window.clock.ticking, window.workers.length])).toEqual(['worker', 1])
  }
})

test('a worker that ends without a word leaves the timers running, and another takes its place', async ({ page }) => {
  await open(page)
  await page.evaluate(async () => {
    window.workers[0]?.terminate()
    await window.wait(10)
    await window.wait(10)
  })
  await page.waitForFunction(() => window.clock.ticking === 'worker' && window.workers.length === 2)
  await page.evaluate(() => window.wait(10))
})

async function open(page: Page): Promise<void> {
  await page.goto(new URL('clock.html', harnessAddress).href)
  await page.waitForFunction(() => window.clock?.ticking === 'worker')
}
