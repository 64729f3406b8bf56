/** Many seeds, added up; what a worker sends back and what `--json` prints. */
import { mix } from '../ground/hash.ts'
import { simulate } from './run.ts'

export interface Failure {
  readonly seed: number
  readonly property: string
  readonly detail: string
}

/** What one or more seeds came to. Plain data: it crosses threads. */
export interface Tally {
  seeds: number
  events: number
  simulatedMs: number
  /** Over the trace hashes of all seeds, in whatever order they were run. */
  hash: number
  readonly failures: Failure[]
  /** By kind of day. */
  readonly days: Partial<Record<string, DayTally>>
}

export interface DayTally {
  seeds: number
  /** In how many of them each mark was reached, by its name. */
  readonly marks: Partial<Record<string, number>>
}

export const emptyTally = (): Tally => ({ seeds: 0, events: 0, simulatedMs: 0, hash: 0, failures: [], days: {} })

export function dayTally(marks: Iterable<string>): DayTally {
  return { seeds: 1, marks: Object.fromEntries(Array.from(marks, name => [name, 1])) }
}

function tallySeed(seed: number): Tally {
  const tally = emptyTally()
  const result = simulate(seed)
  tally.seeds = 1
  tally.events = result.events
  tally.simulatedMs = result.simulatedMs
  tally.hash = mix(Number.parseInt(result.traceHash, 16), seed)
  const [first] = result.violations
  if (first !== undefined) tally.failures.push({ seed, property: first.property, detail: first.detail })
  tally.days[result.mix.day] = dayTally(result.marks.keys())
  return tally
}

export function addTally(sum: Tally, more: Tally): void {
  sum.seeds += more.seeds
  sum.events += more.events
  sum.simulatedMs += more.simulatedMs
  sum.hash = (sum.hash + more.hash) >>> 0
  sum.failures.push(...more.failures)
  for (const [day, { seeds = 0, marks = {} } = {}] of Object.entries(more.days)) {
    const of = sum.days[day] ?? { seeds: 0, marks: {} }
    sum.days[day] = of
    of.seeds += seeds
    for (const [name, count = 0] of Object.entries(marks)) of.marks[name] = (of.marks[name] ?? 0) + count
  }
}

export function sweepSeeds(from: number, count: number): Tally {
  const tally = emptyTally()
  for (let seed = from; seed < from + count; seed++) addTally(tally, tallySeed(seed))
  return tally
}
