/** The page in two languages. */
import { expect, type Page, test } from '@playwright/test'
import { foundByAxe } from '../fixtures/axe.ts'
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

/** Everything that is said: texts, and what is only read out. */
const said = (page: Page) =>
  page.evaluate(() => {
    const texts: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const text = (walker.currentNode.textContent ?? '').trim()
      const holder = walker.currentNode.parentElement
      // The live region repeats the headline when it gets to it, messages keep the label they left with, and of the logs'
      // empty columns there are as many as there was room for.
      if (text !== '' && holder?.closest('script, style, [aria-live], .messages, .ledger-axis') === null)
        texts.push(text)
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [aria-valuetext]'))
      for (const name of ['aria-label', 'title', 'placeholder', 'aria-valuetext'])
        texts.push(element.getAttribute(name) ?? '')
    return [document.title, ...texts]
  })

const views: readonly { readonly name: string; readonly hash: string; readonly keys: readonly string[] }[] = [
  { name: 'home', hash: '#/', keys: [] },
  { name: 'the list of lessons', hash: '#/learn', keys: [] },
  { name: 'a lesson that asks', hash: '#/learn/figure-8/3', keys: [] },
  { name: 'the Lab, and why', hash: '#/lab', keys: ['k', 'w'] },
  { name: 'the Lab, with a crash and a node', hash: '#/lab', keys: ['k', '3', 'c'] },
  { name: 'the Lab, with messages and its help', hash: '#/lab', keys: ['e', 'm', '?'] },
  { name: 'the projector', hash: '#/present/figure-8/3', keys: ['a', 'b'] },
]

for (const { name, hash, keys } of views) {
  const tag = name === 'the Lab, and why' ? [] : ['@long']
  test(`${name}: changed to German it says all that it says when opened in German, and is clean by axe`, {
    tag,
  }, async ({ page, context }) => {
    const opened = await context.newPage()
    const open = async (page: Page, query: string) => {
      await page.emulateMedia({ reducedMotion: 'reduce' })
      await page.goto(`${visualizerAddress}${query}${hash}`)
      await expect(page.getByRole('heading', { level: 1 })).not.toBeEmpty()
      if (hash !== '#/learn') await expect(page.locator('.node')).toHaveCount(5)
      for (const key of keys) await page.keyboard.press(key)
      await expect(page.locator('dialog[open] table')).toHaveCount(keys.includes('?') ? 1 : 0)
    }
    await open(opened, '?lang=de')
    await expect(opened.locator('html')).toHaveAttribute('lang', 'de')
    await opened.waitForFunction(() => document.getAnimations().length === 0)

    await open(page, '?lang=en')
    expect(await said(page)).not.toEqual(await said(opened))
    // The projector's page has no buttons, and behind a dialog none can be clicked by a person.
    await page
      .locator('.language, html.presenting body')
      .first()
      .evaluate(button => {
        if (button instanceof HTMLButtonElement) button.click()
        else dispatchEvent(new KeyboardEvent('keydown', { key: 'g' }))
      })
    await expect(page.locator('html')).toHaveAttribute('lang', 'de')
    // Some of it is fetched, or worked out, once it is shown, in both of them.
    await expect(async () => expect(await said(page)).toEqual(await said(opened))).toPass({ timeout: 60_000 })
    expect(await foundByAxe(opened)).toEqual([])
  })
}
