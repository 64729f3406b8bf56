import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Standing } from '../trace-view/hearsay.ts'
import { decodeObservation, encodeObservation } from './observation.ts'
import { decodeStandings, encodeStandings, MAX_STANDINGS } from './standings.ts'

const whole = fc.nat(Number.MAX_SAFE_INTEGER)
const standings: fc.Arbitrary<Standing> = fc.record({
  number: fc.integer({ min: 1, max: 999_999 }),
  presence: fc.constantFrom('here', 'crashed', 'closed', 'unreachable'),
  role: fc.constantFrom('follower', 'preCandidate', 'candidate', 'leader'),
  term: whole,
  lastIndex: whole,
  commitIndex: whole,
  lastApplied: whole,
})

describe('standings', () => {
  it('come out as they went in, on their way between tabs, too', () => {
    fc.assert(
      fc.property(fc.array(standings, { maxLength: MAX_STANDINGS }), all => {
        expect(decodeStandings(encodeStandings(all))).toEqual(all)
        const observation = { kind: 'standings', standings: all } as const
        expect(decodeObservation(encodeObservation(observation), 'a')).toEqual({ observation, refused: 0 })
      }),
    )
  })

  it('of a hundred nodes after a million writes take four kilobytes', () => {
    const [standing] = fc.sample(standings, 1)
    if (standing === undefined) throw new Error('one')
    const index = 1_000_000
    const all = Array.from({ length: 100 }, (_, i) => ({
      ...standing,
      number: i + 1,
      term: 40,
      lastIndex: index,
      commitIndex: index,
      lastApplied: index,
    }))
    expect(encodeObservation({ kind: 'standings', standings: all }).byteLength).toBeLessThan(4_096)
  })

  it.each([
    ['nothing', undefined],
    ['no list', {}],
    ['another version', [2, []]],
    ['no rows', [1]],
    ['rows that are none', [1, 'rows']],
    ['more rows than members', [1, Array(MAX_STANDINGS + 1).fill([1, 0, 0, 1, 1, 1, 1])]],
    ['a row that is too short', [1, [[1, 0, 0, 1, 1, 1]]]],
    ['a row that is too long', [1, [[1, 0, 0, 1, 1, 1, 1, 1]]]],
    ['a presence that there is not', [1, [[1, 4, 0, 1, 1, 1, 1]]]],
    ['a role that there is not', [1, [[1, 0, 4, 1, 1, 1, 1]]]],
    ['the name of nobody', [1, [[0, 0, 0, 1, 1, 1, 1]]]],
    ['a number below zero', [1, [[1, 0, 0, -1, 1, 1, 1]]]],
    ['a number that is none', [1, [[1, 0, 0, '1', 1, 1, 1]]]],
    ['a fraction', [1, [[1, 0, 0, 1.5, 1, 1, 1]]]],
    ['more than can be counted', [1, [[1, 0, 0, 1, 2 ** 53, 1, 1]]]],
    ['something beside it', [1, [], 0]],
  ])('%s is refused', (_, value) => {
    expect(decodeStandings(value)).toBeUndefined()
  })

  it('anything at all is read or refused, and never thrown at', () => {
    fc.assert(fc.property(fc.jsonValue(), value => void decodeStandings(value)))
    fc.assert(fc.property(fc.array(fc.array(fc.anything())), rows => void decodeStandings([1, rows])))
  })
})
