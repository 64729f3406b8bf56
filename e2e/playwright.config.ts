/** How the browser tests run. One worker: a test is itself up to five busy tabs, and some of them measure time. */
import { join } from 'node:path'
import { defineConfig } from '@playwright/test'
import { harnessPort, launchOptions, runFolder, visualizerPort } from './surroundings.ts'

export default defineConfig({
  testDir: 'tests',
  outputDir: join(runFolder, 'results'),
  workers: 1,
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: { browserName: 'chromium', launchOptions },
  webServer: [
    // Waited for by port, not by page: a visualizer that does not build answers with the reason (see the server).
    { name: 'visualizer', command: 'npx tsx servers/visualizer.ts', port: visualizerPort, timeout: 120_000 },
    { name: 'harness', command: 'npx vite --config harness/vite.config.ts', port: harnessPort, timeout: 120_000 },
  ].map(server => ({ ...server, reuseExistingServer: false })),
})
