import { expect, test } from 'vitest'
import { isNodeRecentEnough } from './node-version.mjs'

test('Node 20.19 and everything after it will do', () => {
  for (const version of ['20.19.0', '20.20.2', '22.0.0', '100.1.0']) expect(isNodeRecentEnough(version)).toBe(true)
  for (const version of ['20.18.3', '19.9.0', '18.20.4', '8.0.0']) expect(isNodeRecentEnough(version)).toBe(false)
})
