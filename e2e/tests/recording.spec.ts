/** What Live showed is what the Lab shows of its recording; and the real nodes broke nothing that a trace can decide. */
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures/cluster.ts'
import { Seen } from '../fixtures/seen.ts'
import { visualizerAddress } from '../surroundings.ts'

test.afterEach(({ cluster }) => {
  expect(cluster.complaints, 'no page complained').toEqual([])
})

/** The end of each log, which every width has room for: its entries, their terms, and whether each is committed. */
const logs = (page: Page) =>
  page
    .locator('.ledger')
    .getByRole('list')
    .evaluateAll(lists =>
      lists.map(list =>
        [...list.querySelectorAll('[role=listitem]')].slice(-6).map(entry => entry.getAttribute('aria-label')),
      ),
    )

test('a recording of three live tabs, opened in the Lab, equals what Live showed', async ({ cluster }) => {
  await cluster.open(3)
  await cluster.waitForVoters()
  const [tab] = cluster.tabs
  if (tab === undefined) throw new Error('three are open')
  const { page } = tab
  const seen = new Seen(tab)
  await page.getByRole('button', { name: 'Record' }).click()
  for (const value of ['red', 'green', 'blue']) await seen.write('colour', value)
  await expect(page.getByRole('listitem', { name: /, colour ← blue, committed$/ })).toHaveCount(3)
  await cluster.waitForAgreement()
  const shown = await logs(page)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Stop and save' }).click(),
  ])

  const lab = await page.context().newPage()
  await lab.goto(`${visualizerAddress}#/lab`)
  await expect(lab.getByRole('heading', { level: 1 })).toHaveText('Nobody leads yet.')
  await lab.getByRole('button', { name: 'Run', exact: true }).click()
  await lab.getByLabel('Open a trace').setInputFiles(await download.path())
  await expect(lab.getByText('No property is broken that a trace alone can decide.')).toBeVisible()
  await lab.getByRole('button', { name: 'To the beginning' }).press('End')
  await expect.poll(() => logs(lab)).toEqual(shown)
})
