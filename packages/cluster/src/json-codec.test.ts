import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonCodec } from './json-codec.ts'

const codec = jsonCodec(value => value)

describe('the JSON codec', () => {
  it('gives back what it was given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        // JSON has no negative zero.
        const plain: unknown = JSON.parse(JSON.stringify(value))
        expect(codec.decode(codec.encode(plain))).toEqual(plain)
      }),
    )
  })

  it('refuses what JSON cannot hold, bytes that are no text, and what the application does not expect', () => {
    expect(() => codec.encode(() => 1)).toThrow(TypeError)
    expect(() => codec.decode(Uint8Array.of(0xff))).toThrow()
    const onlyNumbers = jsonCodec(value => {
      if (typeof value !== 'number') throw new Error('not a number')
      return value
    })
    expect(() => onlyNumbers.decode(codec.encode('1'))).toThrow('not a number')
  })

  // A machine without results could not answer: every command of it was rejected, after it had taken effect.
  it('holds undefined, which is what a machine without results gives', () => {
    expect(codec.encode(undefined).byteLength).toBe(0)
    expect(codec.decode(codec.encode(undefined))).toBeUndefined()
  })

  it('keeps a key named __proto__ a key', () => {
    const value = codec.decode(new TextEncoder().encode('{"__proto__":{"admin":true}}'))
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  })
})
