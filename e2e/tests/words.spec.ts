/** The page in two languages. */
import { expect, test } from '@playwright/test'
import { visualizerAddress } from '../surroundings.ts'

test('a language that was chosen is spoken at once, in every door, and after a reload', async ({ page }) => {
  await page.goto(visualizerAddress)
  const html = page.locator('html')
  await expect(html).toHaveAttribute('lang', 'en')
  await page.getByRole('button', { name: 'Deutsch' }).click()
  await expect(html).toHaveAttribute('lang', 'de')
  await expect(page).toHaveTitle('Flotilla: Raft zusehen')
  await page.getByRole('link', { name: 'Lernen' }).first().click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sechzehn Lektionen')
  await page.getByRole('link', { name: /Eine saubere Wahl/ }).click()
  await expect(page.getByRole('button', { name: 'Beginnen' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Du kannst sagen, was eine Amtszeit ist')
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('what a term is')
  await expect(page.getByRole('button', { name: 'Begin', exact: true })).toBeVisible()
})

test('a link says in which language it is opened, and that changes nothing for later', async ({ page }) => {
  await page.goto(`${visualizerAddress}?lang=de#/learn`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sechzehn Lektionen')
  await page.goto(`${visualizerAddress}?lang=xx#/learn`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sixteen lessons')
})

test('who reads English fetches no German', async ({ page }) => {
  const texts: Promise<string>[] = []
  page.on('response', response => {
    if (new URL(response.url()).pathname.endsWith('.js')) texts.push(response.text())
  })
  await page.goto(`${visualizerAddress}#/learn`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sixteen lessons')
  await page.waitForLoadState('networkidle')
  for (const text of await Promise.all(texts)) expect(text).not.toContain('Sechzehn')
})
