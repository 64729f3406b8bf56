/**
 * `npm run e2e -- tests/some.spec.ts --grep "a name"`: the browser tests, with Playwright's own arguments. `--all` among
 * them runs also what `npm test` leaves to the long run.
 */
import './lib/node-version.mjs'
import { browserTests } from './lib/browser-tests.mjs'
import { main } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { installPrograms } from './lib/programs.mjs'

main(async () => {
  const args = process.argv.slice(2)
  await ensureInstalled()
  if (args.includes('--all')) {
    process.env.FLOTILLA_LONG_RUN = '1'
    await installPrograms()
  }
  return browserTests(args.filter(arg => arg !== '--all'))
})
