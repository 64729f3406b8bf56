/** `npm run check`: what is quick enough to run before every commit. */
import './lib/node-version.mjs'
import { main } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { lint, runStages, types, unit } from './lib/stages.mjs'

main(async () => {
  await ensureInstalled()
  return runStages([lint, types, unit])
})
