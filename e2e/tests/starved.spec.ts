/** Pages with more to do than they can, and held back by the developer tools: nobody fails, and few elections are held. */
import { randomUUID } from 'node:crypto'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import type {} from '../harness/starved.ts'
import { harnessAddress } from '../surroundings.ts'

const tabs = 3
const brake = 4
const mostBusyMs = 1_500
/** Of bursts of work. It learns from the first how late everything is; */
const bursts = 10
/** after it the rooms are compared, as soon as the control has begun so many terms; */
const enough = 12
/** by then at the latest. */
const mostRounds = 30

test('three tabs whose processors are held back begin few terms, where a room beside them in the same pages that has no patience begins many', {
  tag: '@long',
}, async ({ context }) => {
  const pages = await open(context)
  await expect.poll(() => settled(pages), { timeout: 60_000 }).toBe(true)

  const sessions = await Promise.all(pages.map(page => context.newCDPSession(page)))
  for (const session of sessions) await session.send('Emulation.setCPUThrottlingRate', { rate: brake })
  const starve = (): Promise<unknown> =>
    Promise.all(
      pages.map(page => page.evaluate(([times, ms]) => window.beBusy(times, ms), [bursts, mostBusyMs] as const)),
    )
  await starve()
  const learnt = await terms(pages)
  let begun = { stretched: 0, control: 0 }
  for (let round = 0; round < mostRounds && begun.control < enough; round++) {
    await starve()
    begun = since(learnt, await terms(pages))
  }
  for (const session of sessions) await session.send('Emulation.setCPUThrottlingRate', { rate: 1 })

  test.info().annotations.push({ type: 'measured', description: `terms begun: ${JSON.stringify(begun)}` })
  expect(begun.control, 'or the weather was too mild to say anything').toBeGreaterThanOrEqual(enough)
  expect(begun.control).toBeGreaterThan(2 * begun.stretched)
  await expect.poll(() => settled(pages), { timeout: 60_000 }).toBe(true)
})

interface Terms {
  readonly stretched: number
  readonly control: number
}

const since = (before: Terms, now: Terms): Terms => ({
  stretched: now.stretched - before.stretched,
  control: now.control - before.control,
})

async function open(context: BrowserContext): Promise<readonly Page[]> {
  const address = new URL(`starved.html#room=${randomUUID()}`, harnessAddress).href
  const pages = await Promise.all(Array.from({ length: tabs }, () => context.newPage()))
  await Promise.all(pages.map(page => page.goto(address)))
  for (const page of pages) await page.waitForFunction(() => window.rooms !== undefined)
  return pages
}

/** In both rooms all tabs vote, and name one leader. */
async function settled(pages: readonly Page[]): Promise<boolean> {
  const views = await Promise.all(
    pages.map(page =>
      page.evaluate(() =>
        [window.rooms.stretched, window.rooms.control].map(cluster => {
          const { leader, term, members } = cluster.status()
          return { leader, term, voters: members.filter(({ voter }) => voter).length }
        }),
      ),
    ),
  )
  return [0, 1].every(room => {
    const first = views[0]?.[room]
    return views.every(view => {
      const { leader, term, voters } = view[room] ?? {}
      return leader !== undefined && leader === first?.leader && term === first?.term && voters === pages.length
    })
  })
}

async function terms(pages: readonly Page[]): Promise<Terms> {
  const all = await Promise.all(
    pages.map(page =>
      page.evaluate(() => [window.rooms.stretched.status().term, window.rooms.control.status().term] as const),
    ),
  )
  return { stretched: Math.max(...all.map(([term]) => term)), control: Math.max(...all.map(([, term]) => term)) }
}
