/** The rooms that `npm run sim` has beside those of Raft's core, each by its option. */
import { browserMarks, editMarks } from '../browsers/marks.ts'
import { simulateBrowsers, simulateEdits } from '../browsers/run.ts'
import { runtimeMarks } from '../runtime/marks.ts'
import type { Replay } from '../runtime/replayable.ts'
import { simulateRuntime } from '../runtime/run.ts'

interface Rooms {
  readonly replay: Replay
  /** What a long run must have come across. */
  readonly marks: readonly string[]
}

export type RoomKind = 'runtime' | 'browsers' | 'edits'

export const rooms: Readonly<Record<RoomKind, Rooms>> = {
  /** The whole nodes that applications open. */
  runtime: { replay: (seed, options) => simulateRuntime(seed, options), marks: runtimeMarks },
  /** Whole browsers: pages, workers, outboxes. */
  browsers: { replay: (seed, options) => simulateBrowsers(seed, options), marks: browserMarks },
  /** The same, with a board that people edit. */
  edits: { replay: (seed, options) => simulateEdits(seed, options), marks: editMarks },
}
