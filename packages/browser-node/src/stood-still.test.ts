import { afterEach, expect, test, vi } from 'vitest'
import { hasStoodStill } from './stood-still.ts'

afterEach(() => vi.unstubAllGlobals())

test('whoever rings late has stood still, in a worker and in a page that is seen', () => {
  expect(hasStoodStill(100)).toBe(false)
  expect(hasStoodStill(600)).toBe(true)
  vi.stubGlobal('document', { visibilityState: 'visible' })
  expect(hasStoodStill(600)).toBe(true)
})

test('that a page which nobody sees rings late says nothing', () => {
  vi.stubGlobal('document', { visibilityState: 'hidden' })
  expect(hasStoodStill(60_000)).toBe(false)
})
