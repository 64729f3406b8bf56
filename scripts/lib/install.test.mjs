import { expect, test } from 'vitest'
import { isUpToDate } from './install.mjs'

const locked = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/a': { version: '1.2.3' },
    'node_modules/@flotilla/core': { link: true },
    'node_modules/mac-only': { version: '1.0.0', optional: true },
    'node_modules/platform-tool': { version: '1.0.0', devOptional: true },
  },
}
const installed = {
  packages: { 'node_modules/a': { version: '1.2.3' }, 'node_modules/@flotilla/core': { link: true } },
}

test("what was installed from the lock file is up to date, without other systems' packages", () => {
  expect(isUpToDate(locked, installed)).toBe(true)
})

test('a missing package, another version or a new workspace each ask for an install', () => {
  const without = (/** @type {string} */ path) => ({
    packages: Object.fromEntries(Object.entries(installed.packages).filter(([key]) => key !== path)),
  })
  expect(isUpToDate(locked, without('node_modules/a'))).toBe(false)
  expect(isUpToDate(locked, without('node_modules/@flotilla/core'))).toBe(false)
  const older = { packages: { ...installed.packages, 'node_modules/a': { version: '1.2.2' } } }
  expect(isUpToDate(locked, older)).toBe(false)
})

test('a package of the registry where a workspace should be linked asks for an install', () => {
  const published = { packages: { ...installed.packages, 'node_modules/@flotilla/core': { version: '0.1.0' } } }
  expect(isUpToDate(locked, published)).toBe(false)
})
