import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { explainHistory } from './explain-history.ts'
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

/** Reads and writes that overlap at will: about half of them contradict each other. */
const histories: fc.Arbitrary<RegisterOperation[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom('write' as const, 'read' as const),
      key: fc.nat({ max: 1 }),
      of: fc.nat({ max: 5 }),
      from: fc.nat({ max: 40 }),
      takes: fc.integer({ min: 1, max: 12 }),
      answered: fc.boolean(),
    }),
    { maxLength: 12 },
  )
  .map(all =>
    all.map(({ kind, key, of, from, takes, answered }, i) => ({
      kind,
      key,
      value: kind === 'write' ? i + 1 : all[of]?.kind === 'write' && all[of].key === key ? of + 1 : 0,
      // No two things happen at once.
      invoked: from * 100 + i,
      returned: answered || kind === 'read' ? (from + takes) * 100 + i : Number.POSITIVE_INFINITY,
    })),
  )

describe('an explained history', () => {
  test('is an order in which every read reads what was written last, each within its interval', () => {
    fc.assert(
      fc.property(histories, history => {
        const explained = explainHistory(history)
        expect(explained.kind === 'order').toBe(checkLinearizable(history).kind === 'linearizable')
        if (explained.kind !== 'order') return
        const registers = new Map<number, number>()
        const before = new Map<number, { readonly from: number; readonly to: number }>()
        for (const { operation, from, to } of explained.places) {
          const last = before.get(operation.key)
          expect(from).toBeGreaterThanOrEqual(Math.max(operation.invoked, last?.from ?? 0))
          expect(to).toBeLessThanOrEqual(operation.returned)
          expect(to).toBeGreaterThanOrEqual(Math.max(from, last?.to ?? 0))
          before.set(operation.key, { from, to })
          if (operation.kind === 'write') registers.set(operation.key, operation.value)
          else expect(operation.value).toBe(registers.get(operation.key) ?? 0)
        }
        const placed = new Set(explained.places.map(({ operation }) => operation))
        for (const operation of history) {
          if (operation.returned !== Number.POSITIVE_INFINITY) expect(placed.has(operation)).toBe(true)
        }
      }),
    )
  })

  test('or a few operations that no order explains, and without any one read of them there is one', () => {
    fc.assert(
      fc.property(histories, history => {
        const explained = explainHistory(history)
        if (explained.kind !== 'none') return
        const { core, before } = explained
        expect(checkLinearizable(core).kind).toBe('violation')
        for (const one of core) {
          if (one.kind === 'read') {
            expect(checkLinearizable(core.filter(other => other !== one)).kind).toBe('linearizable')
          }
        }
        for (const [a, b] of before) expect(a.returned).toBeLessThan(b.invoked)
      }),
    )
  })

  test('of a stale read names the two writes and the read, and nothing of what was no part of it', () => {
    const history = [write(9, 1, 2, 1), write(1, 3, 4), write(2, 5, 6), read(1, 7, 8), read(2, 9, 10), write(3, 11, 12)]
    const explained = explainHistory(history)
    expect(explained).toEqual({
      kind: 'none',
      core: [history[1], history[2], history[3]],
      before: [
        [history[1], history[2]],
        [history[2], history[3]],
      ],
    })
  })
})
