import { expect, it } from 'vitest'
import { equal } from './equal.ts'

it('the same structure is equal, whatever objects it is made of', () => {
  const make = () => ({ a: [1, { b: undefined }, null], bytes: Uint8Array.of(1, 2), text: 'x' })
  expect(equal(make(), make())).toBe(true)
  expect(equal(Uint8Array.of(9, 1, 2).subarray(1), Uint8Array.of(1, 2))).toBe(true)
})

it.each([
  [1, 2],
  [1, '1'],
  [null, {}],
  [[], {}],
  [[1, 2], [1]],
  [{ a: undefined }, {}],
  [{ a: undefined }, { b: undefined }],
  [{ a: { b: 1 } }, { a: { b: 2 } }],
  [Uint8Array.of(1, 2), Uint8Array.of(1, 3)],
  [Uint8Array.of(1), Uint8Array.of(1, 0)],
  [Uint8Array.of(1), [1]],
])('%j and %j differ', (a, b) => {
  expect(equal(a, b)).toBe(false)
  expect(equal(b, a)).toBe(false)
})
