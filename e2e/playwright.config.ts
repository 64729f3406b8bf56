/**
 * How the browser tests run. One worker: a test is itself up to five busy tabs. What is tagged `@long` runs in the long
 * run only. Times are there to end what hangs: a slow machine is no fault.
 */
import { join } from 'node:path'
import { defineConfig } from '@playwright/test'
import { longRun } from '../scripts/lib/long-run.mjs'
import { harnessPort, launchOptions, runFolder, visualizerPort } from './surroundings.ts'

export default defineConfig({
  testDir: 'tests',
  outputDir: join(runFolder, 'results'),
  workers: 1,
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  ...(longRun ? {} : { grepInvert: /@long/ }),
  timeout: longRun ? 900_000 : 240_000,
  expect: { timeout: 60_000 },
  reporter: 'list',
  use: { browserName: 'chromium', launchOptions },
  webServer: [
    // Waited for by port, not by page: pages that do not build answer with the reason (see the server).
    { name: 'visualizer', command: 'npx tsx servers/serve.ts visualizer', port: visualizerPort, timeout: 300_000 },
    { name: 'harness', command: 'npx tsx servers/serve.ts harness', port: harnessPort, timeout: 300_000 },
  ].map(server => ({ ...server, reuseExistingServer: false })),
})
