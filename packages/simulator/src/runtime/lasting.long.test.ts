/** A room with an edge node, and what is left of it when its tabs are gone, however they went. */
import { expect, test } from 'vitest'
import { Random } from '../ground/random.ts'
import { Crowd } from './crowd.ts'
import type { Tab } from './room.ts'
import { simulateRuntime } from './run.ts'

/** Two tabs and an edge node; both tabs close for good, and a new one joins. */
async function lastTabsClose(seed: number): Promise<void> {
  const random = new Random(seed, 'last tabs')
  const network = { leastMs: 1, typicalMs: 5, loss: random.chance(0.5) ? 0.05 : 0, duplication: 0 }
  const crowd = new Crowd(4, seed, { network, lasting: 1 })
  const { room } = crowd
  const [first, edge, second, late] = room.tabs
  if (!(first && edge && second && late)) throw new Error('four')
  for (const tab of [first, edge, second]) {
    room.openTab(tab)
    await crowd.until(() => room.status(tab)?.leader !== undefined, `${tab.name} follows somebody`)
  }
  const edgeVotesAlone = (): boolean =>
    room.status(edge)?.members.filter(({ voter }) => voter).length === 1 && crowd.votes(edge)
  await crowd.until(edgeVotesAlone, 'the edge node votes alone')
  let wrote = 0
  for (const tab of [first, second, first]) {
    let isDone = false
    void crowd.write(tab, ++wrote).then(() => {
      isDone = true
    })
    await crowd.until(() => isDone, 'it is acknowledged')
  }
  // One with its last words, one without; both without; both with; at once, or one after the other.
  const close = (tab: Tab): void => {
    if (random.chance(0.5)) room.leave(tab)
    else tab.open?.page.kill('by the browser')
  }
  close(first)
  if (random.chance(0.5)) await room.timeline.run(room.timeline.now + random.between(0, 10_000), () => false)
  close(second)
  await crowd.until(() => first.open === undefined && second.open === undefined, 'both are closed')
  room.openTab(late)
  await crowd.until(
    () => room.status(late)?.state === 'running' && room.status(edge)?.role === 'leader',
    'it is let in',
  )
  await crowd.until(() => room.status(late)?.lastApplied === room.status(edge)?.lastIndex, 'it has everything')
  expect(late.open?.machine.chain).toBe(edge.open?.machine.chain)
}

test('a room with one edge node goes on when its last two tabs close for good, with or without a word', {
  timeout: 300_000,
}, async () => {
  for (let seed = 1; seed <= 20; seed++) await lastTabsClose(seed)
})

test('rooms of edge nodes and tabs keep every promise on bad days, and both kinds vote as they should', {
  timeout: 300_000,
}, async () => {
  const reached = new Set<string>()
  for (let seed = 1; seed <= 9; seed++) {
    const { violations, marks } = await simulateRuntime(seed, {
      mix: drawn => ({ ...drawn, tabs: 4, latecomers: 1, tabsPerDevice: 1, lasting: 1 + (seed % 3) }),
    })
    expect(violations, `seed ${seed}`).toEqual([])
    for (const [name, count] of marks) if (count > 0) reached.add(name)
  }
  expect(reached).toContain('nodes that last vote, and no tab')
  expect(reached).toContain('tab votes as the third beside two that last')
})
