/** A failure as a trace file, for the visualizer: what the shrunk run's nodes and hosts tell of themselves. */
import type { TraceEvent } from '@flotilla/core'
import { writeTrace } from '@flotilla/trace'
import type { SimulateOptions } from '../driver/run.ts'
import { replay } from './replay.ts'
import type { Shrunk } from './shrink.ts'

/** @param modified the rules that `options` break, in words. */
export function traceFile(
  { recording, happenings }: Pick<Shrunk, 'recording' | 'happenings'>,
  options: SimulateOptions = {},
  modified: readonly string[] = [],
): string {
  const events: TraceEvent[] = []
  const violation = replay(recording, happenings, { ...options, trace: true }, world => {
    world.onOutput = (_node, { trace }) => events.push(...trace)
    world.onEvent = (node, event) => events.push({ node: node.id, at: node.clock.read(world.now), ...event })
  })
  const title = `seed ${recording.seed}: ${violation?.property}: ${violation?.detail}`
  const voters = happenings.flatMap(({ action }) =>
    action.type === 'appear' && action.initial.entries.length > 0 ? [action.id] : [],
  )
  return writeTrace({ title, voters, modified }, events)
}
