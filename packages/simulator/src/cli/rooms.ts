/** The rooms that `npm run sim` has beside those of Raft's core, each by its option, and what their days are there for. */
import * as browserDays from '../browsers/kinds-of-days.ts'
import { browserMarks, editMarks } from '../browsers/marks.ts'
import { simulateBrowsers, simulateEdits } from '../browsers/run.ts'
import * as coreDays from '../driver/kinds-of-days.ts'
import * as runtimeDays from '../runtime/kinds-of-days.ts'
import { runtimeMarks } from '../runtime/marks.ts'
import type { Replay } from '../runtime/replayable.ts'
import { simulateRuntime } from '../runtime/run.ts'
import { allMarks } from '../world/marks.ts'
import type { Expectations } from './told-days.ts'

interface Sights {
  /** Everything rare that there is to come across. */
  readonly marks: readonly string[]
  readonly days: readonly Expectations[]
}

interface Rooms extends Sights {
  readonly replay: Replay
}

export type RoomKind = 'runtime' | 'browsers' | 'edits'

export const cores: Sights = { marks: allMarks, days: [coreDays.ordinaryDays, ...coreDays.kindsOfDays] }

const ofBrowsers: readonly Expectations[] = [browserDays.ordinaryDays, ...browserDays.kindsOfDays]

export const rooms: Readonly<Record<RoomKind, Rooms>> = {
  /** The whole nodes that applications open. */
  runtime: {
    replay: (seed, options) => simulateRuntime(seed, options),
    marks: runtimeMarks,
    days: [runtimeDays.ordinaryDays, ...runtimeDays.kindsOfDays],
  },
  /** Whole browsers: pages, workers, outboxes. */
  browsers: { replay: (seed, options) => simulateBrowsers(seed, options), marks: browserMarks, days: ofBrowsers },
  /** The same, with a board that people edit. */
  edits: {
    replay: (seed, options) => simulateEdits(seed, options),
    marks: editMarks,
    // What a board has no use for is not expected of it.
    days: ofBrowsers.map(kind => ({
      ...kind,
      expects: kind.expects.filter(mark => editMarks.some(own => own === mark)),
    })),
  },
}
