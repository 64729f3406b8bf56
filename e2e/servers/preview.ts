/** Builds the visualizer as a user gets it, into this run's own folder, and serves it. */
import { join } from 'node:path'
import { build, type PreviewServer, preview } from 'vite'
import { runFolder, visualizerPort } from '../surroundings.ts'

export async function buildAndPreview(): Promise<PreviewServer> {
  const app = {
    root: join(import.meta.dirname, '..', '..', 'apps', 'visualizer'),
    logLevel: 'warn',
    build: { outDir: join(runFolder, 'visualizer'), emptyOutDir: true },
  } as const
  await build(app)
  return preview({ ...app, preview: { host: 'localhost', port: visualizerPort, strictPort: true } })
}
