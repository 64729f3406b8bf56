/** The picture is right, its controls do what they say in every tab, and everybody can use it. */
import type { Page } from '@playwright/test'
import { rounds } from '../../scripts/lib/long-run.mjs'
import { foundByAxe } from '../fixtures/axe.ts'
import { expect, newRoom, test } from '../fixtures/cluster.ts'
import { Seen } from '../fixtures/seen.ts'

test.afterEach(({ cluster }) => {
  expect(cluster.complaints, 'no page complained').toEqual([])
})

test('every tab shows the leader with its crown and its term, and a write as committed in every log', async ({
  cluster,
}) => {
  await cluster.open(3)
  const leader = await cluster.waitForVoters()
  const { id, term } = await leader.status()
  const [writer] = await cluster.followers()
  if (writer === undefined) throw new Error('nobody follows')
  await new Seen(writer).write('colour', 'red')

  for (const tab of cluster.tabs) {
    const seen = new Seen(tab)
    await expect(seen.node(id)).toHaveAccessibleName(new RegExp(`, leader, .*term ${term},`))
    await expect(seen.node(id).locator('.crown')).toBeVisible()
    await expect(seen.page.locator('.crown')).toHaveCount(1)
    const cells = seen.page.getByRole('listitem', { name: /, colour ← red, committed$/ })
    await expect(cells, 'one in each of the three logs').toHaveCount(3)
    await expect(seen.page.getByRole('row', { name: 'colour red' })).toBeVisible()
  }
  await expect(writer.page.getByRole('listitem').filter({ hasText: /colour ← red.*committed at/ })).toBeVisible()
})

test('a node is cut off and linked again with the buttons of any tab, and all tabs show it', { tag: '@long' }, async ({
  cluster,
}) => {
  await cluster.open(3)
  const leader = await cluster.waitForVoters()
  const id = await leader.id()
  const others = await cluster.followers()
  const [first, second] = others.map(tab => new Seen(tab))
  if (first === undefined || second === undefined) throw new Error('two follow')

  await first.select(id)
  await first.inspector.getByRole('button', { name: 'Cut off' }).click()
  for (const tab of cluster.tabs) await expect(new Seen(tab).cutLinks).toHaveCount(2)
  await cluster.waitForAgreement({ tabs: others })
  await expect(new Seen(leader).headline).toHaveText(/^No majority: S\d and S\d are missing\.$/)

  await second.select(id)
  await second.inspector.getByRole('button', { name: 'Heal all' }).click()
  for (const tab of cluster.tabs) await expect(new Seen(tab).cutLinks).toHaveCount(0)
  await cluster.waitForAgreement()
  await expect(new Seen(leader).headline).not.toHaveText(/^No majority/)
})

test('a node has the name that its owner gives it, and the controls are one tab’s for as long as that keeps them', {
  tag: '@long',
}, async ({ cluster }) => {
  await cluster.open(3)
  const leader = await cluster.waitForVoters()
  const [first, second] = (await cluster.followers()).map(tab => new Seen(tab))
  const id = await leader.id()
  if (first === undefined || second === undefined) throw new Error('two follow')
  const teacher = new Seen(leader)
  const inClass = async (seen: Seen) => {
    await seen.page.getByRole('button', { name: 'Class', exact: true }).click()
    return seen.page.getByRole('dialog', { name: 'This class' })
  }

  const dialog = await inClass(teacher)
  await dialog.getByLabel('What this tab’s node is called').fill(' Frau \u202eLovelace ')
  await dialog.getByRole('button', { name: 'Call it so' }).click()
  await dialog.getByRole('button', { name: 'Keep them to this tab' }).click()
  await teacher.page.keyboard.press('Escape')
  for (const seen of [teacher, first, second])
    await expect(seen.node(id)).toHaveAccessibleName(/^S\d, \u2068Frau Lovelace\u2069, /)

  await expect(first.page.getByText(/\(\u2068Frau Lovelace\u2069\) keeps cut, crash and speed\.$/)).toBeVisible()
  await expect(first.pace('1/5')).toBeDisabled()
  await first.select(id)
  await expect(first.inspector.getByRole('button')).toHaveCount(0)
  await first.page.evaluate(() => window.flotilla?.setPace(50))
  await teacher.setPace('1/5')
  await expect(second.pace('1/5')).toBeChecked()
  await expect(first.pace('1/5')).toBeChecked()

  const again = await inClass(teacher)
  await again.getByRole('button', { name: 'Hand them out' }).click()
  await expect(second.pace('1/5')).toBeEnabled()
  await second.page.locator('.pace label', { hasText: 'Full' }).first().click()
  await expect(first.pace('1/5')).not.toBeChecked()
})

test('slow motion is the whole room’s, and its messages can be followed', { tag: '@long' }, async ({ cluster }) => {
  await cluster.open(3)
  await cluster.waitForVoters()
  const [first, second] = cluster.tabs.map(tab => new Seen(tab))
  if (first === undefined || second === undefined) throw new Error('three are open')

  await first.setPace('1/20')
  await expect(second.pace('1/20')).toBeChecked()
  await first.page.bringToFront()
  const followed = await labelDrawn(first.page, 'append 1')
  await second.write('slow', 'motion')
  await followed.evaluate(({ drawn }) => drawn)

  await second.setPace('Full speed')
  await expect(first.pace('Full speed')).toBeChecked()
  for (const seen of [first, second]) {
    await expect(seen.page.getByRole('listitem', { name: /, slow ← motion, committed$/ })).toHaveCount(3)
  }
})

test('a speed chosen while the room still opens is the room’s once it is open', async ({ page }) => {
  // It was the clock's and the page's only: messages and disks stayed fast, and no other tab was told.
  await page.addInitScript(() => {
    let flotilla: typeof window.flotilla
    Object.defineProperty(window, 'flotilla', {
      get: () => flotilla,
      set(given: NonNullable<typeof flotilla>) {
        flotilla = given
        flotilla.setPace(20)
      },
    })
  })
  await page.goto(newRoom())
  await page.waitForFunction(() => window.flotilla?.status().clusterId !== undefined)
  await expect(page.getByRole('radio', { name: '1/20', exact: true })).toBeChecked()
  expect(await page.evaluate(() => window.flotilla?.status().pace)).toBe(20)
})

test('a node crashed from another tab is shown as crashed in its own, and starts again', async ({ cluster }) => {
  await cluster.open(3)
  await cluster.waitForVoters()
  const [victim, other] = await cluster.followers()
  if (victim === undefined || other === undefined) throw new Error('two follow')
  const id = await victim.id()
  const own = new Seen(victim)
  const seen = new Seen(other)

  await seen.select(id)
  await seen.inspector.getByRole('button', { name: /^Crash S\d$/ }).click()
  await expect(own.headline).toHaveText('This tab’s node crashed.')
  for (const tab of cluster.tabs) await expect(new Seen(tab).node(id)).toHaveAccessibleName(/, crashed, /)

  await seen.inspector.getByRole('button', { name: /^Start S\d again$/ }).click()
  for (const tab of cluster.tabs) await expect(new Seen(tab).node(id)).toHaveAccessibleName(/, follower, /)
})

test('a goodbye is retold: a tab reloaded afterwards shows the tab as closed, not as lost', { tag: '@long' }, async ({
  cluster,
}) => {
  await cluster.open(3)
  await cluster.waitForVoters()
  const [closing, reloading] = await cluster.followers()
  if (closing === undefined || reloading === undefined) throw new Error('two follow')
  const id = await closing.id()
  await cluster.close(closing)
  await expect(new Seen(reloading).node(id)).toHaveAccessibleName(/, tab closed, /)
  await reloading.page.reload()
  await expect(new Seen(reloading).node(id)).toHaveAccessibleName(/, tab closed/)
})

test('after a burst of 1,000 writes every tab shows what a fresh one is told', { tag: '@long' }, async ({
  cluster,
}) => {
  await cluster.open(3)
  const leader = await cluster.waitForVoters()
  await leader.page.evaluate(async () => {
    for (let i = 0; i < 40; i++) {
      await Promise.all(Array.from({ length: 25 }, (_, k) => window.flotilla?.set(`key-${k}`, `${i}`)))
    }
  })
  await cluster.waitForEqualLogs()
  const [tab] = await cluster.followers()
  if (tab === undefined) throw new Error('two follow')
  // A busy machine may have elected another leader meanwhile, whose no-op is one entry more: so the end is asked for anew.
  const bothShowTheEnd = async () => {
    const [here, there] = [await new Seen(tab).ledger(), await new Seen(leader).ledger()]
    const { lastIndex } = await tab.status()
    const end = `: up to entry ${lastIndex}, committed up to ${lastIndex}\n`
    return {
      upToDate: [...here, ...there].filter(log => log.includes(end)).length,
      unfinished: [...here, ...there].filter(log => log.includes(' not ')).length,
      same: here.join() === there.join(),
    }
  }
  const right = { upToDate: 6, unfinished: 0, same: true }
  await expect.poll(bothShowTheEnd).toEqual(right)
  await tab.page.reload()
  await tab.joined()
  await expect.poll(bothShowTheEnd).toEqual(right)
})

test('the keyboard reaches everything, and does it', async ({ cluster }) => {
  await cluster.open(2)
  const leader = await cluster.waitForVoters()
  const [tab] = await cluster.followers()
  if (tab === undefined) throw new Error('one follows')
  const seen = new Seen(tab)
  const { page } = seen

  const wanted = await page.evaluate(() => {
    const all = document.querySelectorAll<HTMLElement | SVGElement>('a, button, input, select, [tabindex="0"]')
    const usable = [...all].filter(element => element.checkVisibility() && !element.matches(':disabled, [hidden]'))
    // Of a group of radio buttons the Tab key reaches the one that is checked; the arrows do the rest.
    const stops = usable.filter(element => !element.matches('input[type="radio"]:not(:checked)'))
    stops.forEach((element, i) => {
      element.dataset.stop = String(i)
    })
    return stops.length
  })
  expect(wanted).toBeGreaterThan(15)
  const reached = new Set<string>()
  for (let i = 0; i < 2 * wanted && reached.size < wanted; i++) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(() => {
      const { activeElement } = document
      return activeElement instanceof HTMLElement || activeElement instanceof SVGElement
        ? activeElement.dataset.stop
        : undefined
    })
    if (stop !== undefined) reached.add(stop)
  }
  expect(reached.size, 'every control is a stop of the Tab key').toBe(wanted)

  await seen.node(await leader.id()).focus()
  await page.keyboard.press('Enter')
  await expect(seen.inspector).toContainText('leader')
  await page.keyboard.press('x')
  await expect(new Seen(leader).cutLinks).toHaveCount(1)
  await page.keyboard.press('h')
  await expect(new Seen(leader).cutLinks).toHaveCount(0)
  await cluster.waitForAgreement()
  await page.keyboard.press('w')
  await page.keyboard.type('42')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('listitem', { name: /, x ← 42, committed$/ })).toHaveCount(2)
})

test('it is clean by axe, in the dark (and in the light, in the long run), on a wide screen and a narrow one', async ({
  cluster,
}) => {
  await cluster.open(3)
  await cluster.waitForVoters()
  const [tab] = cluster.tabs
  if (tab === undefined) throw new Error('three are open')
  const seen = new Seen(tab)
  await seen.write('colour', 'red')
  await expect(seen.page.getByRole('listitem', { name: /, colour ← red, committed$/ })).toHaveCount(3)
  for (const theme of ['dark', 'light'].slice(0, rounds(1, 2))) {
    const other = seen.page.getByRole('button', { name: theme === 'dark' ? 'Dark theme' : 'Light theme' })
    if (await other.isVisible()) await other.click()
    await expect(seen.page.locator(`html[data-theme="${theme}"]`)).toBeAttached()
    for (const size of [
      { width: 1440, height: 900 },
      { width: 390, height: 844 },
    ]) {
      await seen.page.setViewportSize(size)
      // On its way from one theme to the other a colour is neither.
      await seen.page.waitForFunction(() => document.getAnimations().length === 0)
      expect(await foundByAxe(seen.page), `${theme}, ${size.width} px wide`).toEqual([])
    }
  }
})

test('HTML, addresses of scripts, formulas and turned text in keys and values stay text, wherever they are shown', async ({
  cluster,
}) => {
  await cluster.open(2)
  await cluster.waitForVoters()
  const [tab] = await cluster.followers()
  const key = '<img src=x onerror="window.broken=1">'
  const value = '</script><b>bold</b>'
  await tab?.set(key, value)
  for (const [key, value] of others) await tab?.set(key, value)
  for (const { page } of cluster.tabs) {
    await expect(page.getByRole('row', { name: `${key} ${value}` })).toBeVisible()
    await expect(page.getByRole('listitem', { name: /onerror.*, committed$/ })).toHaveCount(2)
    await expect(page.locator('main img, main b:text-is("bold"), a[href^="javascript:"]')).toHaveCount(0)
    // Each by itself: what turns the direction turns nothing around it.
    for (const [key, value] of others)
      await expect(page.locator('.kv-values tr').filter({ hasText: key }).locator('td > bdi')).toHaveText(value)
    expect(await page.evaluate(() => 'broken' in window)).toBe(false)
  }
})

const others = [
  ['address', 'javascript:window.broken=1'],
  ['formula', '=cmd()'],
  ['turned', '\u202egpj.exe'],
] as const

/** Resolves once the watch is on; `drawn` does when a message with this label is under way in the ring. It is soon gone. */
function labelDrawn(page: Page, label: string) {
  return page.evaluateHandle(label => {
    const drawn = new Promise<void>(resolve => {
      const look = () => {
        const labels = [...document.querySelectorAll('.messages text')].map(text => text.textContent)
        if (labels.includes(label)) resolve()
      }
      const layer = document.querySelector('.messages') ?? document.body
      new MutationObserver(look).observe(layer, { subtree: true, childList: true, characterData: true })
    })
    return { drawn }
  }, label)
}
