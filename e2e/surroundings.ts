/**
 * Where the pages under test are served and which browser opens them. `npm run e2e` says so in the environment; run by
 * hand, Playwright finds the same defaults.
 */
import { join } from 'node:path'
import type { LaunchOptions } from '@playwright/test'
import { findBrowser } from '../scripts/lib/browser.mjs'

export const visualizerPort = Number(process.env.FLOTILLA_VISUALIZER_PORT ?? 4183)
export const harnessPort = Number(process.env.FLOTILLA_HARNESS_PORT ?? 4184)

export const visualizerAddress = `http://localhost:${visualizerPort}/`
/** Serves `harness/<name>.html` as `/<name>.html`. */
export const harnessAddress = `http://localhost:${harnessPort}/`

/** Where a run leaves what it builds and what it finds. */
export const runFolder = process.env.FLOTILLA_RUN_FOLDER ?? join(import.meta.dirname, '.cache', 'run-by-hand')

/** Chromium as the tests need it: quiet without the Internet, and without the sandbox that root may not use. */
export const launchOptions: LaunchOptions = {
  executablePath: browserPath(),
  chromiumSandbox: false,
  args: [
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
}

function browserPath(): string {
  const path = process.env.FLOTILLA_BROWSER ?? findBrowser()
  if (path === undefined) throw new Error('no browser found; `npm run e2e` installs one')
  // Playwright's workers inherit it, and need not look again.
  process.env.FLOTILLA_BROWSER = path
  return path
}
