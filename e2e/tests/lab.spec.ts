/** The Lab by keyboard, back and forth, in two runs; and every view of the three doors clean by axe. */
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { foundByAxe } from '../fixtures/axe.ts'
import { expectNoComplaint, listenForComplaints, press, tabTo } from '../fixtures/keyboard.ts'
import { visualizerAddress } from '../surroundings.ts'

let complaints: readonly string[] = []

test.beforeEach(({ page }) => {
  complaints = listenForComplaints(page)
})

test.afterEach(() => expectNoComplaint(complaints))

const headline = (page: Page) => page.getByRole('heading', { level: 1 })

/** What is drawn: the ring's nodes and the logs, as they stand. Messages are marks of an animation, and come a frame later. */
async function picture(page: Page): Promise<string> {
  const nodes = await page
    .locator('.ring [data-node]')
    .evaluateAll(all => all.map(each => each.getAttribute('aria-label')))
  const logs = await page
    .locator('.ledger')
    .getByRole('list')
    .evaluateAll(all => all.map(each => each.textContent))
  return JSON.stringify({
    nodes,
    logs,
    said: await headline(page).textContent(),
    at: await page.locator('.clock strong').textContent(),
  })
}

async function openLab(page: Page): Promise<void> {
  await page.goto(`${visualizerAddress}#/lab`)
  await expect(headline(page)).toHaveText('Nobody leads yet.')
}

test('an election is jumped to, stepped through, explained, and gone back to: the same picture each time', async ({
  page,
}) => {
  await openLab(page)
  await page.keyboard.press('e')
  await expect(headline(page)).toContainText('is leader of term 1')
  const elected = await picture(page)
  await page.keyboard.press('w')
  await expect(page.getByRole('heading', { name: /^Why does S\d lead term 1\?/ })).toBeVisible()
  await expect(page.locator('.causes li').last()).toContainText('The run began')
  for (let i = 0; i < 12; i++) await page.keyboard.press('ArrowRight')
  expect(await picture(page)).not.toBe(elected)
  for (let i = 0; i < 12; i++) await page.keyboard.press('ArrowLeft')
  expect(await picture(page)).toBe(elected)
  await page.keyboard.press('k')
  await expect(headline(page)).toHaveText(/Entry 1.* is committed/)
  await page.keyboard.press('E')
  expect(await picture(page)).toBe(elected)
})

test('what is done in the past is done in a fork, and both runs are kept', async ({ page }) => {
  await openLab(page)
  await page.keyboard.press('k')
  await page.keyboard.press('3')
  await page.keyboard.press('c')
  const runs = page.getByRole('combobox', { name: 'Run', exact: true })
  await expect(runs).toHaveCount(0)
  const first = await picture(page)
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('1')
  await page.keyboard.press('c')
  await expect(headline(page)).toHaveText('S1 crashed.')
  await expect(runs.getByRole('option')).toHaveText(['Run 1', /^Run 2, from Run 1 at event \d+$/])
  // Side by side they are the same up to the fork, and what is not the same after it is marked and told.
  await page.keyboard.press('b')
  await expect(page.locator('.compared-side')).toHaveCount(2)
  const difference = page.locator('.differences').getByRole('status')
  await expect(difference).toHaveText(/^Up to event \d+ both are the same run\.$/)
  await expect(page.locator('.ring .differs')).toHaveCount(0)
  await page.keyboard.press('ArrowRight')
  await expect(difference).toHaveText('Not the same in both: S1.')
  await expect(page.locator('.ring .differs')).toHaveCount(2)
  await page.keyboard.press('b')
  await expect(page.locator('.ring')).toHaveCount(1)
  await runs.selectOption({ index: 0 })
  await page.keyboard.press('Escape')
  await tabTo(page, 'Moment of the run')
  await page.keyboard.press('End')
  expect(await picture(page)).toBe(first)
})

test('a message is held, dropped and duplicated from the list, and by the mark itself', async ({ page }) => {
  await openLab(page)
  await page.keyboard.press('o')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('m')
  await expect(page.locator('.letter')).toHaveCount(4)
  await press(page, /^Drop: RequestVote from S1 to S2$/)
  await expect(headline(page)).toHaveText('RequestVote from S1 to S2 is dropped.')
  await expect(page.locator('.letter')).toHaveCount(3)
  await press(page, /^Duplicate: RequestVote from S1 to S3$/)
  await expect(page.locator('.letter')).toHaveCount(4)
  await press(page, /^Hold: RequestVote from S1 to S4$/)
  await expect(page.locator('.letter', { hasText: 'Held back.' })).toHaveCount(1)
  await page.locator('.messages [data-message] .message-reach').first().dispatchEvent('pointerdown', { button: 0 })
  await expect(page.locator('.letter.picked')).toHaveCount(1)
})

test('a rule that is off makes another run of the same moves, which says so wherever it is shown', async ({ page }) => {
  await openLab(page)
  await page.keyboard.press('e')
  await tabTo(page, 'Run')
  await page.keyboard.press('Enter')
  const rule = page.getByRole('switch', { name: /^One vote a term/ })
  await rule.focus()
  await page.keyboard.press('Space')
  await expect(page.getByRole('button', { name: 'modified Raft' })).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'Run', exact: true }).getByRole('option').last()).toContainText(
    '(modified)',
  )
  // Two ask at once, and everybody says yes to both.
  await press(page, 'To the beginning')
  await page.keyboard.press('v')
  await expect(headline(page)).toHaveText(/ is broken\.$/)
  await page.keyboard.press('v')
  await tabTo(page, / is broken( · \d more)?$/)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Go there' }).first()).toBeVisible()
})

test('a run is shared by link and opened again as the identical picture', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openLab(page)
  await page.keyboard.press('k')
  await page.keyboard.press('2')
  await page.keyboard.press('c')
  await page.keyboard.press('k')
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowLeft')
  const shared = await picture(page)
  await tabTo(page, 'Run')
  await page.keyboard.press('Enter')
  await press(page, 'Share a link')
  await expect(page.getByText('The link is in your clipboard')).toBeVisible()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  expect(link.length).toBeLessThan(2_000)
  await page.goto('about:blank')
  await page.goto(link)
  await expect.poll(() => picture(page)).toBe(shared)
  // Cut short, it is told in words, and there is a Lab all the same.
  await page.goto('about:blank')
  await page.goto(link.slice(0, -20))
  await expect(page.getByText('This link is not whole')).toBeVisible()
  await expect(headline(page)).toHaveText('Nobody leads yet.')
})

test('the trace of any Raft is opened, checked and shown; what is none is told, and what was open stays', async ({
  page,
}, testInfo) => {
  await openLab(page)
  await tabTo(page, 'Run')
  await page.keyboard.press('Enter')
  const file = page.getByLabel('Open a trace')
  await file.setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from([0xff, 0xd8, 0xff, 0xe0]) })
  await expect(page.getByRole('alert')).toContainText('photo.jpg is no trace that can be shown')
  const first = '{"trace":"raft","version":1}'
  for (const [text, reason] of [
    [`${first}\n{"node":"A","at":1,"ty`, 'line 2: the file ends in the middle of this line'],
    ['{"trace":"raft","version":2}', 'line 1: version 2 is not known here, only 1'],
    [`${first}\n{"node":"A","at":1,"type":"role","role":"boss","term":1}\n`, 'line 2: role must be one of'],
  ] as const) {
    await file.setInputFiles({ name: 'a.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(text) })
    await expect(page.getByRole('alert')).toContainText(reason)
  }
  // Half a gigabyte of nothing: refused by its size.
  const huge = testInfo.outputPath('huge.jsonl')
  writeFileSync(huge, '')
  truncateSync(huge, 500 * 1024 * 1024)
  await file.setInputFiles(huge)
  await expect(page.getByRole('alert')).toContainText('500 MB')
  await expect(headline(page)).toHaveText('Nobody leads yet.')
  await file.setInputFiles(join(import.meta.dirname, '../../examples/traces/figure-8.jsonl'))
  await expect(page.getByRole('status').filter({ hasText: 'events.' })).toContainText('broken: see Checks')
  await page.keyboard.press('v')
  await expect(headline(page)).toHaveText(/ is broken\.$/)
  await page.getByRole('button', { name: 'Why?', exact: true }).first().click()
  await expect(page.locator('.causes li')).not.toHaveCount(0)
})

test('a hundred thousand events are opened, checked and gone to the end of', { tag: '@long' }, async ({ page }) => {
  await openLab(page)
  const lines = ['{"trace":"raft","version":1,"voters":["A","B","C"]}']
  lines.push('{"node":"A","at":1,"type":"role","role":"candidate","term":1}')
  lines.push(
    '{"node":"A","at":2,"type":"vote","term":1,"candidate":"A"}',
    '{"node":"B","at":3,"type":"vote","term":1,"candidate":"A"}',
  )
  lines.push('{"node":"A","at":4,"type":"role","role":"leader","term":1}')
  for (let i = 1; lines.length < 100_000; i++) {
    for (const node of 'ABC') lines.push(`{"node":"${node}","at":${4 + i},"type":"appended","index":${i},"term":1}`)
    lines.push(`{"node":"A","at":${4 + i},"type":"committed","index":${i}}`)
  }
  await tabTo(page, 'Run')
  await page.keyboard.press('Enter')
  const buffer = Buffer.from(lines.join('\n'))
  await page.getByLabel('Open a trace').setInputFiles({ name: 'long.jsonl', mimeType: 'application/jsonl', buffer })
  await expect(page.getByText(/^(99,999|100,00\d) events\./)).toBeVisible({ timeout: 30_000 })
  await page.keyboard.press('End')
  await expect(headline(page)).toContainText('is committed')
})

test('a lesson for the projector is large at once, not only when the window has changed its size', async ({ page }) => {
  await page.goto(`${visualizerAddress}#/present/figure-8/1`)
  const role = page.getByRole('group', { name: 'Ring of nodes' }).getByText('follower', { exact: true }).first()
  await expect(role).toBeVisible()
  const tall = await role.evaluate(each => each.getBoundingClientRect().height / innerHeight)
  expect(tall).toBeGreaterThan(1 / 35)
})

test('a class is asked: the counts stay on screen while the run answers', async ({ page }) => {
  await page.goto(`${visualizerAddress}#/present/figure-8/3`)
  await expect(page.getByRole('heading', { name: /Can S5 still lead/ })).toBeVisible()
  await page.keyboard.type('aaaabbc')
  await page.keyboard.press('Space')
  await page.keyboard.press('Space')
  await expect(page.locator('.class-card li.right')).toContainText('Yes, and nothing is broken by it')
  await expect(page.getByLabel('How many chose A')).toHaveValue('4')
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/#\/learn\/figure-8\/3$/)
})

for (const theme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    // One pair in the quick run, and every one in the long.
    const tag = theme === 'dark' && width === 390 ? [] : ['@long']
    test(`every view is clean by axe, ${theme}, ${width} pixels wide`, { tag }, async ({ page }) => {
      test.setTimeout(900_000)
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await page.setViewportSize({ width, height: 900 })
      await lookAtEveryView(page)
    })
  }
}

async function lookAtEveryView(page: Page): Promise<void> {
  const views: readonly (readonly [hash: string, prepare: () => Promise<void>])[] = [
    ['#/', async () => expect(page.locator('.moving .node')).toHaveCount(5)],
    ['#/learn', async () => expect(page.locator('.lesson-list li')).toHaveCount(16)],
    ['#/learn/figure-8/2', async () => expect(page.getByRole('radio')).toHaveCount(3)],
    [
      '#/learn/figure-8/3',
      async () => {
        await page.getByRole('radio').first().check()
        await page.getByRole('button', { name: 'Reveal' }).click()
        await page.keyboard.press('End')
        await expect(page.getByRole('region', { name: 'What came of it' })).toBeVisible()
      },
    ],
    [
      '#/lab',
      async () => {
        await page.keyboard.press('k')
        await page.keyboard.press('p')
        await page.keyboard.press('w')
        await expect(page.locator('.why')).toBeVisible()
      },
    ],
    [
      '#/lab/table',
      async () => {
        await page.keyboard.press('k')
        // On a phone the lanes are a view of their own.
        if (await page.getByRole('button', { name: 'Time', exact: true }).isVisible())
          await page.getByRole('button', { name: 'Time', exact: true }).click()
        await page.getByRole('button', { name: 'Table', exact: true }).click()
        await expect(page.locator('.time-table tr[aria-current="true"]')).toHaveCount(1)
      },
    ],
    [
      '#/lab/compared',
      async () => {
        await page.keyboard.press('k')
        await page.keyboard.press('ArrowLeft')
        await page.keyboard.press('1')
        await page.keyboard.press('c')
        await page.keyboard.press('b')
        await page.keyboard.press('ArrowRight')
        await expect(page.locator('.differences table')).toBeVisible()
      },
    ],
    ...['Node', 'Messages', 'Clients', 'Run', 'Checks'].map(
      name =>
        [
          `#/lab/${name}`,
          async () => {
            await page.keyboard.press('k')
            await page.keyboard.press('p')
            await page.keyboard.press('w')
            await page.getByRole('button', { name, exact: true }).click()
          },
        ] as const,
    ),
  ]
  for (const [hash, prepare] of views) {
    await page.goto(`${visualizerAddress}${hash}`)
    await page.reload()
    await expect(headline(page)).toBeVisible()
    await prepare()
    await page.waitForFunction(() => document.getAnimations().length === 0)
    expect(await foundByAxe(page), hash).toEqual([])
  }
}
