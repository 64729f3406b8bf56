/** A failure as a file of the shared trace schema, for the visualizer: what the shrunk run's nodes and hosts tell of themselves. */
import type { TraceEvent } from '@flotilla/core'
import type { SimulateOptions } from '../driver/run.ts'
import { replay } from './replay.ts'
import type { Shrunk } from './shrink.ts'

interface TraceFile {
  readonly format: 'flotilla-trace'
  readonly version: 1
  /** Where it comes from, for people. */
  readonly title: string
  readonly events: readonly TraceEvent[]
}

export function traceFile({ recording, happenings }: Shrunk, options: SimulateOptions = {}): TraceFile {
  const events: TraceEvent[] = []
  const violation = replay(recording, happenings, { ...options, trace: true }, world => {
    world.onOutput = (_node, { trace }) => events.push(...trace)
    world.onEvent = (node, event) => events.push({ node: node.id, at: node.clock.read(world.now), ...event })
  })
  const title = `seed ${recording.seed}: ${violation?.property}: ${violation?.detail}`
  return { format: 'flotilla-trace', version: 1, title, events }
}
