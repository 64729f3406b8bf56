/** The stages that `npm test` and `npm run check` are made of: each runs one tool and says how much of it passed. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { browserTests } from './browser-tests.mjs'
import { checkImports } from './check-imports.mjs'
import { checkStyles } from './check-styles.mjs'
import { agreeWithExit, fromBugHunt, fromPlaywright, fromSimulator, oneFailed, sum, summaryLine } from './counts.mjs'
import { Refusal } from './fail.mjs'
import { failuresInPlaywright } from './failures.mjs'
import { installQuint } from './quint.mjs'
import { inRoot } from './root.mjs'
import { run, tool } from './run.mjs'

/**
 * @typedef {import('./counts.mjs').Counts} Counts
 * @typedef {Counts & { readonly failures?: readonly string[] }} Outcome with what is to be told of each failure, where a tool reports that
 * @typedef {{ title: string, run: () => Promise<Outcome> }} Stage
 */

/** @type {Stage} */
export const lint = {
  title: 'Formatting, lint and imports',
  run: async () => {
    // A warning that nobody reads hides the next one. In a log file Biome would colour every single letter.
    const colours = process.stdout.isTTY ? [] : ['--colors=off']
    const biome = agreeWithExit(
      undefined,
      await run(tool('@biomejs/biome', ['ci', '--error-on-warnings', ...colours, '.'])),
    )
    const wrong = [...checkImports(), ...checkStyles()]
    for (const sentence of wrong) console.error(sentence)
    return sum([biome, agreeWithExit(undefined, wrong.length)])
  },
}

/** @type {Stage} */
export const types = {
  title: 'Types',
  run: async () => agreeWithExit(undefined, await run(tool('typescript', ['-b']))),
}

/** @type {Stage} */
export const unit = {
  title: 'Unit tests',
  run: () =>
    withReport(
      file => {
        const reporters = ['--reporter=default', `--reporter=${inRoot('scripts', 'lib', 'vitest-report.mjs')}`]
        return run(tool('vitest', ['run', ...reporters]), { env: { FLOTILLA_UNIT_REPORT: file } })
      },
      (/** @type {Outcome} */ outcome) => outcome,
    ),
}

/**
 * A short run of the simulator, of cores, of whole nodes and of whole browsers, so that every `npm test` meets some bad days, and two small
 * explorations, so that it meets every order of a few events. Each seed counts, and each exploration as one.
 *
 * @type {Stage}
 */
export const simulation = {
  title: 'Simulation',
  run: () => simulate({ seeds: 200, runtime: 100, browsers: 25, edits: 8 }, explorations),
}

/** @type {Stage} */
export const longSimulation = {
  title: 'Simulation, the long run',
  run: () => simulate({ seeds: 2000, runtime: 500, browsers: 200, edits: 60 }, longExplorations),
}

const everything = ['--with', 'duplicates,reads,changes,compactions']
/** All that two nodes can do with a read and a change of membership. */
const ofTwo = [...'--nodes 2 --terms 2 --messages 2 --proposals 0 --crashes 0'.split(' '), '--with', 'reads,changes']

/** Three nodes with all there is, as far as seconds go; and two. */
const explorations = [['--states', '60000', ...everything], ofTwo]

/** Three ten times as far, and as far with less in each state; and two. */
const longExplorations = [['--states', '600000', ...everything], ['--states', '600000'], ofTwo]

/**
 * @param {{ seeds: number, runtime: number, browsers: number, edits: number }} counts of each kind
 * @param {readonly (readonly string[])[]} explorations
 */
async function simulate({ seeds, runtime, browsers, edits }, explorations) {
  const parts = [
    await counted(simulator(['--seeds', String(seeds)]), fromSimulator),
    await counted(simulator(['--runtime', '--seeds', String(runtime)]), fromSimulator),
    await counted(simulator(['--browsers', '--seeds', String(browsers)]), fromSimulator),
    await counted(simulator(['--edits', '--seeds', String(edits)]), fromSimulator),
  ]
  for (const bounds of explorations)
    parts.push(agreeWithExit(undefined, await run(simulatorTool('explore-cli', bounds))))
  return sum(parts)
}

/**
 * Each planted bug must be caught, and counts.
 *
 * @type {Stage}
 */
export const bugHunt = {
  title: 'Planted bugs',
  run: () => counted(simulatorTool('bugs-cli', ['--no-shrink']), fromBugHunt),
}

/**
 * The specification by Quint, and traces of the implementation by the specification: one thing. Skipped where Quint cannot be installed.
 *
 * @type {Stage}
 */
export const specification = {
  title: 'Specification',
  run: async () => {
    if (!(await installQuint())) return { passed: 0, failed: 0, skipped: 1 }
    return agreeWithExit(undefined, await run(simulatorTool('spec-cli', [])))
  },
}

/**
 * Runs a tool that says in its output what passed.
 *
 * @param {readonly [string, ...string[]]} command
 * @param {(lines: readonly string[]) => Counts | undefined} read
 */
async function counted(command, read) {
  /** @type {string[]} */
  const lines = []
  const onLine = (/** @type {string} */ line) => {
    lines.push(line)
    console.log(line)
  }
  const code = await run(command, { onLine })
  return agreeWithExit(read(lines), code)
}

/** @type {Stage} */
export const browser = {
  title: 'Browser tests',
  run: () =>
    withReport(
      file => browserTests([], file),
      report => ({ ...fromPlaywright(report), failures: failuresInPlaywright(report) }),
    ),
}

/**
 * The command that runs the simulator from its sources.
 *
 * @param {readonly string[]} args
 */
export const simulator = args =>
  simulatorTool(args.some(arg => arg === '--forever' || arg === '--bred') ? 'forever-cli' : 'cli', args)

/**
 * Any of the simulator's commands.
 *
 * @param {'cli' | 'forever-cli' | 'history-cli' | 'bugs-cli' | 'explore-cli' | 'crowd-cli' | 'spec-cli'} name
 * @param {readonly string[]} args
 */
export const simulatorTool = (name, args) =>
  tool('tsx', ['--conditions=source', `packages/simulator/src/cli/${name}.ts`, ...args])

/**
 * Runs all stages, also after one has failed: a user wants to see everything. Ends with the sum, alone on its line.
 *
 * @param {readonly Stage[]} stages
 * @returns {Promise<number>} the exit code
 */
export async function runStages(stages) {
  /** @type {string[]} */
  const table = []
  /** @type {Outcome[]} */
  const all = []
  for (const [i, stage] of stages.entries()) {
    console.log(`\n[${i + 1}/${stages.length}] ${stage.title}`)
    const begun = performance.now()
    const counts = await stage.run().catch(told)
    all.push(counts)
    const seconds = ((performance.now() - begun) / 1000).toFixed(1)
    table.push(`  ${counts.failed === 0 ? '✓' : '✗'} ${stage.title}: ${summaryLine(counts)} (${seconds} s)`)
  }
  const total = sum(all)
  const failures = all.flatMap(({ failures = [] }) => failures.map(failure => `  ✗ ${failure}\n`))
  if (failures.length > 0) console.log(`\nWhat failed:\n${failures.join('')}`)
  console.log(`\n${table.join('\n')}\n\n${summaryLine(total)}`)
  return total.failed === 0 ? 0 : 1
}

/**
 * A stage that could not run has failed, and the next ones still run.
 *
 * @param {unknown} error
 */
function told(error) {
  console.error(error instanceof Refusal ? error.message : error)
  return oneFailed
}

/**
 * Runs a tool that leaves a JSON report in a file, and reads it.
 *
 * @template Report
 * @param {(file: string) => Promise<number>} runTool
 * @param {(report: Report) => Outcome} read
 * @returns {Promise<Outcome>}
 */
async function withReport(runTool, read) {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-report-'))
  try {
    const file = join(folder, 'report.json')
    const code = await runTool(file)
    if (!existsSync(file)) return oneFailed
    const outcome = read(JSON.parse(readFileSync(file, 'utf8')))
    return { ...outcome, ...agreeWithExit(outcome, code) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
