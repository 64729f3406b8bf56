/** Traces of the implementation: whole ones, such as begin in the midst of a run, and such as were changed in one place. */
import { Raft, type TraceEvent } from '@flotilla/core'
import { readTrace } from '@flotilla/trace'
import type { SimulateOptions } from '../driver/run.ts'
import { simulateRuntime } from '../runtime/run.ts'
import { record, replay } from '../stories/replay.ts'
import { traceFile } from '../stories/trace-file.ts'

/** Leases are about time, of which the specification knows nothing. */
const options: SimulateOptions = {
  mix: drawn => ({ ...drawn, raftOptions: { ...drawn.raftOptions, leaseReads: false } }),
}

export function coreTrace(seed: number): readonly TraceEvent[] {
  const recording = record(seed, options)
  return readTrace(traceFile({ recording, happenings: recording.happenings }, options)).events
}

/** As somebody sees it who begins to watch when so much has happened: first, where each node stands. */
export function coreTraceFrom(seed: number, happened: number): readonly TraceEvent[] {
  const recording = record(seed, options)
  const events: TraceEvent[] = []
  let isWatched = false
  replay(recording, recording.happenings, { ...options, trace: true }, (world, source) => {
    let seen = 0
    world.onOutput = (_node, { trace }) => isWatched && events.push(...trace)
    world.onEvent = (node, event) =>
      isWatched && events.push({ node: node.id, at: node.clock.read(world.now), ...event })
    source.onAction = () => {
      seen += 1
      if (seen !== happened) return
      isWatched = true
      for (const { raft } of world.nodes) if (raft instanceof Raft) events.push(...raft.standing())
    }
  })
  return events
}

export async function roomTrace(seed: number): Promise<readonly TraceEvent[]> {
  const events: TraceEvent[] = []
  await simulateRuntime(seed, { onTrace: event => events.push(event) })
  return events
}

/** What a wrong node would have told: one event is another. */
export interface Lie {
  readonly name: string
  tell(event: TraceEvent, before: readonly TraceEvent[]): TraceEvent | undefined
}

export const lies: readonly Lie[] = [
  {
    name: 'a second vote is granted in a term',
    tell: event =>
      event.type === 'vote' && !event.preVote && !event.granted && event.reason.includes('voted')
        ? { ...event, granted: true }
        : undefined,
  },
  {
    name: 'a leader commits what no majority has',
    tell: (event, before) =>
      event.type === 'committed' && leads(before, event.node) ? { ...event, index: event.index + 1 } : undefined,
  },
  {
    name: 'a follower acknowledges what it does not have',
    tell: event =>
      event.type === 'sent' && event.message.type === 'AppendEntriesResult' && event.message.granted === true
        ? { ...event, message: { ...event.message, index: (event.message.index ?? 0) + 1_000 } }
        : undefined,
  },
]

/** The trace with the first event changed of which that can be told, and its place. */
export function lied(
  events: readonly TraceEvent[],
  { name, tell }: Lie,
): { readonly told: readonly TraceEvent[]; readonly at: number } {
  for (const [at, event] of events.entries()) {
    const told = tell(event, events.slice(0, at))
    if (told !== undefined) return { told: events.with(at, told), at }
  }
  throw new Error(`nothing in the trace can be told so that ${name}`)
}

function leads(before: readonly TraceEvent[], node: string): boolean {
  const last = before.findLast(event => event.node === node && event.type === 'role')
  return last?.type === 'role' && last.role === 'leader'
}
