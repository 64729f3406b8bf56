/**
 * `npm run bench`: runs every `bench/*.bench.ts` of the packages and of e2e, one after the other, and prints what they
 * measured. `-- --json` prints one JSON object a line. Any other `--option value` is passed on to the benches that run, and
 * what is no option chooses those with it in their path: `-- core --rounds 7`.
 */
import './lib/node-version.mjs'
import { existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseResult, table } from './lib/bench-report.mjs'
import { withSurroundings } from './lib/browser-tests.mjs'
import { main, Refusal } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { inRoot, root } from './lib/root.mjs'
import { run, tool } from './lib/run.mjs'

main(async () => {
  const args = process.argv.slice(2)
  const json = args.includes('--json')
  const { wanted, passedOn } = sorted(args.filter(arg => arg !== '--json'))
  await ensureInstalled()
  const benches = allBenches().filter(file => wanted.length === 0 || wanted.some(part => file.includes(part)))
  if (benches.length === 0)
    throw new Refusal(`No bench has ${wanted.join(' or ')} in its path. There are:\n${allBenches().join('\n')}`)

  let failed = 0
  for (const bench of benches) {
    if (!json) console.log(`\n${bench}`)
    failed += (await runBench(bench, json, passedOn)) ? 0 : 1
  }
  return failed === 0 ? 0 : 1
})

/**
 * @param {readonly string[]} args
 */
function sorted(args) {
  /** @type {string[]} */
  const wanted = []
  /** @type {string[]} */
  const passedOn = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    if (!arg.startsWith('--')) wanted.push(arg)
    else if (arg.includes('=')) passedOn.push(arg)
    else passedOn.push(`${arg}=${args[++i] ?? ''}`)
  }
  return { wanted, passedOn }
}

/** Paths from the repository's root, in order. */
function allBenches() {
  const homes = [...readdirSync(inRoot('packages')).map(name => inRoot('packages', name)), inRoot('e2e')]
  return homes
    .map(home => join(home, 'bench'))
    .filter(folder => existsSync(folder))
    .flatMap(folder => readdirSync(folder).map(file => relative(root, join(folder, file))))
    .filter(file => file.endsWith('.bench.ts'))
    .sort()
}

/**
 * @param {string} bench
 * @param {boolean} json
 * @param {readonly string[]} passedOn
 * @returns {Promise<boolean>} whether it ran to its end and measured something
 */
async function runBench(bench, json, passedOn) {
  /** @type {import('./lib/bench-report.mjs').BenchResult[]} */
  const results = []
  const onLine = (/** @type {string} */ line) => {
    const result = parseResult(line)
    if (result === undefined) console.error(line)
    else {
      results.push(result)
      if (json) console.log(JSON.stringify(result))
    }
  }
  const command = tool('tsx', ['--conditions=source', bench, ...passedOn])
  const inBrowser = bench.startsWith('e2e')
  const code = inBrowser
    ? await withSurroundings(env => run(command, { onLine, env: { ...env } }))
    : await run(command, { onLine })
  if (!json) console.log(table(results).join('\n'))
  if (code !== 0) console.error(`${bench} failed`)
  else if (results.length === 0) console.error(`${bench} measured nothing`)
  return code === 0 && results.length > 0
}
