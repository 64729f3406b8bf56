/**
 * `npm run sim -- --seeds N [--from S] [--workers W] [--json]`: many seeds over all cores.
 *
 * A failure prints its seed, the property, the story's end and the command that runs it again. The process ends with 1
 * if anything failed, and with 2 if it was asked for nonsense.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { allMarks } from './marks.ts'
import { replay } from './replay.ts'
import { simulate } from './run.ts'
import { type Shrunk, shrink } from './shrink.ts'
import { tell } from './story.ts'
import { addTally, emptyTally, type Failure, type Tally } from './sweep.ts'
import type { Assignment } from './worker.ts'

interface Request {
  readonly seeds: number
  readonly from: number
  readonly workers: number
  readonly json: boolean
}

const storyLines = 40
/** Seeds handed out at once: enough to keep threads busy, few enough for a steady count. */
const portion = 20

let shownAt = 0
const request = readRequest()
if (request === undefined) {
  console.error('usage: sim [--seeds N] [--from S] [--workers W] [--json]   (whole numbers; N and W at least 1)')
  process.exit(2)
}
const started = performance.now()
const total = await sweep(request, sum => showProgress(request, sum))
report(request, total, (performance.now() - started) / 1000)
process.exitCode = total.failures.length > 0 ? 1 : 0

function readRequest(): Request | undefined {
  try {
    const { values } = parseArgs({
      options: {
        seeds: { type: 'string', default: '200' },
        from: { type: 'string', default: '1' },
        workers: { type: 'string', default: String(availableParallelism()) },
        json: { type: 'boolean', default: false },
      },
    })
    const [seeds, from, workers] = [Number(values.seeds), Number(values.from), Number(values.workers)]
    if (![seeds, from, workers].every(Number.isSafeInteger) || seeds < 1 || from < 0 || workers < 1) return undefined
    return { seeds, from, workers: Math.min(workers, seeds, 256), json: values.json }
  } catch {
    return undefined
  }
}

async function sweep({ seeds, from, workers }: Request, progress: (sum: Tally) => void): Promise<Tally> {
  const sum = emptyTally()
  let next = from
  const end = from + seeds
  const take = (): Assignment | undefined => {
    const count = Math.min(portion, end - next)
    if (count <= 0) return undefined
    const assignment = { from: next, count }
    next += count
    return assignment
  }
  const threads = Array.from({ length: workers }, () => work(take, sum, progress))
  await Promise.all(threads)
  sum.failures.sort((a, b) => a.seed - b.seed)
  return sum
}

function work(take: () => Assignment | undefined, sum: Tally, progress: (sum: Tally) => void): Promise<void> {
  // From source, a thread needs the same loader as this one; built, there is nothing to load.
  const isSource = import.meta.url.endsWith('.ts')
  const worker = isSource
    ? new Worker(
        `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(new URL('./worker.ts', import.meta.url).href)}) })`,
        { eval: true, execArgv: ['--conditions=source'] },
      )
    : new Worker(new URL('./worker.js', import.meta.url))
  return new Promise((resolve, reject) => {
    const assign = (): void => {
      const assignment = take()
      if (assignment !== undefined) worker.postMessage(assignment)
      else worker.terminate().then(() => resolve(), reject)
    }
    worker.on('message', (tally: Tally) => {
      addTally(sum, tally)
      progress(sum)
      assign()
    })
    worker.on('error', reject)
    assign()
  })
}

function showProgress({ seeds, json }: Request, sum: Tally): void {
  const now = performance.now()
  if (json || now - shownAt < 1000) return
  shownAt = now
  const seconds = (now - started) / 1000
  const rate = Math.round(sum.events / seconds)
  const left = Math.round((seconds / sum.seeds) * (seeds - sum.seeds))
  const found = sum.failures.length === 0 ? 'clean' : `${sum.failures.length} failed`
  console.error(`${sum.seeds}/${seeds} seeds, ${found}, ${rate.toLocaleString('en')} events/s, ${left} s left`)
}

function report({ json }: Request, sum: Tally, wallSeconds: number): void {
  const { seeds, events, failures } = sum
  const eventsPerSecond = Math.round(events / wallSeconds)
  const simulatedSeconds = Math.round(sum.simulatedMs / 1000)
  if (json) {
    const violations = failures.map(({ seed, property, detail }) => ({ seed, property, detail }))
    const wall = Math.round(wallSeconds * 1000) / 1000
    console.log(JSON.stringify({ seeds, events, eventsPerSecond, simulatedSeconds, wallSeconds: wall, violations }))
    return
  }
  for (const failure of failures.slice(0, 3)) describeFailure(failure)
  for (const { seed, property } of failures.slice(3)) console.log(`seed ${seed}: ${property}`)
  const speed = Math.round(simulatedSeconds / wallSeconds)
  console.log(
    `${seeds} seeds, ${events.toLocaleString('en')} events in ${wallSeconds.toFixed(1)} s ` +
      `(${eventsPerSecond.toLocaleString('en')}/s, ${speed.toLocaleString('en')} × real time), ${failures.length} failed`,
  )
  const missed = allMarks.filter(name => sum.marks[name] === undefined)
  if (missed.length > 0) console.log(`never reached: ${missed.join('; ')}`)
}

function describeFailure({ seed, property, detail }: Failure): void {
  const shrunk = shrink(seed)
  const lines = shrunk === undefined ? lastLines(seed) : shortStory(shrunk)
  const how =
    shrunk === undefined
      ? `the last ${lines.length} things that happened`
      : `${shrunk.recording.happenings.length} happenings, ${shrunk.happenings.length} of which are enough`
  console.log(`\nseed ${seed}: ${property}\n  ${detail}\n  ${how}:\n\n${lines.join('\n')}\n`)
  console.log(`again: npm run sim -- --seeds 1 --from ${seed}\n`)
}

function shortStory({ recording, happenings }: Shrunk): readonly string[] {
  let lines = (): readonly string[] => []
  const violation = replay(recording, happenings, {}, (world, source) => {
    lines = tell(world, source, happenings.length).lines
  })
  return [...lines(), ...(violation === undefined ? [] : [`           ${violation.detail}`])]
}

/** What fails for want of something happening has no short story; its end says most. */
function lastLines(seed: number): readonly string[] {
  let lines: readonly string[] = []
  simulate(seed, {
    observe: (world, driver) => {
      const story = tell(world, driver, storyLines)
      world.checker.onViolation = () => {
        lines = story.lines()
      }
    },
  })
  return lines
}
