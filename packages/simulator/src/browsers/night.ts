/**
 * A night: some browsers are cut off while somebody still types in them, every machine sleeps for longer than a session may go unused, and
 * nobody asks for anything until whoever leads has ended those sessions. Then everybody is back.
 */
import type { Random } from '../ground/random.ts'
import type { Browser } from './browser.ts'
import type { BrowsersRoom } from './room.ts'

const sleepMs = 11 * 60_000

/** A leader looks once a minute which sessions nobody uses, and there has to be one first. */
const quietMs = 75_000

/** So long after they were cut off, people go to bed. */
const lateMs = 2_000

export async function passNight(
  room: BrowsersRoom,
  browsers: readonly Browser[],
  random: Random,
  isOver: () => boolean,
): Promise<void> {
  const { timeline, network } = room
  timeline.tell('—', () => 'night falls')
  room.areFaultsAsleep = true
  const isOffline = browsers.map(() => random.chance(0.4))
  const cuts = browsers.flatMap(({ index: a }) =>
    browsers.flatMap(({ index: b }) =>
      a !== b && (isOffline[a] === true || isOffline[b] === true) ? [[a, b] as const] : [],
    ),
  )
  for (const [a, b] of cuts) network.cut(a, b)
  await timeline.run(timeline.now + lateMs, isOver)
  room.isAsleep = true
  for (const { openTabs } of browsers) {
    for (const { clock, house } of openTabs) for (const each of new Set([clock, house?.clock])) each?.jump(sleepMs)
  }
  await timeline.run(timeline.now + quietMs, isOver)
  timeline.tell('—', () => 'the sun rises')
  for (const [a, b] of cuts) network.mend(a, b)
  room.isAsleep = false
  room.areFaultsAsleep = false
}
