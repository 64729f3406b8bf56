/** A night: every machine sleeps for longer than a session may go unused, and then nobody is up to ask for anything for a while. */
import type { Room } from './room.ts'

const sleepMs = 11 * 60_000

/** A leader looks once a minute which sessions nobody uses, and there has to be one first. */
const quietMs = 75_000

const earlyTimeouts = 3

interface Sleeper {
  isAsleep: boolean
}

/** Before anybody is up, the day's faults have begun: what is asked first meets them. */
export async function passNight(
  { timeline, tabs, mix }: Room,
  day: Sleeper,
  people: readonly Sleeper[],
  isOver: () => boolean,
): Promise<void> {
  timeline.tell('—', () => 'night falls')
  day.isAsleep = true
  for (const each of people) each.isAsleep = true
  for (const { open } of tabs) open?.page.enter(() => open.clock.jump(sleepMs))
  await timeline.run(timeline.now + quietMs, isOver)
  timeline.tell('—', () => 'the sun rises')
  day.isAsleep = false
  await timeline.run(timeline.now + earlyTimeouts * mix.electionTimeoutMs, isOver)
  for (const each of people) each.isAsleep = false
}
