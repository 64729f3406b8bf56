/** Days of whole browsers for what days as drawn reach too rarely, or never. As ../driver/kinds-of-days.ts. */
import { asDrawn, type DayKind, dayOfSomeKind } from '../ground/days.ts'
import type { Random } from '../ground/random.ts'
import { type BrowserMark, browserMarks } from './marks.ts'
import { type BrowsersMix, type DrawnBrowsersMix, drawDay } from './mix.ts'

type Kind = DayKind<DrawnBrowsersMix, BrowserMark>

const some = <T>(random: Random, ...choices: readonly [T, ...T[]]): T => random.pick(choices) ?? choices[0]

export const kindsOfDays: readonly Kind[] = [
  {
    name: 'few sessions',
    // More pages and outboxes than the room remembers: what an outbox holds may be of a session that has ended.
    of: (drawn, random) => ({
      ...drawn,
      browsers: some(random, 2, 3),
      tabs: some(random, 2, 3),
      maxSessions: some(random, 3, 5, 8),
      faultWeights: { ...drawn.faultWeights, offline: 2, reload: 3, freezeBrowser: 1 },
      faultEveryMs: some(random, 200, 400),
    }),
    expects: [
      'command told as lost',
      'command sent in a second session',
      'command lost that had taken effect',
      'command lost that had not',
    ],
    within: 60,
  },
  {
    name: 'robberies',
    of: (drawn, random) => ({
      ...drawn,
      browsers: some(random, 2, 3),
      tabs: some(random, 3, 4),
      faultWeights: { ...drawn.faultWeights, freezeTab: 12 },
      faultEveryMs: some(random, 100, 200),
      faultLastsMs: some(random, 1_000, 3_000),
    }),
    expects: ['node taken by force from a frozen tab', 'robbed driver woke up', 'robbed driver still spoke'],
    within: 60,
  },
]

export function drawBrowsersMix(random: Random): BrowsersMix {
  return dayOfSomeKind(random.fork('day'), drawDay(random), kindsOfDays)
}

/** Seven of 20,000 days have it; days made for it are in `run.long.test.ts`. */
const mishap: BrowserMark = 'no majority is left for good'

const rare: readonly BrowserMark[] = [mishap, ...kindsOfDays.flatMap(({ expects }) => expects)]

/** Days as drawn reach all the others. */
export const ordinaryDays: Pick<Kind, 'name' | 'expects' | 'within'> = {
  name: asDrawn,
  expects: browserMarks.filter(mark => !rare.includes(mark)),
  within: 300,
}
