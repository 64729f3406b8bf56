import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkLinearizable, type RegisterOperation } from './linearizability.ts'

const write = (value: number, invoked: number, returned: number, key = 0): RegisterOperation => ({
  kind: 'write',
  key,
  value,
  invoked,
  returned,
})
const read = (value: number, invoked: number, returned: number, key = 0): RegisterOperation => ({
  kind: 'read',
  key,
  value,
  invoked,
  returned,
})
const never = Number.POSITIVE_INFINITY

describe('histories of registers', () => {
  test('a stale read is caught; the same history without it passes', () => {
    const honest = [write(1, 1, 2), write(2, 3, 4), read(2, 5, 6)]
    expect(checkLinearizable(honest).kind).toBe('linearizable')
    expect(checkLinearizable([...honest, read(1, 7, 8)]).kind).toBe('violation')
  })

  test('a lost write is caught; the same history without it passes', () => {
    const honest = [write(1, 1, 2), read(1, 5, 6)]
    expect(checkLinearizable(honest).kind).toBe('linearizable')
    expect(checkLinearizable([...honest, write(2, 3, 4)]).kind).toBe('violation')
  })

  test('a write that is applied twice is caught; applied once it passes', () => {
    const once = [write(1, 1, 2), write(2, 3, 4), read(2, 5, 6)]
    expect(checkLinearizable(once).kind).toBe('linearizable')
    // The second application of 1 shows as its value coming back.
    expect(checkLinearizable([...once, read(1, 9, 10), read(1, 11, 12)]).kind).toBe('violation')
  })

  test('overlapping operations may take effect in either order, but all readers see the same one', () => {
    const writes = [write(1, 1, 10), write(2, 2, 9)]
    expect(checkLinearizable([...writes, read(1, 11, 12)]).kind).toBe('linearizable')
    expect(checkLinearizable([...writes, read(2, 11, 12)]).kind).toBe('linearizable')
    expect(checkLinearizable([...writes, read(1, 11, 12), read(2, 13, 14)]).kind).toBe('violation')
  })

  test('a write without an answer may take effect late, or never, but only once', () => {
    const open = [write(1, 1, 2), write(2, 3, never)]
    expect(checkLinearizable([...open, read(1, 4, 5)]).kind).toBe('linearizable')
    expect(checkLinearizable([...open, read(1, 4, 5), read(2, 6, 7)]).kind).toBe('linearizable')
    expect(checkLinearizable([...open, read(2, 4, 5), read(1, 6, 7)]).kind).toBe('violation')
  })

  test('a value that nobody wrote is a violation, and registers begin with 0', () => {
    expect(checkLinearizable([read(0, 1, 2)]).kind).toBe('linearizable')
    expect(checkLinearizable([read(7, 1, 2)]).kind).toBe('violation')
  })

  test('keys are independent', () => {
    expect(checkLinearizable([write(1, 1, 2, 0), read(0, 3, 4, 1)]).kind).toBe('linearizable')
  })

  test('a search that gives up says unknown, which is not linearizable', () => {
    // Twelve overlapping writes, each read twice in an order that contradicts the others: every order must be tried.
    const writes = Array.from({ length: 12 }, (_, i) => write(i + 1, 0, 1000))
    const reads = Array.from({ length: 12 }, (_, i) => read(i + 1, 1, 999))
    const twist = [read(1, 1001, 1002), read(2, 1003, 1004)]
    expect(checkLinearizable([...writes, ...reads, ...twist], [50]).kind).toBe('unknown')
  })

  test('whatever one register really did is linearizable, and one wrong read in it is not', () => {
    const steps = fc.array(fc.record({ isWrite: fc.boolean(), before: fc.nat(3), after: fc.nat(3) }), {
      minLength: 1,
      maxLength: 60,
    })
    fc.assert(
      fc.property(steps, script => {
        let current = 0
        const history = script.map(({ isWrite, before, after }, i): RegisterOperation => {
          if (isWrite) current = i + 1
          // Takes effect at 10 i; called and answered some way around that.
          const [invoked, returned] = [10 * i - 10 * before - 1, 10 * i + 10 * after + 1]
          return { kind: isWrite ? 'write' : 'read', key: 0, value: current, invoked, returned }
        })
        expect(checkLinearizable(history).kind).toBe('linearizable')
        const end = 10 * script.length + 100
        const wrong = read(current === 0 ? 99_999 : 0, end, end + 1)
        expect(checkLinearizable([...history, wrong]).kind).toBe('violation')
      }),
    )
  })
})
