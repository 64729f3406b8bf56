import { defineConfig } from 'vite'
import { viteSingleFile } from 'vite-plugin-singlefile'
import { switchableCore } from '../../packages/simulator/src/lab/switchable-core-plugin.ts'
import { layers } from '../look/layers-plugin.ts'
import { offline } from './build/offline-plugin.ts'
import { standsAlone } from './build/stands-alone-plugin.ts'

/** What every door needs: one file, because a dozen small ones compress badly. */
const BASE =
  /node_modules\/(react|react-dom|scheduler|zustand)\/|src\/words\/(\w+\/)?(language|section|use-language|forms|phrase|lazy-part|doors)\.ts|src\/doors\/(door|doors-nav|theme-button|language-button|use-title|has-live)\.|src\/store\/ui-store|apps\/look\/|src\/(style\/\w+|doors\/doors|shell\/(page|header))\.css/

/** What every door with a picture needs, for the same reason. */
const PICTURE =
  /src\/(ring|stage|ledger)\/|src\/shell\/(say|view-tabs|dialog)\.css|src\/(shell\/(dialog|keys)|store\/live-context|room\/room-address|trace-view\/catch-up)\.tsx?|packages\/(trace\/src\/fields|webrtc-transport\/src\/base64url|cluster\/src\/(storage|time\/system-clock))\.ts|src\/trace-view\/(view|roster|reduce|messages-in-flight|entry-words|seating|log-view|crowd|called-name|narrate|narration)\.ts|src\/style\/term-colour|src\/words\/(en\/)?picture\.ts/

const groups = [
  { name: 'base', test: BASE, priority: 1 },
  { name: 'picture', test: PICTURE },
]

/** `--mode single`: Learn and the Lab as one HTML file, for classes without a network. */
export default defineConfig(({ mode }) => ({
  // The page may be served from any folder.
  base: './',
  plugins: [layers(), switchableCore(), ...(mode === 'single' ? [viteSingleFile(), standsAlone()] : [offline()])],
  // `source` takes every package of the workspace straight from its TypeScript.
  resolve: {
    conditions: ['source', 'module', 'browser', 'development|production'],
    // docs/decisions/preact.md
    alias: {
      'react/jsx-dev-runtime': 'preact/jsx-dev-runtime',
      'react/jsx-runtime': 'preact/jsx-runtime',
      'react-dom/client': 'preact/compat/client',
      'react-dom': 'preact/compat',
      react: 'preact/compat',
    },
  },
  // While developing, Vite looks through the sources for dependencies, and cannot through a copy that is on no disk.
  optimizeDeps: {
    entries: [],
    include: [
      'preact/compat',
      'preact/compat/client',
      'preact/jsx-dev-runtime',
      'uqr',
      'zustand',
      'zustand/react/shallow',
    ],
  },
  // Of a single file, workers are parts that only start as classic scripts (from `file://`).
  worker: { format: mode === 'single' ? 'iife' : 'es' },
  publicDir: mode === 'single' ? false : 'public',
  build: {
    outDir: mode === 'single' ? 'dist-single' : 'dist',
    target: 'es2023',
    // Every browser that understands this target can preload modules.
    modulePreload: { polyfill: false },
    sourcemap: mode !== 'single',
    rolldownOptions: {
      // On a slow machine it advises how to make the bundler faster, as if it were a warning.
      checks: { bundlerTimings: false },
      ...(mode !== 'single' && { output: { codeSplitting: { groups } } }),
    },
  },
}))
