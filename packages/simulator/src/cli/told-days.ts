/** What the seeds of each kind of day came across how often, and what they never did: a checker that found nothing has looked at the one, and not at the other. */
import type { Tally } from '../driver/sweep.ts'
import { asDrawn, type DayKind } from '../ground/days.ts'

export type Expectations = Pick<DayKind<never, string>, 'name' | 'expects' | 'within'>

export interface ToldDay {
  readonly day: string
  readonly seeds: number
  /** In how many of them each mark was reached. */
  readonly reached: Readonly<Record<string, number>>
  readonly never: readonly string[]
  /** What so many of these days should have reached. */
  readonly missed: readonly string[]
}

/** `marks`: all there are. Days as drawn are the first. */
export function toldDays(days: Tally['days'], marks: readonly string[], kinds: readonly Expectations[]): ToldDay[] {
  const names = Object.keys(days).sort((a, b) => Number(b === asDrawn) - Number(a === asDrawn) || (a < b ? -1 : 1))
  return names.map(day => {
    const { seeds = 0, marks: counts = {} } = days[day] ?? {}
    const reached: Record<string, number> = {}
    for (const mark of marks) if (counts[mark] !== undefined) reached[mark] = counts[mark]
    const never = marks.filter(mark => counts[mark] === undefined)
    const { expects = [], within = 0 } = kinds.find(({ name }) => name === day) ?? {}
    const missed = seeds < within ? [] : expects.filter(mark => counts[mark] === undefined)
    return { day, seeds, reached, never, missed }
  })
}

const width = 6

/** A line for each mark, a column for each kind of day: how often, or `–` for never. */
export function* linesOf(told: readonly ToldDay[], marks: readonly string[]): Generator<string> {
  const longest = Math.max(...marks.map(mark => mark.length))
  const cells = (of: (day: ToldDay, column: number) => string | number): string =>
    told.map((day, column) => String(of(day, column)).padStart(width)).join('')
  for (const [column, { day }] of told.entries()) yield `${letterOf(column)}: ${day}`
  yield `${'reached in so many seeds'.padEnd(longest)}${cells((_, column) => letterOf(column))}`
  yield `${'of'.padEnd(longest)}${cells(({ seeds }) => seeds)}`
  for (const mark of marks) yield `${mark.padEnd(longest)}${cells(({ reached }) => reached[mark] ?? '–')}`
  for (const { day, missed } of told)
    if (missed.length > 0) yield `should have been reached on days of the kind ‘${day}’: ${missed.join('; ')}`
  const nowhere = marks.filter(mark => told.every(({ reached }) => reached[mark] === undefined))
  if (nowhere.length > 0) yield `never reached: ${nowhere.join('; ')}`
}

const letterOf = (column: number): string => String.fromCharCode('a'.charCodeAt(0) + column)
