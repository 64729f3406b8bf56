/**
 * Which rule is stronger is said by layers (apps/look/layers.css), never by the order in which parts of the page happen to be loaded, nor by
 * which doors were opened before. Two rules of equal weight once changed places in a build, and a phone on its side showed a blank.
 */
import { expect, type Page, test } from '@playwright/test'
import { newRoom } from '../fixtures/cluster.ts'
import { visualizerAddress } from '../surroundings.ts'

// What fades from one look to the other would still be in the first.
test.use({ contextOptions: { reducedMotion: 'reduce' } })

const screens = [
  { width: 1280, height: 800 },
  { width: 900, height: 700 },
  { width: 360, height: 780 },
  { width: 780, height: 360 },
]

const doors = [
  '#/',
  '#/learn',
  '#/learn/figure-8/1',
  '#/lab/',
  '#/present/figure-8/1',
  '#/stored',
  '#/watch/room=nobody',
].map(hash => `${visualizerAddress}${hash}`)

for (const address of ['#/live', ...doors]) {
  const name = address.replace(visualizerAddress, '')
  test(`${name} looks the same in whatever order styles come, and whichever doors were opened before`, {
    tag: '@long',
  }, async ({ page }) => {
    const isLive = address === '#/live'
    await opened(page, isLive ? newRoom() : address)
    const own = await page.evaluate(() => [...document.styleSheets].map(({ href }) => href ?? ''))
    // Live begins the page anew: no other door's styles are ever there.
    if (!isLive) for (const each of [...doors.filter(other => other !== address), address]) await opened(page, each)
    for (const screen of screens) {
      await page.setViewportSize(screen)
      expect(await page.evaluate(changesWhenReordered, own), `${screen.width} × ${screen.height}`).toEqual([])
    }
  })
}

async function opened(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeAttached()
  await page.waitForLoadState('networkidle')
}

/**
 * What changes when all sheets but the page's first come in the opposite order, and when only those are there that the door brought itself.
 * In one go: nothing that moves can move meanwhile.
 */
function changesWhenReordered(own: readonly string[]): readonly string[] {
  const [first, ...others] = [...document.styleSheets]
  const copies = others.map(({ href, cssRules }) => {
    const copy = new CSSStyleSheet()
    copy.replaceSync([...cssRules].map(({ cssText }) => cssText).join('\n'))
    return { href: href ?? '', copy }
  })
  const inOrder = copies.map(({ copy }) => copy)
  const orders = {
    'the other way around': inOrder.toReversed(),
    'without the other doors': copies.filter(({ href }) => own.includes(href)).map(({ copy }) => copy),
  }
  for (const sheet of others) sheet.disabled = true
  const elements = [...document.querySelectorAll('body, body *')]
  const seen = () =>
    elements.map(
      each => new Map([...getComputedStyle(each)].map(name => [name, getComputedStyle(each).getPropertyValue(name)])),
    )
  document.adoptedStyleSheets = inOrder
  const before = seen()
  const changes: string[] = []
  for (const [order, sheets] of Object.entries(orders)) {
    document.adoptedStyleSheets = sheets
    for (const [i, now] of seen().entries())
      for (const [name, value] of now) {
        const was = before[i]?.get(name)
        if (was !== value)
          changes.push(
            `${order}: ${elements[i]?.tagName}.${elements[i]?.getAttribute('class')} ${name}: ${was} → ${value}`,
          )
      }
  }
  document.adoptedStyleSheets = []
  for (const sheet of others) sheet.disabled = false
  if (first === undefined || others.length === 0) changes.push('there is nothing to reorder')
  return changes.slice(0, 40)
}
