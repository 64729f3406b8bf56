import { describe, expect, it } from 'vitest'
import { preview } from './told-entry.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('what a command says', () => {
  it('is its text, cut where it gets long', () => {
    expect(preview(bytes('set a 1'))).toEqual({ text: 'set a 1', isCut: false })
    expect(preview(bytes('x'.repeat(61)))).toEqual({ text: 'x'.repeat(60), isCut: true })
  })

  it('is text also where the part that is read ends in the middle of a character', () => {
    expect(preview(bytes(`${'x'.repeat(199)}€`))).toEqual({ text: 'x'.repeat(60), isCut: true })
  })

  it('is its first bytes where it is no text, or has signs that a terminal would follow', () => {
    expect(preview(Uint8Array.of(0xff, 0x01))).toEqual({ hex: 'ff01', bytes: 2, isCut: false })
    expect(preview(bytes('\u001b[31mred'))).toEqual({ hex: '1b5b33316d726564', bytes: 8, isCut: false })
  })
})
