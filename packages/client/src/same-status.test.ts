import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { NodeStatus } from './message.ts'
import { isSameStatus } from './same-status.ts'

const id = fc.constantFrom('a', 'b')
const number = fc.constantFrom(0, 1)
const status: fc.Arbitrary<NodeStatus> = fc.record({
  id,
  clusterId: fc.option(id, { nil: undefined }),
  state: fc.constantFrom('running', 'failed'),
  failure: fc.constantFrom(undefined, 'Fenced'),
  role: fc.constantFrom('follower', 'leader'),
  term: number,
  leader: fc.option(id, { nil: undefined }),
  commitIndex: number,
  lastApplied: number,
  members: fc.array(
    fc.record({
      id,
      name: fc.constantFrom('', 'x'),
      voter: fc.boolean(),
      connected: fc.boolean(),
      link: fc.constantFrom('direct', 'relayed', 'none'),
    }),
    { maxLength: 2 },
  ),
  waitingFor: fc.option(
    fc.record({
      missing: fc.array(id, { maxLength: 2 }),
      needed: number,
      mayBeOutdated: fc.boolean(),
      since: number,
    }),
    { nil: undefined },
  ),
})

/** One thing of the status is another's, down to a single field of a member or of what is waited for; or nothing is. */
const nearlyTheSame = fc
  .tuple(status, status)
  .chain(([a, b]) =>
    fc
      .constantFrom<NodeStatus>(
        a,
        { ...a, id: b.id },
        { ...a, clusterId: b.clusterId },
        { ...a, state: b.state },
        { ...a, failure: b.failure },
        { ...a, role: b.role },
        { ...a, term: b.term },
        { ...a, leader: b.leader },
        { ...a, commitIndex: b.commitIndex },
        { ...a, lastApplied: b.lastApplied },
        { ...a, members: b.members },
        { ...a, members: a.members.map((member, i) => ({ ...member, name: b.members[i]?.name ?? '' })) },
        { ...a, members: a.members.map((member, i) => ({ ...member, voter: b.members[i]?.voter ?? false })) },
        { ...a, members: a.members.map((member, i) => ({ ...member, connected: b.members[i]?.connected ?? false })) },
        { ...a, members: a.members.map((member, i) => ({ ...member, link: b.members[i]?.link ?? 'none' })) },
        { ...a, waitingFor: b.waitingFor },
        { ...a, waitingFor: a.waitingFor && { ...a.waitingFor, since: b.term } },
        { ...a, waitingFor: a.waitingFor && { ...a.waitingFor, needed: b.term } },
        { ...a, waitingFor: a.waitingFor && { ...a.waitingFor, missing: b.waitingFor?.missing ?? [] } },
      )
      .map(other => [a, other] as const),
  )

test('two statuses are the same if their texts are, whatever it is in which they differ', () => {
  fc.assert(
    fc.property(nearlyTheSame, ([a, b]) => {
      expect(isSameStatus(a, b)).toBe(JSON.stringify(a) === JSON.stringify(b))
    }),
    { numRuns: 2_000 },
  )
})
