/**
 * Which Chromium the browser tests run in: the one named by FLOTILLA_BROWSER, one that the system has, or one that we
 * download. A browser counts only if it starts, because a package can leave a launcher without a browser behind it.
 */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { canInstallPackages, installPackages } from './debian.mjs'
import { candidates, namedProgram, starts } from './executable.mjs'
import { Refusal } from './fail.mjs'
import { inRoot } from './root.mjs'
import { run, tool } from './run.mjs'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

/** Where installers put it on systems that do not keep programs on the search path. */
const INSTALLED_AT = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ...['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].map(variable =>
    join(process.env[variable] ?? '', 'Google', 'Chrome', 'Application', 'chrome.exe'),
  ),
]

/** A download that says nothing for this long is not going to finish. */
const DOWNLOAD_STALL_MS = 60_000

/**
 * The browser to use, or undefined if there is none yet. Installs nothing.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined} the path of an executable
 */
export function findBrowser(env = process.env) {
  const named = namedProgram('FLOTILLA_BROWSER', 'a Chromium or Chrome', env)
  if (named !== undefined) return named
  return [...candidates(env.PATH ?? '', NAMES), ...INSTALLED_AT, downloadedBrowser()].find(file => starts(file))
}

/**
 * The browser to use; installs one if there is none. Throws a Refusal that says what to do when that cannot be done.
 *
 * @returns {Promise<string>} the path of an executable
 */
export async function ensureBrowser() {
  const found = findBrowser()
  if (found !== undefined) return found

  console.log('No Chromium or Chrome found; downloading one with Playwright …')
  const connect = { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000' }
  const download = tool('playwright', ['install', '--no-shell', 'chromium'])
  await run(download, { env: connect, onLine: line => console.log(line), stallMs: DOWNLOAD_STALL_MS })
  if (findBrowser() === undefined && canInstallPackages) {
    console.log('That did not give a browser that starts.')
    await installPackages(['chromium', 'fonts-liberation'])
  }

  const installed = findBrowser()
  if (installed !== undefined) return installed
  throw new Refusal(
    'No browser for the browser tests, and none could be installed. Do one of these, then run this again:\n' +
      '  - install Chromium or Chrome (Debian, Ubuntu: sudo apt-get install chromium)\n' +
      '  - npx playwright install --with-deps chromium    (needs the Internet, and asks for root)\n' +
      '  - FLOTILLA_BROWSER=/path/to/chrome npm test',
  )
}

/** Where Playwright puts its own Chromium, whether or not it has; undefined before `npm ci`. */
function downloadedBrowser() {
  const playwright = inRoot('node_modules', 'playwright-core')
  if (!existsSync(playwright)) return undefined
  /** @type {string} */
  const path = createRequire(import.meta.url)(playwright).chromium.executablePath()
  return path
}
