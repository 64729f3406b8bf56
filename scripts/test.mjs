/**
 * `npm test`: everything that says whether Flotilla works, from a fresh clone on. Ends with "N passed, N failed".
 * `-- --all` is the long run.
 */
import './lib/node-version.mjs'
import { main, Refusal } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { installPrograms } from './lib/programs.mjs'
import {
  browser,
  bugHunt,
  lint,
  longSimulation,
  runStages,
  simulation,
  specification,
  types,
  unit,
} from './lib/stages.mjs'

main(async () => {
  const all = wantsAll(process.argv.slice(2))
  await ensureInstalled()
  if (!all) return runStages([lint, types, unit, simulation, browser])

  process.env.FLOTILLA_LONG_RUN = '1'
  await installPrograms()
  return runStages([lint, types, unit, longSimulation, bugHunt, specification, browser])
})

/** @param {readonly string[]} args */
function wantsAll(args) {
  const [unknown] = args.filter(arg => arg !== '--all')
  if (unknown === undefined) return args.length > 0
  throw new Refusal(
    `npm test runs everything and does not know ${unknown}. What there is:\n` +
      '  npm test                                        everything that is quick\n' +
      '  npm test -- --all                               the long run\n' +
      '  npx vitest run packages/core/src/log            unit tests with this in their path\n' +
      '  npm run e2e -- tests/restart.spec.ts            one of the browser tests\n' +
      '  npm run sim -- --seeds 1000                     the simulator',
  )
}
