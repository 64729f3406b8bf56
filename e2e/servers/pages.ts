/** Builds the pages under test into this run's own folder, and serves them. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build, type InlineConfig, type PreviewServer, preview } from 'vite'
import { harnessPort, runFolder, visualizerPort } from '../surroundings.ts'

const root = join(import.meta.dirname, '..', '..')

/** The visualizer as a user gets it. */
export async function serveVisualizer(): Promise<PreviewServer> {
  const app = {
    root: join(root, 'apps', 'visualizer'),
    logLevel: 'warn',
    build: { outDir: join(runFolder, 'visualizer'), emptyOutDir: true },
  } satisfies InlineConfig
  await build(app)
  // As `npm start` serves it: beside the visualizer.
  await build({
    root: join(root, 'apps', 'board'),
    logLevel: 'warn',
    build: { outDir: join(runFolder, 'visualizer', 'board'), emptyOutDir: true },
  })
  return preview({ ...app, preview: { host: 'localhost', port: visualizerPort, strictPort: true } })
}

/** Every `harness/<name>.html` as `/<name>.html`, with the packages straight from their sources. */
export async function serveHarness(): Promise<PreviewServer> {
  const folder = join(root, 'e2e', 'harness')
  const pages = readdirSync(folder).filter(file => file.endsWith('.html'))
  const app = {
    configFile: false,
    root: folder,
    appType: 'mpa',
    logLevel: 'warn',
    resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
    build: {
      outDir: join(runFolder, 'harness'),
      emptyOutDir: true,
      target: 'es2023',
      // Read by people who look for what went wrong.
      minify: false,
      sourcemap: true,
      rolldownOptions: { input: pages.map(page => join(folder, page)), checks: { bundlerTimings: false } },
    },
  } satisfies InlineConfig
  await build(app)
  return preview({ ...app, preview: { host: 'localhost', port: harnessPort, strictPort: true } })
}
