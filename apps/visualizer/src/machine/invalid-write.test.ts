import { describe, expect, it } from 'vitest'
import { InvalidWrite, refusalOf } from './invalid-write.ts'

describe('refusalOf', () => {
  it('takes what can be written', () => {
    expect(refusalOf('x', '')).toBeUndefined()
    expect(refusalOf('k'.repeat(64), 'v'.repeat(256))).toBeUndefined()
  })

  it('has a kind and a sentence for every write that is refused', () => {
    // A key of 65 was an error without a kind in the console, and was cut to 64 without a word in the form.
    const cases = [
      ['', '1', 'emptyKey'],
      [' \t\u3000', '1', 'emptyKey'],
      ['k'.repeat(65), '1', 'keyTooLong'],
      ['x', 'v'.repeat(257), 'valueTooLong'],
      ['\ud800', '1', 'brokenText'],
      [3, '1', 'notText'],
      ['x', undefined, 'notText'],
    ] as const
    for (const [key, value, problem] of cases) {
      const refusal = refusalOf(key, value)
      expect(refusal).toBeInstanceOf(InvalidWrite)
      expect(refusal).toMatchObject({ kind: 'InvalidWrite', problem })
      expect(refusal?.message).toMatch(/^[A-Z].*\.$/)
    }
    expect(refusalOf('k'.repeat(70), '')?.message).toBe('A key has at most 64 characters; this one has 70.')
  })
})
