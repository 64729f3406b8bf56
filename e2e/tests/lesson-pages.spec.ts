/** Every page of every lesson, before and after its question: no wider than its window, and its buttons in nobody's way. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { press, tabTo } from '../fixtures/keyboard.ts'
import { visualizerAddress } from '../surroundings.ts'

const folder = join(import.meta.dirname, '../../packages/simulator/src/lessons/data')
const lessons: { readonly id: string; readonly steps: readonly { readonly ask?: object }[] }[] = readdirSync(folder)
  .filter(name => name.endsWith('.json'))
  .sort()
  .map(name => JSON.parse(readFileSync(join(folder, name), 'utf8')))

/** Where German fits, whose words are longer, English does; on a phone lines break otherwise. */
const windows = [
  { width: 360, height: 640, languages: ['en', 'de'] },
  { width: 1024, height: 768, languages: ['de'] },
  { width: 1366, height: 768, languages: ['de'] },
]

for (const { languages, ...viewport } of windows)
  for (const language of languages)
    test(`the pages of the lessons fit ${viewport.width} × ${viewport.height}, in “${language}”`, {
      tag: '@long',
    }, async ({ page }) => {
      await page.setViewportSize(viewport)
      await page.goto(`${visualizerAddress}?lang=${language}#/learn`)
      await expect(page.locator('.lesson-list')).toBeVisible()
      const faults: string[] = []
      const look = async (place: string) => {
        for (const fault of await faultsOf(page)) faults.push(`${place}: ${fault}`)
      }
      for (const { id, steps } of lessons)
        for (let i = 0; i <= steps.length + 1; i++) {
          const place = `${id}/${i}`
          await page.evaluate(hash => {
            location.hash = hash
          }, `#/learn/${place}`)
          await expect(page.locator('.lesson-count')).toHaveText(new RegExp(`^${i} `))
          await look(place)
          if (steps[i - 1]?.ask === undefined) continue
          await page.getByRole('radio', { disabled: false }).and(page.locator('[name=prediction]')).first().check()
          await page.locator('form.ask-card [type=submit]').click()
          await page.keyboard.press('End')
          await expect(page.locator('.verdicts')).toBeVisible()
          await look(`${place}, told`)
        }
      expect(faults).toEqual([])
    })

/** Judged in the page, after the next frame: what the window is too narrow for, and what lies over a button. */
const faultsOf = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    await new Promise(requestAnimationFrame)
    const faults: string[] = []
    const beyond = document.documentElement.scrollWidth - innerWidth
    if (beyond > 0) faults.push(`${beyond} px wider than the window`)
    for (const part of document.querySelectorAll('.lesson-steps > *')) {
      const { left, top, width, height } = part.getBoundingClientRect()
      const there = document.elementFromPoint(left + width / 2, top + height / 2)
      if (there === null || !part.contains(there)) faults.push(`“${part.textContent}” is covered`)
    }
    const words = document.querySelector('.lesson-say')?.getBoundingClientRect()
    const bench = document.querySelector('.bench')?.getBoundingClientRect()
    if (words && bench && words.bottom > bench.top + 1) faults.push('the words reach into the picture')
    return faults
  })

test('by keyboard, the focus stays where the reading goes on', async ({ page }) => {
  await page.goto(`${visualizerAddress}#/learn/stale-read/0`)
  await press(page, 'Begin')
  for (let i = 1; i <= 3; i++) {
    if (i > 1) {
      await expect(page.getByRole('form', { name: 'Your prediction' })).toBeFocused()
      await page.keyboard.press('Tab')
      await page.keyboard.press('Space')
      await tabTo(page, 'Reveal')
      await page.keyboard.press('Enter')
    }
    await page.keyboard.press('End')
    await expect(page.getByRole('button', { name: 'To the end' })).toHaveCount(0)
    if (i > 1) await expect(page.locator('.ask-card h2')).toBeFocused()
    await press(page, i === 3 ? 'Your turn' : 'Next')
  }
  await expect(page.getByRole('heading', { name: 'Your turn' })).toBeFocused()
  await press(page, 'A hint')
  await expect(page.locator('.ask-card .because')).toBeFocused()
})
