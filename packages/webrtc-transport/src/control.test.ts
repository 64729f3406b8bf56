import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Control, decodeControl, encodeControl, isControl } from './control.ts'
import { readFragment } from './fragment.ts'

const controls: readonly Control[] = [
  { kind: 'introduction', nonce: new Uint8Array(32).fill(1), publicKey: new Uint8Array(65).fill(2) },
  { kind: 'proof', signature: new Uint8Array(64).fill(3) },
  { kind: 'ready' },
  { kind: 'bye' },
  { kind: 'wanted', wanted: true },
  { kind: 'wanted', wanted: false },
  { kind: 'signal', passedOn: false, to: undefined, text: 'hello' },
  { kind: 'signal', passedOn: true, to: 'b', text: '' },
]

function encoded(control: Control): Uint8Array {
  const bytes = encodeControl(control)
  if (bytes === undefined) throw new Error('it fits')
  return bytes
}

describe('what transports say to each other', () => {
  it.each(controls)('$kind comes out as it went in, and is no fragment', control => {
    expect(decodeControl(encoded(control))).toEqual(control)
    expect(isControl(encoded(control))).toBe(true)
    expect(readFragment(encoded(control))).toBeUndefined()
  })

  it.each(controls.filter(({ kind }) => kind !== 'signal'))('$kind that is cut short or goes on is none', control => {
    const bytes = encoded(control)
    for (let length = 0; length < bytes.byteLength; length += 1)
      expect(decodeControl(bytes.subarray(0, length))).toBeUndefined()
    expect(decodeControl(Uint8Array.of(...bytes, 0))).toBeUndefined()
  })

  it('an addressee that is longer than the message, no text, or no id is refused', () => {
    for (const body of [[], [1], [2, 97], [2, 0xff, 0xfe], [0, 0xff]]) {
      const decoded = decodeControl(Uint8Array.of(0x13, 5, ...body))
      expect(decoded === undefined || body.length === 0).toBe(true)
    }
    expect(decodeControl(Uint8Array.of(0x13, 5, 65, ...new Uint8Array(65).fill(97)))).toBeUndefined()
  })

  it('a signal that does not fit into one message is not encoded', () => {
    expect(encodeControl({ kind: 'signal', passedOn: false, to: 'b', text: 'x'.repeat(17_000) })).toBeUndefined()
  })

  it('arbitrary bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), bytes => void decodeControl(Uint8Array.of(0x13, ...bytes))),
    )
  })
})
