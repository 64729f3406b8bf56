/**
 * A class: twelve real tabs of several browsers in one room, most of which do not vote, and have no link to each other. In one
 * test, because it is the opening of a dozen nodes on one machine that takes its time.
 */
import { expect } from '@playwright/test'
import { test } from '../fixtures/browsers.ts'
import { firefoxAt } from '../fixtures/firefox-tab.ts'
import { program } from '../fixtures/program.ts'
import { RoomServer } from '../fixtures/room-server.ts'
import { Seen } from '../fixtures/seen.ts'
import { Tab } from '../fixtures/tab.ts'
import { until } from '../fixtures/until.ts'

/** Four tabs in each of these many, which share no storage; and a Firefox. */
const CONTEXTS = 3
const TABS_EACH = 4
const LEARNERS_LINKS = 8

test('twelve tabs of three browsers and a Firefox are one room: five vote, nobody else has many links, and all see all', {
  tag: '@long',
}, async ({ browser }) => {
  const firefox = program('firefox')
  const server = await RoomServer.start()
  const room = server.newRoom()
  const complaints: string[] = []
  const contexts = await Promise.all(Array.from({ length: CONTEXTS }, () => browser.newContext()))
  for (const context of contexts) context.on('weberror', error => complaints.push(String(error.error())))
  const tabs: Tab[] = []
  // One in each browser at a time, as a class comes in.
  for (let i = 0; i < TABS_EACH - 1; i += 1) {
    tabs.push(...(await Promise.all(contexts.map(context => Tab.open(context, room)))))
    await Promise.all(tabs.map(tab => tab.joined()))
  }
  const [first] = contexts
  if (first === undefined) throw new Error('three contexts')
  const fox = await firefoxAt(firefox, room)
  try {
    for (let i = 0; i < 2; i += 1) tabs.push(await Tab.open(first, room))
    const members = tabs.length + 1
    await until(`${members} are members, and five of them vote`, async () => {
      const known = await Promise.all(tabs.map(tab => tab.status()))
      const agree = known.every(
        ({ clusterId, leader, members: all }) =>
          clusterId === known[0]?.clusterId &&
          leader !== undefined &&
          all.length === members &&
          all.filter(({ voter }) => voter).length === 5,
      )
      return agree || undefined
    })

    const learners = await learnersOf(tabs)
    expect(learners.length).toBeGreaterThanOrEqual(6)
    await until('learners have few links', async () => {
      const links = await Promise.all(learners.map(linksOf))
      return links.every(count => count <= LEARNERS_LINKS) || undefined
    })

    // Everybody is seen to be here, in the table as well.
    const [one, other] = learners
    if (one === undefined || other === undefined) throw new Error('two learners')
    for (const tab of learners) {
      await tab.page.keyboard.press('l')
      const rows = tab.page.getByRole('table', { name: /^Every node/ }).getByRole('row')
      await expect(rows).toHaveCount(members + 1)
      await expect(rows.filter({ hasText: /unreachable|crashed|closed/ })).toHaveCount(0)
      await tab.page.keyboard.press('Escape')
    }

    // What one of them writes, and what it does to the room, reaches all.
    const { index } = await one.set('who', 'a learner')
    await Promise.all(tabs.map(tab => tab.applied(index)))
    await one.page.evaluate(() => window.flotilla?.setPace(5))
    for (const tab of tabs) await until('it is slow', async () => (await tab.status()).pace === 5 || undefined)
    await one.page.evaluate(() => window.flotilla?.setPace(1))
    for (const tab of tabs) await until('it is fast', async () => (await tab.status()).pace === 1 || undefined)

    // A tab that another has no link to is crashed, and started again, by way of a voter.
    const { id, name } = await nodeOf(other)
    const seen = new Seen(one)
    await one.page.keyboard.press('l')
    await one.page
      .getByRole('table', { name: /^Every node/ })
      .getByRole('button', { name, exact: true })
      .click()
    await seen.inspector.getByRole('button', { name: `Crash ${name}` }).click()
    await expect(seen.inspector.getByRole('button', { name: `Start ${name} again` })).toBeVisible()
    await seen.inspector.getByRole('button', { name: `Start ${name} again` }).click()
    await until('it runs again', async () => {
      const status = await other.status()
      return (status.id === id && status.leader !== undefined) || undefined
    })

    // A voter's tab is closed: a learner takes its place.
    const voter = await voterBut(tabs)
    await voter.close()
    const left = tabs.filter(tab => tab !== voter)
    await until('five of those who are left vote', async () => {
      const statuses = await Promise.all(left.map(tab => tab.status()))
      const ids = statuses.map(status => status.id)
      const voters = statuses[0]?.members.filter(member => member.voter).map(member => member.id) ?? []
      return (voters.length === 5 && voters.filter(voterId => !ids.includes(voterId)).length <= 1) || undefined
    })
    const again = await one.set('who', 'a learner again')
    await Promise.all(left.map(tab => tab.applied(again.index)))
    expect(complaints).toEqual([])
  } finally {
    await fox.stop()
    await Promise.all(contexts.map(context => context.close()))
    await server.stop()
  }
})

async function learnersOf(tabs: readonly Tab[]): Promise<readonly Tab[]> {
  const roles = await Promise.all(tabs.map(async tab => (await tab.status()).role))
  return tabs.filter((_, i) => roles[i] === 'learner')
}

/** One that votes and does not lead. */
async function voterBut(tabs: readonly Tab[]): Promise<Tab> {
  const roles = await Promise.all(tabs.map(async tab => (await tab.status()).role))
  const voter = tabs.find((_, i) => roles[i] === 'follower')
  if (voter === undefined) throw new Error('nobody votes but the leader')
  return voter
}

const linksOf = async (tab: Tab): Promise<number> =>
  (await tab.status()).members.filter(({ connected }) => connected).length - 1

async function nodeOf(tab: Tab): Promise<{ readonly id: string; readonly name: string }> {
  const { id, members } = await tab.status()
  return { id, name: members.find(member => member.id === id)?.name ?? '' }
}
