import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Configuration,
  changeConfiguration,
  initialConfiguration,
  isJoint,
  leaveJoint,
  MAX_EXPELLED,
  MAX_MEMBERS,
  type MembershipChange,
  receivers,
} from './membership.ts'

const three = initialConfiguration(['a', 'b', 'c'])

function next(current: Configuration, ...changes: MembershipChange[]): Configuration {
  const result = changeConfiguration(current, changes)
  if (result.kind !== 'next') throw new Error(result.reason)
  return result.configuration
}

describe('changing a configuration (§6; dissertation §4)', () => {
  it('a learner gets the log and the next name, and no vote', () => {
    const configuration = next(three, { type: 'addLearner', id: 'd' })
    expect(configuration.members.at(-1)).toEqual({ id: 'd', name: 'S4' })
    expect(configuration.voters).toEqual(['a', 'b', 'c'])
    expect(isJoint(configuration)).toBe(false)
  })

  it('one voter more or less needs no joint phase: the majorities overlap (dissertation §4.1)', () => {
    expect(isJoint(next(three, { type: 'addVoter', id: 'd' }))).toBe(false)
    expect(isJoint(next(three, { type: 'remove', id: 'c' }))).toBe(false)
    expect(isJoint(next(three, { type: 'demote', id: 'c' }))).toBe(false)
  })

  it('more than one goes through joint consensus (§6)', () => {
    const joint = next(three, { type: 'addVoter', id: 'd' }, { type: 'remove', id: 'a' })
    expect(joint).toMatchObject({ voters: ['b', 'c', 'd'], oldVoters: ['a', 'b', 'c'] })
    expect(receivers(joint)).toEqual(['b', 'c', 'd', 'a'])
    expect(leaveJoint(joint)).toMatchObject({ voters: ['b', 'c', 'd'], oldVoters: [] })
    expect(leaveJoint(joint).members.map(({ id }) => id)).toEqual(['b', 'c', 'd'])
  })

  it('a demoted voter stays a member, with its name', () => {
    const configuration = next(three, { type: 'demote', id: 'b' })
    expect(configuration.members).toContainEqual({ id: 'b', name: 'S2' })
    expect(configuration.voters).toEqual(['a', 'c'])
  })

  it('a name is never given twice', () => {
    const without = next(three, { type: 'remove', id: 'c' })
    expect(next(without, { type: 'addLearner', id: 'd' }).members.at(-1)).toEqual({ id: 'd', name: 'S4' })
  })

  it('an expelled node is remembered until it is added, and at most so many are; a removed one is not', () => {
    const without = next(three, { type: 'expel', id: 'c' })
    expect(without).toMatchObject({ voters: ['a', 'b'], oldVoters: [], expelled: ['c'] })
    expect(next(without, { type: 'addLearner', id: 'c' }).expelled).toEqual([])
    expect(next(three, { type: 'remove', id: 'c' }).expelled).toEqual([])
    const ids = Array.from({ length: MAX_EXPELLED + 1 }, (_, i) => `x${i}`)
    const crowd = next(three, ...ids.map(id => ({ type: 'addLearner', id }) as const))
    expect(next(crowd, ...ids.map(id => ({ type: 'expel', id }) as const)).expelled).toEqual(ids.slice(1))
  })

  it.each<[string, MembershipChange[]]>([
    ['empty', []],
    ['alreadySo', [{ type: 'addVoter', id: 'a' }]],
    ['alreadySo', [{ type: 'addLearner', id: 'a' }]],
    ['notMember', [{ type: 'remove', id: 'x' }]],
    ['notMember', [{ type: 'demote', id: 'x' }]],
    [
      'namedTwice',
      [
        { type: 'demote', id: 'a' },
        { type: 'remove', id: 'a' },
      ],
    ],
    [
      'noVoterLeft',
      [
        { type: 'remove', id: 'a' },
        { type: 'remove', id: 'b' },
        { type: 'demote', id: 'c' },
      ],
    ],
  ])('refuses what makes no sense: %s', (reason, changes) => {
    expect(changeConfiguration(three, changes)).toMatchObject({ kind: 'InvalidChange', reason })
  })

  it('refuses any change of a joint configuration', () => {
    const joint = next(three, { type: 'addVoter', id: 'd' }, { type: 'remove', id: 'a' })
    expect(changeConfiguration(joint, [{ type: 'demote', id: 'd' }])).toMatchObject({ reason: 'joint' })
  })

  it('refuses more members than a message has room for', () => {
    const learners = Array.from({ length: MAX_MEMBERS - 3 }, (_, i) => ({ type: 'addLearner', id: `l${i}` }) as const)
    const most = next(three, ...learners)
    expect(changeConfiguration(most, [{ type: 'addLearner', id: 'd' }])).toMatchObject({ reason: 'full' })
    const replaced = changeConfiguration(most, [
      { type: 'addLearner', id: 'd' },
      { type: 'remove', id: 'l0' },
    ])
    expect(replaced).toMatchObject({ kind: 'next' })
  })

  it('adjacent configurations always share a node in every pair of majorities', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    const change = fc.record({ type: fc.constantFrom('addLearner', 'addVoter', 'demote', 'remove', 'expel'), id })
    fc.assert(
      fc.property(fc.uniqueArray(id, { minLength: 1 }), fc.array(change, { maxLength: 4 }), (ids, changes) => {
        const before = initialConfiguration(ids)
        const result = changeConfiguration(before, changes as MembershipChange[])
        if (result.kind !== 'next') return
        const after = result.configuration
        for (const quorum of quorums(after)) {
          for (const other of quorums(before)) expect(quorum.some(member => other.includes(member))).toBe(true)
        }
      }),
    )
  })
})

/** Every set of nodes that could decide alone. */
function quorums({ voters, oldVoters }: Configuration): string[][] {
  const everyone = [...new Set([...voters, ...oldVoters])]
  const sets = Array.from({ length: 1 << everyone.length }, (_, bits) => everyone.filter((_, i) => (bits >> i) & 1))
  const majority = (set: string[], of: readonly string[]) =>
    of.length === 0 || set.filter(id => of.includes(id)).length > of.length / 2
  return sets.filter(set => majority(set, voters) && majority(set, oldVoters))
}
