/** Every lesson, by keyboard alone, to its end: with right predictions and with wrong ones. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { expectNoComplaint, listenForComplaints, press, tabTo } from '../fixtures/keyboard.ts'
import { visualizerAddress } from '../surroundings.ts'

interface LessonFile {
  readonly id: string
  readonly title: string
  readonly steps: readonly { readonly ask?: { readonly options: readonly { readonly text: string }[] } }[]
}

const folder = join(import.meta.dirname, '../../packages/simulator/src/lessons/data')
const lessons: LessonFile[] = readdirSync(folder)
  .filter(name => name.endsWith('.json'))
  .sort()
  .map(name => JSON.parse(readFileSync(join(folder, name), 'utf8')))

/** The others are played on the page in the long run; that all of them come true is tried without one. */
const quick = ['stale-read']

for (const lesson of lessons) {
  const tag = quick.includes(lesson.id) ? [] : ['@long']
  test(`“${lesson.title}” is played to its end by keyboard, rightly and wrongly`, { tag }, async ({ page }) => {
    const complaints = listenForComplaints(page)
    await page.goto(`${visualizerAddress}#/learn/${lesson.id}/0`)
    await press(page, 'Begin')
    for (const [i, step] of lesson.steps.entries()) {
      await expect(page.locator('.lesson-count')).toHaveText(`${i + 1} of ${lesson.steps.length + 1}`)
      if (step.ask !== undefined) await predict(page, step.ask.options)
      else await toTheEnd(page)
      await press(page, i === lesson.steps.length - 1 ? 'Your turn' : 'Next')
    }
    await press(page, 'A hint')
    await press(page, 'Show me')
    await page.keyboard.press('End')
    await expect(page.getByText('That is one way to do it.')).toBeVisible()
    await expect.poll(() => page.evaluate(() => localStorage.getItem('flotilla:lessons'))).toContain('"done":true')
    expectNoComplaint(complaints)
  })
}

/** First any answer, which shows what is right; then one that is not, and one that is. */
async function predict(page: Page, options: readonly { readonly text: string }[]): Promise<void> {
  const verdict = page.getByRole('region', { name: 'What came of it' })
  await answer(page, 0)
  const texts = await verdict.locator('li').allTextContents()
  const right = await verdict
    .locator('li')
    .evaluateAll(items => items.findIndex(item => item.classList.contains('right')))
  expect(right, texts.join(' / ')).toBeGreaterThanOrEqual(0)
  await press(page, 'Ask me again')
  await answer(page, (right + 1) % options.length)
  await expect(verdict.getByRole('status')).toHaveText('It went another way.')
  await expect(verdict.locator('.mine .because')).not.toBeEmpty()
  await press(page, 'Ask me again')
  await answer(page, right)
  await expect(verdict.getByRole('status')).toHaveText('You were right.')
}

async function answer(page: Page, option: number): Promise<void> {
  const first = page.getByRole('radio').first()
  await expect(first).toBeVisible()
  for (let i = 0; i < 140; i++) {
    await page.keyboard.press('Tab')
    if (await first.evaluate(radio => radio === document.activeElement)) break
  }
  await page.keyboard.press('Space')
  for (let i = 0; i < option; i++) await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('radio').nth(option)).toBeChecked()
  await tabTo(page, 'Reveal')
  await page.keyboard.press('Enter')
  await toTheEnd(page)
}

async function toTheEnd(page: Page): Promise<void> {
  await page.keyboard.press('End')
  await expect(page.getByRole('button', { name: 'To the end' })).toHaveCount(0)
}
