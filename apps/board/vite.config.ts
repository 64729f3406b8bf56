import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { layers } from '../look/layers-plugin.ts'
import { offline } from '../visualizer/build/offline-plugin.ts'

export default defineConfig({
  // The page may be served from any folder.
  base: './',
  plugins: [layers(), react(), offline()],
  // `source` takes every package of the workspace straight from its TypeScript.
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  worker: { format: 'es' },
  build: {
    outDir: 'dist',
    target: 'es2023',
    sourcemap: true,
    // On a slow machine it advises how to make the bundler faster, as if it were a warning.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
})
