/**
 * After the bad day: nothing fails any more, but workers that hang go on hanging, and within a bound every tab must reach a node that has a
 * leader, each browser's node be driven by one tab, everything that was saved be through, and all copies be equal.
 */
import type { Random } from '../ground/random.ts'
import type { Browser } from './browser.ts'
import { holdsMajorityWithout } from './majority.ts'
import type { BrowsersRoom } from './room.ts'

/** Taking a frozen tab's place takes five seconds, a hung worker's six, a disk that has failed twice a minute; one after the other. */
const limitMs = 180_000
const checkEveryMs = 100
/** A leader that has just heard from somebody takes them for alive, and may promote them; not after so long. */
const believedAliveMs = 5_000

/** Says whether it came to that: not where no majority is left, nor where something was violated. */
export async function convergeBrowsers(
  room: BrowsersRoom,
  browsers: readonly Browser[],
  random: Random,
): Promise<boolean> {
  const { timeline, network, mix } = room
  timeline.tell('—', () => 'the bad day is over')
  room.isCalm = true
  network.becomeCalm()
  for (const browser of browsers) {
    browser.device.becomeCalm()
    browser.outbox.isFull = false
    browser.channels.typicalMs = Math.min(mix.portMs, 5)
    for (const open of browser.openTabs) {
      for (const thread of [open, open.house]) {
        thread?.clock.setRate(1)
        thread?.page.burn(Number.POSITIVE_INFINITY)
      }
      open.clock.grainMs = 0
      if (open.page.isFrozen) browser.thaw(open, true)
    }
  }
  const isAnyLost = [...room.watch.ghost.nodes.values()].some(({ vanished }) => vanished)
  if (isAnyLost) await timeline.run(timeline.now + believedAliveMs, () => false)
  // Where lost disks took a majority with them, only somebody who decides to do without what is lost can help.
  if (!holdsMajorityWithout(room)) {
    room.marks.sometimes('no majority is left for good')
    return false
  }

  for (const browser of browsers) {
    // What is left in a tab's line that nobody opens again, another has to send.
    for (const tab of [...browser.tabs]) if (browser.tabs.length > 1 && random.chance(0.3)) browser.giveUp(tab)
  }
  const care = (): void => {
    for (const browser of browsers) for (const tab of browser.tabs) browser.open(tab)
  }
  care()
  timeline.every(
    () => 500,
    care,
    () => room.isCalm,
  )
  await until(room, () => unsettledBecause(room, browsers))
  if (room.violations.length > 0) return false
  const answers = room.openTabs.flatMap(({ node }) => node?.insist() ?? [])
  await until(
    room,
    () => answers.map(unanswered => unanswered()).find(why => why !== undefined) ?? unsettledBecause(room, browsers),
  )
  return room.violations.length === 0
}

async function until(room: BrowsersRoom, why: () => string | undefined): Promise<void> {
  const { timeline, violations } = room
  const end = timeline.now + limitMs
  while (violations.length === 0) {
    const reason = why()
    if (reason === undefined) return
    if (timeline.now >= end) {
      room.report('Liveness', `${limitMs} ms after the faults: ${reason}`)
      room.settling.judge(detail => room.report('Settling', detail))
      return
    }
    await timeline.run(timeline.now + checkEveryMs, () => violations.length > 0)
  }
}

/** `undefined` when all is as it should be. */
function unsettledBecause(room: BrowsersRoom, browsers: readonly Browser[]): string | undefined {
  for (const { tabs, name, outbox, openTabs } of browsers) {
    for (const tab of tabs) {
      const { open } = tab
      if (open?.node === undefined) return `${tab.name} is not open`
      const status = open.node.status()
      if (!open.node.isReachable() || status === undefined) return `${tab.name} reaches no node`
      if (status.state !== 'running') return `${tab.name}’s node is ${status.state}`
      if (status.leader === undefined) return `${tab.name}’s node knows no leader`
    }
    const drivers = openTabs.filter(({ node }) => node?.drives() !== undefined)
    if (drivers.length !== 1) return `${drivers.length} tabs of ${name} drive its node`
    if (outbox.kept > 0) return `${outbox.kept} commands wait in the outbox of ${name}`
  }
  const digests = new Set(room.openTabs.map(({ node }) => node?.digest()))
  if (digests.size > 1) return 'copies differ'
  return room.settling.open > 0 ? `${room.settling.open} promises are open` : undefined
}
