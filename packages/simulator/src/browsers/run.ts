/** One seed of whole browsers, from the first tab to the last verdict. */
import { Random } from '../ground/random.ts'
import type { Replayed, ReplayOptions } from '../runtime/replayable.ts'
import { watchingTheConsole } from '../runtime/uncaught.ts'
import type { Application } from './application.ts'
import { BrowsersBadDay } from './bad-day.ts'
import { Browser } from './browser.ts'
import { convergeBrowsers } from './calm.ts'
import { Edits } from './edits.ts'
import { drawBrowsersMix } from './kinds-of-days.ts'
import type { BrowserMark } from './marks.ts'
import type { BrowsersMix } from './mix.ts'
import { passNight } from './night.ts'
import { Registers } from './registers.ts'
import { type BrowserPlants, BrowsersRoom } from './room.ts'

export interface BrowsersOptions extends ReplayOptions {
  /** Instead of what the seed draws. */
  readonly mix?: (drawn: BrowsersMix) => BrowsersMix
  readonly plants?: BrowserPlants
}

export interface BrowsersResult extends Replayed {
  readonly seed: number
  readonly mix: BrowsersMix
  readonly marks: ReadonlyMap<BrowserMark, number>
}

/** As `simulateBrowsers`, with a board that people edit in every page. */
export function simulateEdits(seed: number, options: BrowsersOptions = {}): Promise<BrowsersResult> {
  return simulateBrowsers(seed, options, (room, random) => new Edits(room, random))
}

export type ApplicationOf = (room: BrowsersRoom, random: Random) => Application

export function simulateBrowsers(
  seed: number,
  options: BrowsersOptions = {},
  application: ApplicationOf = (room, random) => new Registers(room, random),
): Promise<BrowsersResult> {
  const random = new Random(seed, 'browsers')
  const drawn = drawBrowsersMix(random.fork('mix'))
  const mix = options.mix?.(drawn) ?? drawn
  const room = new BrowsersRoom(
    mix,
    made => application(made, random.fork('application')),
    random.fork('room'),
    options.plants ?? {},
    options.leftOut ?? new Set(),
  )
  return watchingTheConsole(
    error => room.report('Uncaught Error', `a page shows ${error}`),
    () => runBrowsers(seed, room, random, options),
  )
}

async function runBrowsers(
  seed: number,
  room: BrowsersRoom,
  random: Random,
  options: BrowsersOptions,
): Promise<BrowsersResult> {
  const { mix, timeline, violations } = room
  timeline.onLine = options.onLine
  const isOver = (): boolean => violations.length > 0
  const browsers = Array.from({ length: mix.browsers }, (_, i) => new Browser(room, i, random.fork(`browser/${i}`)))
  const [first] = browsers
  const founder = first?.newTab()
  if (founder !== undefined) first?.open(founder)
  // Until there is a room, there is nobody to join.
  await timeline.run(60_000, () => founder?.open?.node !== undefined || isOver())
  room.isFounded = true
  const arrivals = random.fork('arrivals')
  for (const browser of browsers) {
    const count = 1 + arrivals.int(mix.tabs)
    while (browser.tabs.length < count) browser.newTab()
    for (const tab of browser.tabs) timeline.after(arrivals.between(0, 2_000), () => browser.open(tab))
  }
  const day = new BrowsersBadDay(room, browsers, random.fork('faults'))
  await timeline.run(timeline.now + mix.faultsMs / 2, isOver)
  if (mix.hasNight && !isOver()) await passNight(room, browsers, random.fork('night'), isOver)
  await timeline.run(timeline.now + mix.faultsMs / 2, isOver)
  day.stop()
  room.application.stop()
  if (!isOver() && (await convergeBrowsers(room, browsers, random.fork('calm')))) await judge(room, browsers)
  return {
    seed,
    mix,
    day: mix.day,
    events: timeline.events,
    simulatedMs: timeline.now,
    violations,
    happenings: room.happenings,
    marks: room.marks.counts,
    traceHash: (timeline.hash >>> 0).toString(16).padStart(8, '0'),
  }
}

/** What can only be said of the whole. */
async function judge(room: BrowsersRoom, browsers: readonly Browser[]): Promise<void> {
  const lost = new Set<string>()
  for (const { outbox } of browsers)
    for (const { data, outcome } of await outbox.tab().lost())
      if (outcome === undefined) lost.add(room.application.idOf(data))
  if (room.ledger.unheard > 0) room.marks.sometimes('saved by a page that was gone before it heard')
  room.application.judge(lost)
}
