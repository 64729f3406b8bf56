import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frozen } from './frozen.ts'

const isFrozenThrough = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (Object.isFrozen(value) && Object.values(value).every(each => isFrozenThrough(each)))

describe('a frozen state', () => {
  it('is frozen through and through, whatever was there before', () => {
    fc.assert(
      fc.property(fc.object(), fc.object(), (state, before) => {
        expect(isFrozenThrough(frozen(state, frozen(before, undefined)))).toBe(true)
      }),
    )
  })

  it('is so too where what is new stands between what was there', () => {
    const before = frozen({ a: { x: 1 }, c: { x: 3 } }, undefined)
    const after = frozen({ a: before.a, b: { x: { y: 2 } }, c: before.c, d: [{ z: 1 }] }, before)
    expect(isFrozenThrough(after)).toBe(true)
    expect(after.a).toBe(before.a)
  })

  it('of which one part in ten thousand is new looks into that part only', () => {
    let looks = 0
    const watched = (): object =>
      new Proxy(Object.freeze({ title: 'a card' }), {
        ownKeys: target => {
          looks++
          return Reflect.ownKeys(target)
        },
        isExtensible: target => {
          looks++
          return Reflect.isExtensible(target)
        },
      })
    const before = frozen(
      Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`card-${i}`, watched()])),
      undefined,
    )
    looks = 0
    const after = frozen({ ...before, 'card-5': { title: 'another' } }, before)
    expect(isFrozenThrough(after['card-5'])).toBe(true)
    expect(looks).toBe(0)
  })
})
