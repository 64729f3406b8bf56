/** `npm run e2e -- tests/some.spec.ts --grep "a name"`: the browser tests, with Playwright's own arguments. */
import './lib/node-version.mjs'
import { browserTests } from './lib/browser-tests.mjs'
import { main } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'

main(async () => {
  await ensureInstalled()
  return browserTests(process.argv.slice(2))
})
