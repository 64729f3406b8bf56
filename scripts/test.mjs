/** `npm test`: everything that says whether Flotilla works, from a fresh clone on. Ends with "N passed, N failed". */
import './lib/node-version.mjs'
import { main } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { browser, lint, runStages, simulation, types, unit } from './lib/stages.mjs'

main(async () => {
  await ensureInstalled()
  return runStages([lint, types, unit, simulation, browser])
})
