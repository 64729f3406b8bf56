import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { switchableCore } from '../../packages/simulator/src/lab/switchable-core-plugin.ts'

export default defineConfig({
  // The page may be served from any folder.
  base: './',
  plugins: [switchableCore(), react()],
  // `source` takes every package of the workspace straight from its TypeScript.
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  // While developing, Vite looks through the sources for dependencies, and cannot through a copy that is on no disk.
  optimizeDeps: {
    entries: [],
    include: [
      'react',
      'react/jsx-dev-runtime',
      'react-dom',
      'react-dom/client',
      'uqr',
      'zustand',
      'zustand/react/shallow',
    ],
  },
  worker: { format: 'es' },
  build: { outDir: 'dist', target: 'es2023', sourcemap: true },
})
