/**
 * Whether it costs anything that nobody sees the leader: how long a write takes to commit while the leader's tab is the one in front, and
 * while another is, in turns, at the leader itself and as seen by a follower whose tab is hidden all the time. In a browser as people have it, which slows
 * down what is hidden.
 */
import type { Page } from '@playwright/test'
import { freshRoom, leaderOf, threeTabs, until } from '../fixtures/node-page.ts'
import { RealBrowser } from '../fixtures/real-browser.ts'
import { serveHarness } from '../servers/pages.ts'
import { inTurns, percentile } from './beside-bare.ts'

const ROUNDS = 15
const WRITES_PER_TURN = 20

const server = await serveHarness()
const browser = await RealBrowser.start()
try {
  const tabs = await threeTabs(browser.context, freshRoom())
  const { leader, others } = await leaderOf(tabs)
  const [follower, third] = others
  if (follower === undefined || third === undefined) throw new Error('three tabs have two followers')

  const inFront = (front: Page, at: Page) => async (): Promise<readonly number[]> => {
    await front.bringToFront()
    const hidden = front === leader ? third : leader
    await until(() => hidden.evaluate(() => document.visibilityState === 'hidden'), 'the others are hidden')
    return at.evaluate(count => window.nodePage?.latencies(count) ?? [], WRITES_PER_TURN)
  }
  const taken = await inTurns(ROUNDS, {
    'at the leader, seen': inFront(leader, leader),
    'at the leader, hidden': inFront(third, leader),
    'at a follower, the leader seen': inFront(leader, follower),
    'at a follower, the leader hidden': inFront(third, follower),
  })
  for (const p of [50, 99])
    for (const where of ['at the leader, ', 'at a follower, the leader ']) {
      const [seen, hidden] = ['seen', 'hidden'].map(how => percentile(taken.get(where + how) ?? [], p))
      say(`committed ${where}seen, p${p}`, seen)
      say(`committed ${where}hidden, p${p}`, hidden, { ratio: Number(hidden) / Number(seen), against: 'seen' })
    }
} finally {
  await browser.stop()
  await server.close()
}

function say(name: string, value: number | undefined, beside: object = {}): void {
  console.log(JSON.stringify({ name, value, unit: 'ms', ...beside }))
}
