/**
 * `npm run spec`: the specification in docs/spec is checked by Quint, and the implementation is held to it: traces of it must be
 * allowed, traces of planted bugs must not. `-- FILE…` follows trace files instead, `-- --only TEXT` does what has that in its name. Ends with "N passed, N failed".
 */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { TraceEvent } from '@flotilla/core'
import { readTrace } from '@flotilla/trace'
import { plantedBugs } from '../planted/bugs.ts'
import { hunt, optionsFor } from '../planted/hunt.ts'
import { followed } from '../specification/following.ts'
import { mutants, mutated } from '../specification/mutants.ts'
import { coreTrace, coreTraceFrom, type Lie, lied, lies, roomTrace } from '../specification/own-traces.ts'
import { QuintProcess } from '../specification/quint-process.ts'
import { shrink } from '../stories/shrink.ts'
import { traceFile } from '../stories/trace-file.ts'

/** So many events of a trace are followed: Quint takes longer for each step, the more was said before. */
const mostEvents = 300
const coreSeeds = [5]
const roomSeeds = [1, 2]
/** Watched from the midst on: of a seed, after so many happenings. */
const midst = [
  { seed: 5, happened: 50 },
  { seed: 7, happened: 150 },
] as const
/** Fewer of these: from there on Quint has little to remember, but the first steps are what is looked at. */
const mostEventsFromMidst = 250
/** Planted bugs whose traces show that the specification refuses. */
const bugs = [1, 2, 15, 17, 20]
const mostSeeds = 1_000
/** Events to spend on making the trace of a bug short. */
const shrinkBudget = 200_000
const simulations = ['init', 'led']

const quint = new QuintProcess(join(process.cwd(), 'docs/spec'), join(process.cwd(), 'test-results/spec'))
const [option, part = ''] = process.argv.slice(2)
const only = option === '--only' ? part : ''
const files = option === '--only' ? [] : process.argv.slice(2)
let passed = 0
let failed = 0

interface Check {
  readonly name: string
  run(): Promise<void>
}

const own: readonly Check[] = [
  { name: 'stories.qnt', run: () => says('stories.qnt', ['test', 'stories.qnt', '--max-samples', '1']) },
  ...simulations.map(init => ({ name: `three nodes from "${init}"`, run: () => simulates(init) })),
  ...coreSeeds.map(seed => ({
    name: `core, seed ${seed}`,
    run: () => allows(`core, seed ${seed}`, coreTrace(seed), mostEvents),
  })),
  ...roomSeeds.map(seed => ({
    name: `a room, seed ${seed}`,
    run: async () => allows(`a room, seed ${seed}`, await roomTrace(seed), mostEvents),
  })),
  ...midst.map(({ seed, happened }) => ({
    name: `core, seed ${seed} from the midst`,
    run: () => allows(`core, seed ${seed} from the midst`, coreTraceFrom(seed, happened), mostEventsFromMidst),
  })),
  ...lies.map(lie => ({ name: `lie: ${lie.name}`, run: () => refusesLie(lie) })),
  ...bugs.map(number => ({ name: `planted bug ${number}`, run: () => refuses(number) })),
  ...mutants.map(mutant => ({ name: `mutant: ${mutant.name}`, run: () => fails(mutant) })),
]
const given = files.map(file => ({
  name: file,
  run: () => allows(basename(file), readTrace(readFileSync(file, 'utf8')).events, Number.POSITIVE_INFINITY),
}))
const checks = files.length > 0 ? given : own.filter(({ name }) => name.includes(only))
await twoAtATime(checks)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function told(isGood: boolean, text: string): void {
  if (isGood) passed += 1
  else failed += 1
  console.log(`${isGood ? '✓' : '✗'} ${text}`)
}

async function says(name: string, args: readonly string[]): Promise<void> {
  const { code, text } = await quint.run(quint.prepare(`says ${name}`), args)
  told(code === 0, `${name}${code === 0 ? '' : `:\n${text.slice(-2_000)}`}`)
}

async function simulates(init: string): Promise<void> {
  const bounds = ['--max-samples', '50', '--max-steps', '80']
  await says(`three nodes from "${init}": ${bounds.join(' ')}`, [
    ...['run', 'three_nodes.qnt', '--init', init, ...bounds, '--invariant', 'safe', '--verbosity', '1'],
  ])
}

async function allows(name: string, events: readonly TraceEvent[], most: number): Promise<void> {
  const { steps, allowed, refused } = await followed(quint, name, events, most)
  told(
    refused === undefined,
    `${name}: ${allowed} of ${steps} steps are allowed${refused === undefined ? '' : `, not ${refused}`}`,
  )
}

async function refuses(number: number): Promise<void> {
  const bug = plantedBugs.find(other => other.number === number)
  if (bug === undefined) throw new Error(`there is no planted bug ${number}`)
  const options = await optionsFor(bug)
  let first = hunt(options, 1, mostSeeds)
  // What never happens is no step that could be refused.
  while (first?.property === 'Liveness') first = hunt(options, first.seed + 1, mostSeeds)
  const shrunk = first === undefined ? undefined : shrink(first.seed, options, shrinkBudget)
  if (shrunk === undefined) return told(false, `planted bug ${number} is not caught by the simulator`)
  const { events } = readTrace(traceFile(shrunk, options))
  const { steps, allowed, refused } = await followed(quint, `planted bug ${number}`, events, Number.POSITIVE_INFINITY)
  told(
    refused !== undefined,
    `planted bug ${number}, ${bug.name}: refused at step ${allowed + 1} of ${steps}: ${refused}`,
  )
}

/** Told after the midst in which the trace begins, of which nothing else is wrong. */
async function refusesLie(lie: Lie): Promise<void> {
  const [{ seed, happened }] = midst
  const events = coreTraceFrom(seed, happened)
  const { at, told: changed } = lied(events, lie)
  const { steps, allowed, refused } = await followed(quint, `lie ${lies.indexOf(lie) + 1}`, changed, at + 1)
  told(
    refused !== undefined && allowed >= steps - 2,
    `seed ${seed} from the midst, told so that ${lie.name}: refused at step ${allowed + 1} of ${steps}: ${refused}`,
  )
}

async function fails(mutant: (typeof mutants)[number]): Promise<void> {
  const folder = quint.prepare(`mutant ${mutants.indexOf(mutant) + 1}`, (file, text) => mutated(mutant, file, text))
  const { code, text } = await quint.run(folder, ['test', 'stories.qnt', '--max-samples', '1'])
  // It must be read, and then fail.
  told(code !== 0 && text.includes('failed'), `a specification that ${mutant.name} fails its stories`)
}

async function twoAtATime(all: readonly Check[]): Promise<void> {
  const waiting = [...all]
  const work = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift())
      await check.run().catch(error => told(false, `${check.name}: ${error}`))
  }
  await Promise.all([work(), work()])
}
