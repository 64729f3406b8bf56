import fc from 'fast-check'
import { expect, it } from 'vitest'
import { crc32 } from './crc32.ts'

it.each([
  ['', 0],
  ['a', 0xe8b7be43],
  ['123456789', 0xcbf43926],
  ['The quick brown fox jumps over the lazy dog', 0x414fa339],
])('of “%s” is the CRC-32 that everybody else has', (text, sum) => {
  expect(crc32(new TextEncoder().encode(text))).toBe(sum)
})

it('of parts one after the other is that of the whole', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
      expect(crc32(b, crc32(a))).toBe(crc32(Uint8Array.of(...a, ...b)))
    }),
  )
})
