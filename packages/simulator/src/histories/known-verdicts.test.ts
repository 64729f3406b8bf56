/**
 * The linearizability checker against verdicts that are not its own: those of an enumerator that knows nothing but the
 * definition, and those of histories that others have published, described here in our own notation.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkLinearizable, type RegisterOperation } from '../invariants/linearizability.ts'

const never = Number.POSITIVE_INFINITY

/**
 * Herlihy and Wing's definition, by trying: is there an order of all that was answered, and of some of the writes that were
 * not, in which nothing comes before what ended before it began, and every read finds the write before it?
 */
function isLinearizableByDefinition(left: readonly RegisterOperation[], value = 0): boolean {
  if (left.every(({ returned }) => returned === never)) return true
  return left.some((next, place) => {
    if (left.some(({ returned }) => returned < next.invoked)) return false
    if (next.kind === 'read' && (next.returned === never || next.value !== value)) return false
    const rest = left.filter((_, other) => other !== place)
    return isLinearizableByDefinition(rest, next.kind === 'write' ? next.value : value)
  })
}

/** Few operations, all close together: about half of such histories are linearizable. */
const histories = fc
  .array(
    fc.record({
      isWrite: fc.boolean(),
      invoked: fc.nat(12),
      lasts: fc.oneof({ weight: 5, arbitrary: fc.nat(6) }, { weight: 1, arbitrary: fc.constant(never) }),
      reads: fc.nat(6),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map(drawn => {
    const writes = drawn.filter(({ isWrite }) => isWrite).length
    let written = 0
    return drawn.map(({ isWrite, invoked, lasts, reads }): RegisterOperation => {
      const value = isWrite ? ++written : reads % (writes + 1)
      return { kind: isWrite ? 'write' : 'read', key: 0, value, invoked, returned: invoked + lasts }
    })
  })

test('the checker and the definition agree on any small history', () => {
  const verdicts = { linearizable: 0, violation: 0 }
  fc.assert(
    fc.property(histories, history => {
      const verdict = isLinearizableByDefinition(history) ? 'linearizable' : 'violation'
      verdicts[verdict] += 1
      expect(checkLinearizable(history).kind).toBe(verdict)
    }),
    { numRuns: 3000 },
  )
  expect(Math.min(verdicts.linearizable, verdicts.violation)).toBeGreaterThan(300)
})

/** Kind, value, call, answer. */
type Told = readonly ['write' | 'read', number, number, number]

const published: readonly (readonly [verdict: 'linearizable' | 'violation', what: string, history: readonly Told[]])[] =
  [
    // The register in Porcupine's documentation: one slow write, and two reads beside it.
    [
      'linearizable',
      'a read of the old value, answered beside one of the new',
      [
        ['write', 100, 0, 100],
        ['read', 100, 25, 75],
        ['read', 0, 30, 60],
      ],
    ],
    [
      'violation',
      'the old value again, after somebody has read the new',
      [
        ['write', 200, 0, 100],
        ['read', 200, 10, 30],
        ['read', 0, 40, 90],
      ],
    ],
    // Jepsen's first report on etcd: a leader that was cut off answers reads from what it has.
    [
      'violation',
      'a deposed leader that answers from its own state',
      [
        ['write', 1, 0, 1],
        ['write', 2, 2, 3],
        ['read', 1, 4, 5],
      ],
    ],
    // Jepsen on Consul, and etcd#20418: stale only for whoever asks later.
    [
      'violation',
      'a stale read between two that are not',
      [
        ['write', 1, 0, 1],
        ['write', 2, 2, 9],
        ['read', 2, 3, 4],
        ['read', 1, 5, 6],
        ['read', 2, 7, 8],
      ],
    ],
    // Lamport's regular register, which is not atomic: a new value and then the old one, while the write is under way.
    [
      'violation',
      'new, then old, of one reader during one write',
      [
        ['write', 1, 0, 10],
        ['read', 1, 1, 2],
        ['read', 0, 3, 4],
      ],
    ],
    // Herlihy and Wing, on what has no answer: it may be supposed to have happened, or not.
    [
      'linearizable',
      'a write of a client that died, seen later',
      [
        ['write', 1, 0, never],
        ['read', 0, 1, 2],
        ['read', 1, 3, 4],
      ],
    ],
    [
      'violation',
      'a write of a client that died, seen and then not',
      [
        ['write', 1, 0, never],
        ['read', 1, 1, 2],
        ['read', 0, 3, 4],
      ],
    ],
    // Sequential consistency allows it (Attiya and Welch): each client by itself sees nothing wrong.
    [
      'violation',
      'two clients that each lag behind the other',
      [
        ['write', 1, 0, 1],
        ['read', 0, 2, 3],
        ['write', 2, 4, 5],
        ['read', 1, 6, 7],
      ],
    ],
  ]

describe('of histories that others have published', () => {
  for (const [verdict, what, told] of published) {
    test(`${what}: ${verdict}`, () => {
      const history = told.map(
        ([kind, value, invoked, returned]): RegisterOperation => ({ kind, key: 0, value, invoked, returned }),
      )
      expect(isLinearizableByDefinition(history)).toBe(verdict === 'linearizable')
      expect(checkLinearizable(history).kind).toBe(verdict)
    })
  }
})
