/** `npm run sim -- --seeds 1000`: the simulator, with whatever arguments it is given. */
import './lib/node-version.mjs'
import { main } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { run } from './lib/run.mjs'
import { simulator } from './lib/stages.mjs'

main(async () => {
  await ensureInstalled()
  return run(simulator(process.argv.slice(2)))
})
