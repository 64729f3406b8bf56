/** Many seeds of rooms, added up as ../driver/sweep.ts adds up those of the core. */

import { addTally, dayTally, emptyTally, type Tally } from '../driver/sweep.ts'
import { mix } from '../ground/hash.ts'
import type { Replay } from './replayable.ts'

/** `takeUncaught` gives what was thrown since the last time where nobody catches it, if the host can tell. */
export async function sweepRooms(
  replay: Replay,
  from: number,
  count: number,
  takeUncaught: () => unknown = () => undefined,
): Promise<Tally> {
  const sum = emptyTally()
  for (let seed = from; seed < from + count; seed++) {
    const { events, simulatedMs, violations, traceHash, marks, day } = await replay(seed)
    const tally = { ...emptyTally(), seeds: 1, events, simulatedMs, hash: mix(Number.parseInt(traceHash, 16), seed) }
    tally.days[day] = dayTally(marks.keys())
    const [first] = violations
    const error = takeUncaught()
    if (first !== undefined) tally.failures.push({ seed, ...first })
    else if (error !== undefined) {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
      tally.failures.push({ seed, property: 'Uncaught Error', detail })
    }
    addTally(sum, tally)
  }
  return sum
}
