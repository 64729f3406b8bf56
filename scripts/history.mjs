/** `npm run history`: histories of clients, written as others judge them, and judged as others write them. */
import './lib/node-version.mjs'
import { main } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { run } from './lib/run.mjs'
import { simulatorTool } from './lib/stages.mjs'

main(async () => {
  await ensureInstalled()
  return run(simulatorTool('history-cli', process.argv.slice(2)))
})
