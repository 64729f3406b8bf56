/** What is printed of a failing seed of rooms: which faults it takes, and what happened, a line each. */
import type { Replay } from './replayable.ts'
import { shrinkRoom } from './shrink.ts'

export interface RoomFailureStory {
  readonly summary: string
  /** Everything that happened when nothing else did. */
  readonly lines: readonly string[]
}

export async function tellRoomFailure(seed: number, replay: Replay): Promise<RoomFailureStory> {
  const shrunk = await shrinkRoom(seed, replay)
  if (shrunk === undefined) return { summary: 'run by itself it does not fail', lines: [] }
  const { happenings, leftOut, violation } = shrunk
  const needed = happenings.filter((_, i) => !leftOut.has(i + 1))
  const lines: string[] = []
  await replay(seed, { leftOut, onLine: line => void lines.push(line) })
  lines.push(`           ${violation.property}: ${violation.detail}`)
  const which =
    needed.length === 0 ? 'none of which is needed' : `${needed.length} of which are enough (${needed.join(', ')})`
  return { summary: `${happenings.length} faults and requests, ${which}; the end of what then happens`, lines }
}
