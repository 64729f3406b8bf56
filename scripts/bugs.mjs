/** `npm run bugs`: known bugs of Raft, planted one at a time; the simulator must catch each. */
import './lib/node-version.mjs'
import { main } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { run } from './lib/run.mjs'
import { simulatorTool } from './lib/stages.mjs'

main(async () => {
  await ensureInstalled()
  return run(simulatorTool('bugs-cli', process.argv.slice(2)))
})
