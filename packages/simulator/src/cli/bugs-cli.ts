/**
 * `npm run bugs -- [--json] [--seeds N] [--only 6,28] [--no-shrink]`: every known bug is planted, one at a time, and must be
 * caught within N seeds by a property that names it. Ends with 1 if one is not.
 */

import type { PlantedBug } from '../planted/bug.ts'
import { plantedBugs } from '../planted/bugs.ts'
import { type Catch, hunt, optionsFor, shortestStory } from '../planted/hunt.ts'
import { endWith, readArguments } from './command-line.ts'

/** Events to spend on replays: a story that is not short after these is told as it is. */
const shrinkBudget = 1_500_000

interface Verdict {
  readonly bug: PlantedBug
  readonly caught: Catch | undefined
  readonly shrunkEvents: number | undefined
  readonly shrinkSeconds: number
}

const usage =
  'bugs [--json] [--seeds N] [--only 6,28] [--no-shrink]   (N at least 1; the numbers are those of planted bugs)'
const values = readArguments(
  {
    options: {
      json: { type: 'boolean', default: false },
      seeds: { type: 'string', default: '10000' },
      only: { type: 'string', default: '' },
      shrink: { type: 'boolean', default: true },
    },
    allowNegative: true,
  } as const,
  usage,
)
const only = values.only === '' ? undefined : values.only.split(',').map(Number)
if (!(Number.isSafeInteger(Number(values.seeds)) && Number(values.seeds) >= 1)) endWith(usage)
// A hunt for no bug at all would end well.
if (only?.every(number => plantedBugs.some(bug => bug.number === number)) === false) endWith(usage)
const verdicts: Verdict[] = []
for (const bug of plantedBugs) {
  if (only?.includes(bug.number) === false) continue
  const verdict = await judge(bug, Number(values.seeds), values.shrink)
  verdicts.push(verdict)
  if (!values.json) console.log(line(verdict))
}
const numbers = [...new Set(verdicts.map(({ bug }) => bug.number))]
const caught = numbers.filter(number => verdicts.every(verdict => verdict.bug.number !== number || isCaught(verdict)))
const seeds = verdicts.flatMap(({ caught }) => caught?.seeds ?? [])
const shrunk = verdicts.flatMap(({ shrunkEvents }) => shrunkEvents ?? [])
const summary = {
  bugs: numbers.length,
  caught: caught.length,
  medianSeeds: median(seeds),
  worstSeeds: Math.max(0, ...seeds),
  medianShrunkEvents: median(shrunk),
  worstShrunkEvents: Math.max(0, ...shrunk),
  slowestShrinkSeconds: Math.ceil(Math.max(...verdicts.map(({ shrinkSeconds }) => shrinkSeconds))),
  missed: numbers.filter(number => !caught.includes(number)),
}
if (values.json) console.log(JSON.stringify(summary))
else
  console.log(
    `${summary.caught} of ${summary.bugs} bugs caught; seeds: median ${summary.medianSeeds}, worst ${summary.worstSeeds}; ` +
      `shrunk stories: median ${summary.medianShrunkEvents} events, worst ${summary.worstShrunkEvents}, the slowest in ${summary.slowestShrinkSeconds} s`,
  )
process.exitCode = caught.length === numbers.length ? 0 : 1

async function judge(bug: PlantedBug, most: number, isToShrink: boolean): Promise<Verdict> {
  const options = await optionsFor(bug)
  const caught = hunt(options, 1, most)
  const startedAt = performance.now()
  const told = caught === undefined || !isToShrink ? undefined : shortestStory(options, caught, shrinkBudget)
  const shrinkSeconds = (performance.now() - startedAt) / 1000
  return { bug, caught, shrunkEvents: told?.shrunk.happenings.length, shrinkSeconds }
}

function isCaught({ bug, caught }: Verdict): boolean {
  return caught !== undefined && bug.caughtBy.includes(caught.property)
}

function line(verdict: Verdict): string {
  const { bug, caught, shrunkEvents } = verdict
  const name = `${String(bug.number).padStart(2)} ${bug.name}`
  if (caught === undefined) return `✗ ${name}: not caught`
  const story = shrunkEvents === undefined ? '' : `, shrunk to ${shrunkEvents} events`
  return `${isCaught(verdict) ? '✓' : '✗'} ${name}: ${caught.property}, seed ${caught.seeds}${story}`
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}
