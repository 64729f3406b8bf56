import { availableParallelism } from 'node:os'
import { configDefaults, defineConfig } from 'vitest/config'
import { switchableCore } from './packages/simulator/src/lab/switchable-core-plugin.ts'
import { longRun } from './scripts/lib/long-run.mjs'

// The `source` condition lets every package be tested straight from its TypeScript, with no build before.
const conditions = ['source', 'module', 'node', 'import', 'default']

export default defineConfig({
  plugins: [switchableCore()],
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: [
      'packages/*/src/**/*.test.{ts,tsx}',
      'apps/*/src/**/*.test.{ts,tsx}',
      'examples/*/src/**/*.test.ts',
      'e2e/soak/*.test.ts',
      'scripts/**/*.test.mjs',
    ],
    exclude: longRun ? configDefaults.exclude : [...configDefaults.exclude, '**/*.long.test.*'],
    environment: 'node',
    // Every core works, and no file waits for a process of its own: our modules keep no state that a test could leave behind.
    maxWorkers: availableParallelism(),
    isolate: false,
    restoreMocks: true,
    unstubGlobals: true,
    unstubEnvs: true,
    // Only what hangs should end by time: a slow machine is no fault.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 300_000 } },
  },
})
