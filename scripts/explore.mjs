/** `npm run explore`: every state that a small cluster can reach, up to a bound. */
import './lib/node-version.mjs'
import { main } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { run } from './lib/run.mjs'
import { simulatorTool } from './lib/stages.mjs'

main(async () => {
  await ensureInstalled()
  return run(simulatorTool('explore-cli', process.argv.slice(2)))
})
