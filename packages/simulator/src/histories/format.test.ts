import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { simulate } from '../driver/run.ts'
import { checkLinearizable } from '../invariants/linearizability.ts'
import type { Operation } from '../world/operations.ts'
import { type HistoryOperation, lineOf, readHistory } from './format.ts'

const operations = fc.array(
  fc.record({
    client: fc.nat(9),
    kind: fc.constantFrom('write' as const, 'read' as const),
    key: fc.nat(3),
    value: fc.nat(),
    invoked: fc.nat(1000),
    lasts: fc.oneof(fc.nat(1000), fc.constant(Number.POSITIVE_INFINITY)),
  }),
)

const good = { ClientId: 0, Input: { op: 'read', key: 1 }, Call: 3, Output: { value: 2 }, Return: 5 }

describe('a history in a file', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(operations, drawn => {
        const history = drawn.map(({ lasts, ...rest }): HistoryOperation => {
          const returned = rest.invoked + lasts
          const isUnknown = rest.kind === 'read' && returned === Number.POSITIVE_INFINITY
          return { ...rest, returned, value: isUnknown ? 0 : rest.value }
        })
        const text = history.map(lineOf).join('\n')
        expect(readHistory(text)).toEqual({ kind: 'history', operations: history })
      }),
    )
  })

  test('of a simulated day is judged as the day was, also when it comes from a file, and a wrong answer in it is seen', () => {
    let all = (): readonly Operation[] => []
    simulate(3, {
      observe: ({ operations }) => {
        all = () => operations.all
      },
    })
    const history = all().filter(({ outcome }) => outcome !== 'failed')
    const judge = (told: readonly HistoryOperation[]): string => {
      const read = readHistory(told.map(lineOf).join('\n'))
      return read.kind === 'history' ? checkLinearizable(read.operations).kind : read.reason
    }
    expect(history.length).toBeGreaterThan(10)
    expect(judge(history)).toBe('linearizable')
    const { key } = history.at(-1) ?? { key: 0 }
    const late = { client: 99, kind: 'read', key, value: 0, invoked: 1e9, returned: 1e9 + 1 } as const
    expect(judge([...history, late])).toBe('violation')
  })

  for (const [what, line] of [
    ['cut short', '{"ClientId":0,"Inp'],
    ['of null', 'null'],
    ['without a call', JSON.stringify({ ...good, Call: undefined })],
    ['with an unknown operation', JSON.stringify({ ...good, Input: { op: 'cas', key: 1 } })],
    ['that ends before it begins', JSON.stringify({ ...good, Return: 2 })],
    ['of a read that says nothing', JSON.stringify({ ...good, Output: {} })],
    ['with a key that is no number', JSON.stringify({ ...good, Input: { op: 'read', key: '__proto__' } })],
  ] as const) {
    test(`with a line ${what} is turned down, and the line named`, () => {
      expect(readHistory(`${JSON.stringify(good)}\n${line}\n`)).toMatchObject({ kind: 'damaged', line: 2 })
    })
  }
})
