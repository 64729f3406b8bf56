import { describe, expect, it } from 'vitest'
import { checkOptions, defaultOptions } from './options.ts'

describe('options', () => {
  it('the defaults are within their bounds', () => {
    expect(checkOptions()).toEqual(defaultOptions)
    expect(checkOptions(defaultOptions)).toEqual(defaultOptions)
  })

  it('what is undefined takes the default, as what is left out does', () => {
    expect(checkOptions(fromJavaScript({ preVote: undefined, maxInflightBytes: undefined }))).toEqual(defaultOptions)
  })

  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -1, '100', null, {}, [], 1n, true]
  for (const name of Object.keys(defaultOptions)) {
    it(`${name} is refused where it is of another kind or out of its bounds, and named`, () => {
      const isSwitch = name === 'preVote' || name === 'checkQuorum' || name === 'leaseReads' || name === 'trace'
      for (const value of isSwitch ? [...odd.slice(0, -1), 'true', 1] : odd) {
        const given = fromJavaScript({ [name]: value })
        expect(() => checkOptions(given), String(value)).toThrow(RangeError)
        expect(() => checkOptions(given), String(value)).toThrow(new RegExp(`^${name} must be `))
      }
    })
  }

  it('what is counted has no fraction; times may have one', () => {
    expect(() => checkOptions({ maxEntriesPerMessage: 1.5 })).toThrow(
      'maxEntriesPerMessage must be an integer from 1 to 9007199254740991, not 1.5',
    )
    expect(checkOptions({ heartbeatIntervalMs: 16.7 }).heartbeatIntervalMs).toBe(16.7)
  })

  it('a name that is no option is refused', () => {
    for (const name of ['electionTimeout', 'constructor', 'toString']) {
      expect(() => checkOptions(fromJavaScript({ [name]: 100 }))).toThrow(`${name} is no option of Raft`)
    }
  })

  it('an election timeout leaves room for two heartbeats', () => {
    expect(() => checkOptions({ electionTimeoutMs: 199, heartbeatIntervalMs: 100 })).toThrow(
      'electionTimeoutMs must be at least twice heartbeatIntervalMs (100), not 199',
    )
  })

  it('leases need a clock that is declared safe, and check-quorum', () => {
    expect(() => checkOptions({ leaseReads: true })).toThrow("clock must be 'bounded-drift'")
    expect(() => checkOptions({ leaseReads: true, clock: 'bounded-drift', checkQuorum: false })).toThrow('checkQuorum')
  })
})

/** What the compiler would not let pass, a host in JavaScript may say. */
function fromJavaScript(given: object): object {
  return given
}
