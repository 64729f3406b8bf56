/**
 * `npm run sim -- --forever [--corpus FILE] [--minutes N] [--uniform]`: days are bred by what they come across, until Ctrl-C, or for so many
 * minutes; goes on from the file where it left off. `--uniform` breeds nothing and tries one seed after the other: to compare with.
 * `npm run sim -- --bred 1.2.3.4.5.6.7.8` runs one such day, and tells its story if it fails.
 *
 * Ends with 1 if anything failed.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Corpus } from '../breeding/corpus.ts'
import { Coverage } from '../breeding/coverage.ts'
import { type Genome, genomeFrom, genomeOf, optionsOf, textOf } from '../breeding/genome.ts'
import { simulate } from '../driver/run.ts'
import { Random } from '../ground/random.ts'
import { replay } from '../stories/replay.ts'
import { shrink } from '../stories/shrink.ts'
import { tell } from '../stories/story.ts'
import { endWith, readArguments } from './command-line.ts'

const usage = 'sim --forever [--corpus FILE] [--minutes N] [--uniform] | sim --bred GENOME'
const values = readArguments(
  {
    options: {
      forever: { type: 'boolean', default: false },
      bred: { type: 'string' },
      corpus: { type: 'string', default: 'test-results/simulator/corpus.json' },
      minutes: { type: 'string', default: 'Infinity' },
      uniform: { type: 'boolean', default: false },
    },
  } as const,
  usage,
)
/** Runs between two looks at the clock's minute and two writes of the file. */
const portion = 50

if (values.bred !== undefined) runOne(genomeFrom(values.bred) ?? endWith(usage))
else await goOn(Number(values.minutes))

function runOne(genome: Genome): void {
  const options = optionsOf(genome)
  const shrunk = shrink(genome.cluster, options)
  if (shrunk === undefined) return console.log(`${textOf(genome)}: nothing failed`)
  let lines = (): readonly string[] => []
  const violation = replay(shrunk.recording, shrunk.happenings, options, (world, source) => {
    lines = tell(world, source, shrunk.happenings.length).lines
  })
  console.log(`${textOf(genome)}: ${violation?.property}\n  ${violation?.detail}\n\n${lines().join('\n')}`)
  process.exitCode = 1
}

async function goOn(minutes: number): Promise<void> {
  if (!(minutes > 0)) endWith(usage)
  const corpus = existsSync(values.corpus)
    ? Corpus.restore(JSON.parse(readFileSync(values.corpus, 'utf8')))
    : new Corpus()
  const before = corpus.failures.length
  let isOver = false
  process.once('SIGINT', () => {
    isOver = true
  })
  const endsAt = performance.now() + minutes * 60_000
  while (!isOver && performance.now() < endsAt) {
    for (let i = 0; i < portion && !isOver; i++) {
      tryNext(corpus)
      await nextTurn()
    }
    save(corpus)
    console.log(
      `${corpus.runs} runs, ${corpus.events.toLocaleString('en')} events: ${corpus.size} pairs, ${corpus.days} days in the corpus, ${corpus.failures.length} failed`,
    )
  }
  if (corpus.failures.length > before) process.exitCode = 1
}

function tryNext(corpus: Corpus): void {
  const random = new Random(corpus.runs, 'breeding')
  const genome = values.uniform ? nextSeed(corpus) : corpus.breed(random)
  const coverage = new Coverage()
  const result = simulate(genome.cluster, { ...optionsOf(genome), observe: coverage.observe })
  coverage.finish(result.marks.keys())
  corpus.learn(genome, coverage.pairs, result.events)
  const [violation] = result.violations
  if (violation === undefined) return
  const text = textOf(genome)
  corpus.failures.push({ genome: text, property: violation.property, detail: violation.detail })
  console.log(`${text}: ${violation.property}\n  ${violation.detail}\nagain: npm run sim -- --bred ${text}`)
}

function nextSeed(corpus: Corpus): Genome {
  const seed = corpus.fresh++
  return genomeOf(() => seed)
}

/** Whoever reads it meanwhile, or stops this process, finds all of it. */
function save(corpus: Corpus): void {
  mkdirSync(dirname(values.corpus), { recursive: true })
  const draft = `${values.corpus}.new`
  writeFileSync(draft, JSON.stringify(corpus.save()))
  renameSync(draft, values.corpus)
}
