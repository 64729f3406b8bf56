/** Cards in people's hands: by a finger, by keys alone, by two people at once, and without motion. */
import { expect, type Page } from '@playwright/test'
import { add, card, cards, column, people } from '../fixtures/board-page.ts'
import { test } from '../fixtures/browsers.ts'
import { Finger, pointOn } from '../fixtures/finger.ts'
import { RoomServer } from '../fixtures/room-server.ts'
import { until } from '../fixtures/until.ts'

let server: RoomServer
test.beforeAll(async () => {
  server = await RoomServer.start()
})
test.afterAll(() => server.stop())

const tablet = { viewport: { width: 1024, height: 768 }, hasTouch: true }
const phone = { viewport: { width: 360, height: 740 }, hasTouch: true }

test('a finger that rests on a card picks it up, and carries it to another place or column', async ({ browser }) => {
  const [page] = await people(browser, newBoard(), ['Lena'], tablet)
  for (const title of ['Third', 'Second', 'First']) await add(page, title)
  const finger = await Finger.of(page)

  await pickUp(page, finger, 'First')
  await finger.moveTo(await pointOn(column(page, 'To do'), 0.95))
  await finger.up()
  await expect(cards(page, 'To do')).toHaveText(['Second', 'Third', 'First'])

  await pickUp(page, finger, 'Second')
  await finger.moveTo(await pointOn(column(page, 'Done')))
  await finger.up()
  await expect(cards(page, 'Done')).toHaveText(['Second'])
  await expect(page.getByRole('dialog')).not.toBeVisible()
})

test('on a phone a card is carried to a column that is not shown by its tab', async ({ browser }) => {
  const [page] = await people(browser, newBoard(), ['Lena'], phone)
  await add(page, 'Tide table')
  const done = page.getByRole('group', { name: 'Columns' }).getByRole('button', { name: 'Done' })
  const finger = await Finger.of(page)
  await pickUp(page, finger, 'Tide table')
  await finger.moveTo(await pointOn(done))
  await expect(done).toHaveAttribute('data-over', 'true')
  await finger.up()
  await expect(cards(page, 'To do')).toHaveCount(0)
  // A click that follows within 50 ms of a drop is taken for a part of it.
  await expect(async () => {
    await done.click()
    await expect(done).toHaveAttribute('aria-pressed', 'true', { timeout: 1_000 })
  }).toPass()
  await expect(cards(page, 'Done')).toHaveText(['Tide table'])
})

test('two who drop the same card at once agree on one place, and whoever came second is told by whom and where to', {
  tag: '@long',
}, async ({ browser }) => {
  const pages = await people(browser, newBoard(), ['Lena', 'Mira'])
  const [lena, mira] = pages
  await add(lena, 'Tide table')
  await expect(card(mira, 'Tide table')).toBeVisible()
  // Whoever hears that another has it cannot pick it up: both must be quick.
  await expect(async () => {
    for (const page of pages) {
      const { x, y } = await pointOn(card(page, 'Tide table'))
      await page.mouse.move(x, y)
      await page.mouse.down()
    }
    await Promise.all(pages.map(page => page.mouse.move(700, 500)))
    try {
      for (const page of pages) await expect(lifted(page)).toBeVisible({ timeout: 2_000 })
    } catch (error) {
      for (const page of pages) await page.keyboard.press('Escape')
      for (const page of pages) await page.mouse.up()
      for (const page of pages) await expect(card(page, 'Tide table')).toBeVisible()
      throw error
    }
  }).toPass()
  const [doing, done] = [await pointOn(column(lena, 'Doing')), await pointOn(column(mira, 'Done'))]
  await lena.mouse.move(doing.x, doing.y)
  await mira.mouse.move(done.x, done.y)
  await Promise.all(pages.map(page => page.mouse.up()))

  const late = await until('one of them is told', async () => {
    for (const page of pages) if (await page.getByRole('alert').getByText('Not done').isVisible()) return page
    return undefined
  })
  const [first, place] = late === mira ? ['Lena', 'Doing'] : ['Mira', 'Done']
  const wanted = late === mira ? 'Done' : 'Doing'
  await expect(late.getByRole('alert')).toContainText(
    `Not done: you moved Tide table to ${wanted}. ${first} moved it to ${place} first.`,
  )
  for (const page of pages) {
    await expect(cards(page, place)).toHaveText(['Tide table'])
    await expect(cards(page, wanted)).toHaveCount(0)
  }
  await expect((late === mira ? lena : mira).getByRole('alert')).toBeEmpty()
})

test('by keys alone a card is picked up, moved, put back and put down, and each step is said', async ({ browser }) => {
  const [page] = await people(browser, newBoard(), ['Lena'])
  for (const title of ['Second', 'First']) await add(page, title)
  const said = page.locator('p[aria-live="polite"]')
  await card(page, 'First').focus()
  await page.keyboard.press('Space')
  await expect(said).toContainText('Picked up. To do, place 1. Arrows move it')
  await page.keyboard.press('ArrowDown')
  await expect(said).toHaveText('To do, place 2.')
  await page.keyboard.press('ArrowRight')
  await expect(said).toHaveText('Doing, place 1.')
  await expect(card(page, 'First')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(said).toHaveText('Put back.')
  await expect(cards(page, 'To do')).toHaveText(['First', 'Second'])
  await expect(card(page, 'First')).toBeFocused()

  for (const key of ['Space', 'ArrowRight', 'ArrowRight', 'Space']) await page.keyboard.press(key)
  await expect(said).toHaveText('Put down: Done, place 1.')
  await expect(cards(page, 'Done')).toHaveText(['First'])
  await expect(card(page, 'First')).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await expect(card(page, 'Second')).toBeFocused()
})

test('nothing moves by itself for somebody who wants less motion', async ({ browser }) => {
  const [page] = await people(browser, newBoard(), ['Lena'], { reducedMotion: 'reduce' })
  await add(page, 'Tide table')
  await expect(card(page, 'Tide table')).not.toHaveClass(/saved|sent/)
  await card(page, 'Tide table').focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowRight')
  await expect(card(page, 'Tide table')).toBeFocused()
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll('*')].flatMap(element => {
      const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element)
      const isStill = /^0s(, 0s)*$/.test(transitionDuration) && animationName === 'none' && scrollBehavior === 'auto'
      return isStill ? [] : [`${element.tagName} ${element.className}`]
    }),
  )
  expect(moving).toEqual([])
})

const newBoard = (): string => server.newRoom().replace('/#', '/board/#')

const lifted = (page: Page) => page.locator('.item.lifted')

/** Until the card follows the finger. */
async function pickUp(page: Page, finger: Finger, title: string): Promise<void> {
  await finger.down(await pointOn(card(page, title)))
  await expect(lifted(page)).toBeVisible()
}
