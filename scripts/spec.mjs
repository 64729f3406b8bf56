/** `npm run spec`: the specification, checked by Quint, and the implementation held to it; `-- FILE…` follows trace files. */
import './lib/node-version.mjs'
import { main } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { installQuint } from './lib/quint.mjs'
import { run } from './lib/run.mjs'
import { simulatorTool } from './lib/stages.mjs'

main(async () => {
  await ensureInstalled()
  if (!(await installQuint())) return 0
  return run(simulatorTool('spec-cli', process.argv.slice(2)))
})
