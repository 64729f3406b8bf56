import { defineConfig } from 'vitest/config'
import { switchableCore } from './packages/simulator/src/lab/switchable-core-plugin.ts'

// The `source` condition lets every package be tested straight from its TypeScript, with no build before.
const conditions = ['source', 'module', 'node', 'import', 'default']

export default defineConfig({
  plugins: [switchableCore()],
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.{ts,tsx}', 'scripts/**/*.test.mjs'],
    environment: 'node',
  },
})
