/** Runs the Playwright tests of e2e/: finds the browser, free ports for the pages under test, and room to build them. */
import { rm } from 'node:fs/promises'
import { ensureBrowser } from './browser.mjs'
import { firstFreePort } from './port.mjs'
import { inRoot } from './root.mjs'
import { run, tool } from './run.mjs'

/**
 * What the e2e package wants to know of its surroundings; see e2e/surroundings.ts.
 *
 * @typedef {object} Surroundings
 * @property {string} FLOTILLA_BROWSER
 * @property {string} FLOTILLA_VISUALIZER_PORT
 * @property {string} FLOTILLA_HARNESS_PORT
 * @property {string} FLOTILLA_RUN_FOLDER
 */

/**
 * Chooses surroundings for one run, and runs it. Several at once do not meet. What the run built stays only if it failed.
 *
 * @param {(surroundings: Surroundings) => Promise<number>} runInside resolves with the exit code
 */
export async function withSurroundings(runInside) {
  const browser = await ensureBrowser()
  // Each process begins to look somewhere else, as a port that is free now may be taken by the time it is used.
  const visualizerPort = await firstFreePort(20_000 + (process.pid % 10_000))
  const harnessPort = await firstFreePort(visualizerPort + 1)
  const folder = inRoot('e2e', '.cache', `run-${visualizerPort}`)
  const code = await runInside({
    FLOTILLA_BROWSER: browser,
    FLOTILLA_VISUALIZER_PORT: String(visualizerPort),
    FLOTILLA_HARNESS_PORT: String(harnessPort),
    FLOTILLA_RUN_FOLDER: folder,
  })
  if (code === 0) await rm(folder, { recursive: true, force: true })
  return code
}

/**
 * @param {readonly string[]} args passed on to Playwright: spec files, `--grep`, `--headed`, …
 * @param {string} [reportFile] where to leave a JSON report
 * @returns {Promise<number>} the exit code
 */
export function browserTests(args, reportFile) {
  return withSurroundings(surroundings => {
    // Specs import the packages' sources, as all our TypeScript does.
    const NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --conditions=source`
    const report = reportFile === undefined ? {} : { PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile }
    const reporters = reportFile === undefined ? [] : ['--reporter=list,json']
    const env = { ...surroundings, NODE_OPTIONS, ...report }
    return run(tool('@playwright/test', ['test', ...reporters, ...args]), { cwd: inRoot('e2e'), env })
  })
}
