/** Runs the Playwright tests of e2e/: finds the browser, and free ports for the pages under test. */
import { ensureBrowser } from './browser.mjs'
import { firstFreePort } from './port.mjs'
import { inRoot } from './root.mjs'
import { run, tool } from './run.mjs'

/**
 * What the e2e package wants to know of its surroundings; see e2e/surroundings.ts.
 *
 * @returns {Promise<Record<string, string>>}
 */
export async function browserEnvironment() {
  // Two runs at once must not end up with the same ports, so each begins to look somewhere else.
  const visualizer = await firstFreePort(20_000 + (process.pid % 20_000))
  const harness = await firstFreePort(visualizer + 1)
  return {
    FLOTILLA_BROWSER: await ensureBrowser(),
    FLOTILLA_VISUALIZER_PORT: String(visualizer),
    FLOTILLA_HARNESS_PORT: String(harness),
  }
}

/**
 * @param {readonly string[]} args passed on to Playwright: spec files, `--grep`, `--headed`, …
 * @param {string} [reportFile] where to leave a JSON report
 * @returns {Promise<number>} the exit code
 */
export async function browserTests(args, reportFile) {
  const env = await browserEnvironment()
  const report = reportFile === undefined ? {} : { PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile }
  const reporters = reportFile === undefined ? [] : ['--reporter=list,json']
  return run(tool('@playwright/test', ['test', ...reporters, ...args]), {
    cwd: inRoot('e2e'),
    env: { ...env, ...report },
  })
}
