/**
 * `npm run soak -- --minutes 60`: real browsers that write and read under faults, for as long as that; see docs/testing.md. Ctrl-C ends it
 * with the verdict so far, twice without.
 */
import './lib/node-version.mjs'
import { withSurroundings } from './lib/browser-tests.mjs'
import { main } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { run } from './lib/run.mjs'

// The terminal tells everybody; who soaks says when it is over.
process.on('SIGINT', () => {})

main(async () => {
  await ensureInstalled()
  const args = ['--conditions=source', '--import', 'tsx', 'e2e/soak/cli.ts', ...process.argv.slice(2)]
  return withSurroundings(env => run([process.execPath, ...args], { env: { ...env } }))
})
