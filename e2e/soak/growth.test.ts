import { expect, test } from 'vitest'
import { growthOf } from './growth.ts'

const rule = { warmUp: 2, times: 1.2, more: 1 }

test('what goes up and down is flat, whatever the first minutes were', () => {
  expect(growthOf([1, 2, 8, 9, 8, 9, 8, 9, 8, 30, 9], rule)).toEqual({ kind: 'flat', early: 8, late: 9 })
})

test('what rises by a little every minute grows', () => {
  expect(growthOf([8, 8, 8, 9, 10, 11, 12, 13, 14, 15], rule).kind).toBe('grows')
})

test('two minutes after the first ones say nothing', () => {
  expect(growthOf([8, 8, 8, 80], rule)).toEqual({ kind: 'too short' })
})
