/** Live as people use it: on the screens that they have, with their keyboard, and with what they type. */
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures/cluster.ts'
import { Seen } from '../fixtures/seen.ts'

test.afterEach(({ cluster }) => {
  expect(cluster.complaints, 'no page complained').toEqual([])
})

/** A phone upright and on its side, a tablet, laptops, the same at 200 %, and a wall. */
const SCREENS = [
  [360, 740],
  [740, 360],
  [1024, 768],
  [1366, 657],
  [683, 328],
  [1280, 800],
  [2560, 1440],
] as const

test('every screen shows the whole ring, its own controls side by side, and does not scroll', async ({ cluster }) => {
  await cluster.open(5)
  await cluster.waitForVoters()
  const [tab] = cluster.tabs
  if (tab === undefined) throw new Error('five are open')
  const { page } = tab
  for (const [width, height] of SCREENS) {
    await page.setViewportSize({ width, height })
    await expect.poll(() => faults(page), `${width} × ${height}`).toEqual([])
  }
})

test('a teacher alone at the keyboard: shortcuts, fields, a full list of writes, and the log’s end', {
  tag: '@long',
}, async ({ cluster }) => {
  await cluster.open(1)
  const leader = await cluster.waitForVoters()
  const seen = new Seen(leader)
  const { page } = seen
  await expect(page).toHaveTitle(/^S1 · leader · /)

  // A speed that was just clicked took every key for itself.
  await seen.setPace('1/5')
  const theme = await page.locator('html').getAttribute('data-theme')
  await page.keyboard.press('t')
  await expect(page.locator('html')).not.toHaveAttribute('data-theme', theme ?? '')
  await page.keyboard.press('f')
  await expect(seen.pace('Full speed')).toBeChecked()
  await page.keyboard.press('w')
  await page.keyboard.type('t')
  await expect(page.locator('html'), 'a letter in a field is a letter').not.toHaveAttribute('data-theme', theme ?? '')
  await page.keyboard.press('Escape')
  await page.keyboard.press('t')
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme ?? '')

  // A key of 70 was cut to 64 without a word, and one of spaces was written.
  const write = page.getByRole('button', { name: 'Write' })
  await page.getByLabel('Key', { exact: true }).fill('k'.repeat(70))
  await expect(page.getByText('A key has at most 64 characters; this one has 70.')).toBeVisible()
  await expect(write).toBeDisabled()
  await page.getByLabel('Key', { exact: true }).fill('   ')
  await expect(page.getByText('A key is needed, of more than spaces.')).toBeVisible()
  expect(await leader.trySet('k'.repeat(70), 'v')).toMatchObject({ ok: false, kind: 'InvalidWrite' })

  await page.getByLabel('Key', { exact: true }).fill('x')
  await page.getByLabel('Value', { exact: true }).fill('1')
  for (let i = 1; i <= 40; i++) await write.click()
  await expect(page.getByRole('listitem', { name: /, x ← 40, committed$/ })).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight), 'nothing to scroll to').toBe(0)
  const peeking = await page.locator('.kv-writes').evaluate(list => {
    const bottom = list.getBoundingClientRect().bottom
    return [...list.children]
      .map(row => row.getBoundingClientRect())
      .filter(row => row.top < bottom - 1 && row.bottom > bottom + 1).length
  })
  expect(peeking, 'no row of the fates is cut').toBe(0)

  // A window that grew scrolled back, and the end was no longer followed.
  for (const [width, height] of [
    [1_150, 740],
    [1_800, 900],
    [1_300, 760],
    [2_000, 1_000],
  ] as const) {
    await page.setViewportSize({ width, height })
    await expect(page.getByRole('listitem', { name: /, x ← 40, committed$/ })).toBeInViewport({ ratio: 1 })
    await expect(page.getByRole('button', { name: /To the end/ })).toBeHidden()
  }

  // With every tab reloaded nobody was left to tell the pace.
  await seen.setPace('1/20')
  await page.reload()
  await leader.joined()
  await expect(seen.pace('1/20')).toBeChecked()
  await expect.poll(() => page.evaluate(() => window.flotilla?.status().pace)).toBe(20)
})

test('tabs that close together stay nobody’s followers, and a log that is behind says where it ends', {
  tag: '@long',
}, async ({ cluster }) => {
  await cluster.open(4)
  const leader = await cluster.waitForVoters()
  const [cutOff, ...closing] = await cluster.followers()
  const [first] = closing
  if (cutOff === undefined || first === undefined) throw new Error('three follow')
  const ids = await Promise.all(closing.map(tab => tab.id()))
  const { lastIndex } = await cutOff.status()
  await cluster.cut([cutOff])
  for (let i = 1; i <= 30; i++) await leader.set('x', String(i))
  const seen = new Seen(leader)
  await expect(seen.page.getByText(`ends at ${lastIndex}`)).toBeInViewport({ ratio: 1 })

  await Promise.all(closing.map(tab => cluster.close(tab)))
  for (const id of ids) await expect(seen.node(id)).toHaveAccessibleName(/, tab closed/)
})

/** What a person would complain about at once. */
function faults(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const faults: string[] = []
    const { scrollHeight, scrollWidth } = document.documentElement
    if (scrollHeight > innerHeight || scrollWidth > innerWidth)
      faults.push(`the page scrolls: ${scrollWidth} × ${scrollHeight}`)
    const shown = (selector: string) =>
      [...document.querySelectorAll(selector)]
        .filter(element => element.checkVisibility())
        .map(element => element.getBoundingClientRect())
    const within = (inner: DOMRect, outer: DOMRect) =>
      inner.left >= outer.left - 1 &&
      inner.right <= outer.right + 1 &&
      inner.top >= outer.top - 1 &&
      inner.bottom <= outer.bottom + 1
    const apart = (boxes: readonly DOMRect[]) =>
      boxes.every((a, i) =>
        boxes
          .slice(i + 1)
          .every(b => a.left >= b.right - 1 || b.left >= a.right - 1 || a.top >= b.bottom - 1 || b.top >= a.bottom - 1),
      )
    const [drawing] = shown('.ring-box svg')
    const discs = shown('.node-disc')
    const words = shown('.node-role, .node-self')
    if (drawing === undefined || discs.length !== 5) faults.push('not all nodes are drawn')
    else if (![...discs, ...words].every(box => within(box, drawing))) faults.push('the ring is cut')
    if (!apart(discs)) faults.push('nodes lie on each other')
    if (!discs.every(disc => words.every(word => apart([disc, word])))) faults.push('words lie on nodes')
    if (!apart(shown('.say h1, .pace, #add-a-node'))) faults.push('the controls lie on each other')
    const cards = shown('.card')
    if (!apart(cards)) faults.push('cards lie on each other')
    const all = new DOMRect(0, 0, innerWidth, innerHeight)
    if (!cards.every(card => within(card, all))) faults.push('a card is out of sight')
    const [values] = shown('.key-value')
    if (values && !shown('.key-value-body').every(body => within(body, values)))
      faults.push('the values overflow their card')
    return faults
  })
}
