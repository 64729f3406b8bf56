/**
 * Serves the pages of this folder: `harness/<name>.html`, which loads `/<name>.ts`. They run the packages straight from
 * their sources in a real browser.
 */
import { join } from 'node:path'
import { defineConfig } from 'vite'
import { harnessPort, runFolder } from '../surroundings.ts'

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: join(runFolder, 'harness'),
  appType: 'mpa',
  logLevel: 'warn',
  resolve: {
    conditions: ['source', 'module', 'browser', 'development|production'],
  },
  // All pages' dependencies are bundled before the first request: found later, they would reload a page in mid-test.
  optimizeDeps: { entries: ['*.html'] },
  server: {
    host: 'localhost',
    port: harnessPort,
    strictPort: true,
    hmr: false,
    watch: null,
    fs: { allow: [join(import.meta.dirname, '..', '..')] },
  },
})
