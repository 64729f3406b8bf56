/**
 * `npm run sim -- --seeds N [--from S] [--workers W] [--shard I/N] [--resume FILE] [--runtime | --browsers | --edits] [--json]`: many seeds
 * over all cores; of Raft's core, or, with `--runtime`, of the whole nodes that applications open, or, with `--browsers`, of whole browsers, or, with
 * `--edits`, of those in which people edit a board.
 *
 * A failure prints its seed, the property, the shrunk story and the command that runs it again, and leaves the story as a
 * trace file in `test-results/simulator` (rooms: as text). `--shard 2/5` takes the second fifth of the seeds; `--resume FILE` keeps count in
 * a file, and goes on from there when it is asked the same again. The process ends with 1 if anything failed, and with 2
 * if it was asked for nonsense.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { simulate } from '../driver/run.ts'
import { addTally, emptyTally, type Failure, type Tally } from '../driver/sweep.ts'
import { tellRoomFailure } from '../runtime/failure.ts'
import { replay } from '../stories/replay.ts'
import { type Shrunk, shrink } from '../stories/shrink.ts'
import { tell } from '../stories/story.ts'
import { traceFile } from '../stories/trace-file.ts'
import { cores, type RoomKind, rooms } from './rooms.ts'
import { linesOf, toldDays } from './told-days.ts'
import type { Assignment } from './worker.ts'

interface Request {
  readonly seeds: number
  readonly from: number
  readonly workers: number
  /** `undefined`: of Raft's core. */
  readonly kind: RoomKind | undefined
  readonly json: boolean
  readonly resume: string | undefined
}

const storyLines = 40
/** Seeds handed out at once: enough to keep threads busy, few enough for a steady count. */
const portion = 20
const block = 2000
const traceFolder = 'test-results/simulator'

let shownAt = 0
const request = readRequest()
if (request === undefined) {
  console.error(
    'usage: sim [--seeds N] [--from S] [--workers W] [--shard I/N] [--resume FILE] [--runtime | --browsers | --edits] [--json]   (whole numbers; N and W at least 1)',
  )
  process.exit(2)
}
const started = performance.now()
const total = await sweep(request, sum => showProgress(request, sum))
await report(request, total, (performance.now() - started) / 1000)
process.exitCode = total.failures.length > 0 ? 1 : 0

function readRequest(): Request | undefined {
  try {
    const { values } = parseArgs({
      options: {
        seeds: { type: 'string', default: '200' },
        from: { type: 'string', default: '1' },
        workers: { type: 'string', default: String(availableParallelism()) },
        shard: { type: 'string', default: '1/1' },
        resume: { type: 'string' },
        runtime: { type: 'boolean', default: false },
        browsers: { type: 'boolean', default: false },
        edits: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    })
    const [seeds, from, workers] = [Number(values.seeds), Number(values.from), Number(values.workers)]
    if (![seeds, from, workers].every(Number.isSafeInteger) || seeds < 1 || from < 0 || workers < 1) return undefined
    const shard = shardOf(values.shard, from, seeds)
    if (shard === undefined) return undefined
    const { runtime, browsers, edits, json, resume } = values
    const asked = Object.entries({ runtime, browsers, edits }).filter(([, is]) => is)
    if (asked.length > 1) return undefined
    const kind = runtime ? 'runtime' : browsers ? 'browsers' : edits ? 'edits' : undefined
    return { ...shard, workers: Math.min(workers, shard.seeds, 256), kind, json, resume }
  } catch {
    return undefined
  }
}

/** The `i`th of `n` nearly equal parts. */
function shardOf(text: string, from: number, seeds: number): { from: number; seeds: number } | undefined {
  const [, i, n] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? []
  if (i === undefined || n === undefined || i < 1 || i > n || n > seeds) return undefined
  const begin = Math.floor(((i - 1) * seeds) / n)
  return { from: from + begin, seeds: Math.floor((i * seeds) / n) - begin }
}

async function sweep(request: Request, progress: (sum: Tally) => void): Promise<Tally> {
  const { seeds, from, kind, resume } = request
  const sum = (resume === undefined ? undefined : readProgress(resume, request)) ?? emptyTally()
  while (sum.seeds < seeds) {
    // What can be resumed is kept count of by the block: within one, portions come back in any order.
    const count = Math.min(resume === undefined ? seeds : block, seeds - sum.seeds)
    await sweepBlock(request, from + sum.seeds, count, sum, progress)
    if (resume !== undefined) writeFileSync(resume, JSON.stringify({ from, seeds, kind, sum }))
  }
  sum.failures.sort((a, b) => a.seed - b.seed)
  return sum
}

/** `undefined` where there is nothing to go on from. @throws Error if the file is of other seeds. */
function readProgress(file: string, { from, seeds, kind }: Request): Tally | undefined {
  if (!existsSync(file)) return undefined
  const saved: { from: number; seeds: number; kind?: RoomKind; sum: Tally } = JSON.parse(readFileSync(file, 'utf8'))
  if (saved.from !== from || saved.seeds !== seeds || saved.kind !== kind)
    throw new Error(`${file} is about other seeds`)
  return saved.sum
}

async function sweepBlock(
  { workers, kind }: Request,
  from: number,
  seeds: number,
  sum: Tally,
  progress: (sum: Tally) => void,
): Promise<void> {
  let next = from
  const end = from + seeds
  const take = (): Assignment | undefined => {
    const count = Math.min(portion, end - next)
    if (count <= 0) return undefined
    const assignment = { from: next, count, kind }
    next += count
    return assignment
  }
  await Promise.all(Array.from({ length: workers }, () => work(take, sum, progress)))
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

async function report({ json, kind }: Request, sum: Tally, wallSeconds: number): Promise<void> {
  const { seeds, events, failures } = sum
  const eventsPerSecond = Math.round(events / wallSeconds)
  const simulatedSeconds = Math.round(sum.simulatedMs / 1000)
  const { marks, days } = kind === undefined ? cores : rooms[kind]
  const told = toldDays(sum.days, marks, days)
  if (json) {
    const violations = failures.map(({ seed, property, detail }) => ({ seed, property, detail }))
    const wall = Math.round(wallSeconds * 1000) / 1000
    const { hash } = sum
    const figures = {
      seeds,
      events,
      eventsPerSecond,
      simulatedSeconds,
      wallSeconds: wall,
      hash,
      days: told,
      violations,
    }
    console.log(JSON.stringify(figures))
    return
  }
  for (const failure of failures.slice(0, 3)) {
    if (kind === undefined) describeFailure(failure)
    else await describeRoomFailure(kind, failure)
  }
  for (const { seed, property } of failures.slice(3)) console.log(`seed ${seed}: ${property}`)
  const speed = Math.round(simulatedSeconds / wallSeconds)
  console.log(
    `${seeds} seeds, ${events.toLocaleString('en')} events in ${wallSeconds.toFixed(1)} s ` +
      `(${eventsPerSecond.toLocaleString('en')}/s, ${speed.toLocaleString('en')} × real time), ${failures.length} failed`,
  )
  for (const line of linesOf(told, marks)) console.log(line)
}

function describeFailure({ seed, property, detail }: Failure): void {
  const shrunk = shortened(seed)
  const lines = shrunk === undefined ? lastLines(seed) : shortStory(shrunk)
  const how =
    shrunk === undefined
      ? `the last ${lines.length} things that happened`
      : `${shrunk.recorded} happenings, ${shrunk.happenings.length} of which are enough`
  console.log(`\nseed ${seed}: ${property}\n  ${detail}\n  ${how}:\n\n${lines.join('\n')}\n`)
  console.log(`again: npm run sim -- --seeds 1 --from ${seed}`)
  if (shrunk === undefined) return
  const file = join(traceFolder, `seed-${seed}.jsonl`)
  mkdirSync(traceFolder, { recursive: true })
  writeFileSync(file, traceFile(shrunk))
  console.log(`trace: ${file}\n`)
}

/** A failure that cannot be replayed is told all the same, and that it cannot. */
function shortened(seed: number): Shrunk | undefined {
  try {
    return shrink(seed)
  } catch (error) {
    console.log(`\n${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}

async function describeRoomFailure(kind: RoomKind, { seed, property, detail }: Failure): Promise<void> {
  const { summary, lines } = await tellRoomFailure(seed, rooms[kind].replay)
  console.log(`\nseed ${seed}: ${property}\n  ${detail}\n  ${summary}:\n\n${lines.slice(-storyLines).join('\n')}\n`)
  console.log(`again: npm run sim -- --${kind} --seeds 1 --from ${seed}`)
  const file = join(traceFolder, `${kind}-seed-${seed}.txt`)
  mkdirSync(traceFolder, { recursive: true })
  writeFileSync(file, `${lines.join('\n')}\n`)
  console.log(`everything that happened: ${file}\n`)
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
