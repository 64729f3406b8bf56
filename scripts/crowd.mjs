/** `npm run crowd`: what it costs to lead a room of many. */
import './lib/node-version.mjs'
import { main } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { run } from './lib/run.mjs'
import { simulatorTool } from './lib/stages.mjs'

main(async () => {
  await ensureInstalled()
  return run(simulatorTool('crowd-cli', process.argv.slice(2)))
})
