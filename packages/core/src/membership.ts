/**
 * Cluster membership (§6; dissertation ch. 4): what a configuration is, and what a change makes of it. Pure functions.
 *
 * Any set of changes goes through joint consensus; a change of at most one voter needs no joint phase, because the
 * majorities before and after it overlap anyway (dissertation §4.1).
 */

/** Names one node for ever: a node that lost its disk gets a new one. Opaque to core. */
export type NodeId = string

export interface Member {
  readonly id: NodeId
  /** Short and stable: S1, S2, … in the order of joining; never used again after a removal. */
  readonly name: string
}

export interface Configuration {
  /**
   * Everyone who belongs, in the order of joining; whoever of them is in neither list of voters is a learner.
   * An old voter that is not here is on its way out: it goes when the joint configuration is left.
   */
  readonly members: readonly Member[]
  /** C_new: whose majority elects and commits. */
  readonly voters: readonly NodeId[]
  /** C_old, whose majority is needed too while the configuration is joint; empty when it is not. */
  readonly oldVoters: readonly NodeId[]
  /** How many members have ever joined: the number in the last name given. */
  readonly namesGiven: number
  /**
   * Those who were expelled and have not been added again, the latest last: a host lets none of them in who only asks. At
   * most `MAX_EXPELLED`; the longest gone is forgotten first.
   */
  readonly expelled: readonly NodeId[]
}

export const MAX_EXPELLED = 64

export type MembershipChange =
  | { readonly type: 'addLearner'; readonly id: NodeId }
  /** A member that is not a voter becomes one; one that is not yet a member joins. */
  | { readonly type: 'addVoter'; readonly id: NodeId }
  /** A voter stays as a learner. */
  | { readonly type: 'demote'; readonly id: NodeId }
  | { readonly type: 'remove'; readonly id: NodeId }
  /** Removes it, and remembers that somebody wanted it gone. */
  | { readonly type: 'expel'; readonly id: NodeId }

export type MembershipRefusal =
  | { readonly kind: 'ConfigurationInFlight'; readonly index: number }
  /** A leader may not change the configuration before an entry of its own term is committed (dissertation §4.1; the single-server bug). */
  | { readonly kind: 'OwnTermNotCommitted' }
  | {
      readonly kind: 'InvalidChange'
      readonly reason: 'noVoterLeft' | 'alreadySo' | 'notMember' | 'namedTwice' | 'empty' | 'joint' | 'full'
      readonly id: NodeId | undefined
    }

/** More than any cluster can use: it bounds what a configuration takes in messages and on disk. */
export const MAX_MEMBERS = 1024

/** Nobody: where a node starts that will be told everything by a leader. It never campaigns. */
export const emptyConfiguration: Configuration = {
  members: [],
  voters: [],
  oldVoters: [],
  namesGiven: 0,
  expelled: [],
}

/** The first configuration of a cluster: these nodes, all voters, named S1, S2, … in this order. */
export function initialConfiguration(voters: readonly NodeId[]): Configuration {
  return {
    members: voters.map((id, i) => ({ id, name: `S${i + 1}` })),
    voters,
    oldVoters: [],
    namesGiven: voters.length,
    expelled: [],
  }
}

export const isJoint = (configuration: Configuration): boolean => configuration.oldVoters.length > 0

/** Counts in a majority: of C_new, or of C_old while joint. */
export function isVoter(configuration: Configuration, id: NodeId): boolean {
  return configuration.voters.includes(id) || configuration.oldVoters.includes(id)
}

export function isOnlyVoter({ voters, oldVoters }: Configuration, id: NodeId): boolean {
  return voters.length === 1 && voters[0] === id && oldVoters.length === 0
}

export function isMember(configuration: Configuration, id: NodeId): boolean {
  return configuration.members.some(member => member.id === id)
}

/**
 * The configuration that follows when these changes are made at once, or why it may not be.
 *
 * Where the set of voters changes by more than one, the next configuration is joint (`oldVoters` not empty) and must be
 * left with `leaveJoint` once committed. The current configuration must not be joint.
 */
export function changeConfiguration(
  current: Configuration,
  changes: readonly MembershipChange[],
):
  | { readonly kind: 'next'; readonly configuration: Configuration }
  | Extract<MembershipRefusal, { kind: 'InvalidChange' }> {
  const refuse = (reason: Extract<MembershipRefusal, { kind: 'InvalidChange' }>['reason'], id?: NodeId) =>
    ({ kind: 'InvalidChange', reason, id }) as const
  if (changes.length === 0) return refuse('empty')
  if (isJoint(current)) return refuse('joint')

  const members = [...current.members]
  const voters = new Set(current.voters)
  const leaving = new Set<NodeId>()
  const named = new Set<NodeId>()
  let namesGiven = current.namesGiven
  let expelled = [...current.expelled]
  const join = (id: NodeId): void => {
    expelled = expelled.filter(other => other !== id)
    if (members.some(member => member.id === id)) return
    namesGiven += 1
    members.push({ id, name: `S${namesGiven}` })
  }

  for (const { type, id } of changes) {
    if (named.has(id)) return refuse('namedTwice', id)
    named.add(id)
    const member = isMember(current, id)
    switch (type) {
      case 'addLearner':
        if (member) return refuse('alreadySo', id)
        join(id)
        break
      case 'addVoter':
        if (voters.has(id)) return refuse('alreadySo', id)
        join(id)
        voters.add(id)
        break
      case 'demote':
        if (!member) return refuse('notMember', id)
        if (!voters.delete(id)) return refuse('alreadySo', id)
        break
      case 'remove':
      case 'expel':
        if (!member) return refuse('notMember', id)
        voters.delete(id)
        leaving.add(id)
        if (type === 'expel') expelled.push(id)
        break
      default:
        return type satisfies never
    }
  }
  if (voters.size === 0) return refuse('noVoterLeft')
  if (members.length - leaving.size > MAX_MEMBERS) return refuse('full')

  const joins = [...voters].filter(id => !current.voters.includes(id)).length
  const leaves = current.voters.filter(id => !voters.has(id)).length
  return {
    kind: 'next',
    configuration: {
      members: members.filter(({ id }) => !leaving.has(id)),
      voters: [...voters],
      oldVoters: joins + leaves > 1 ? current.voters : [],
      namesGiven,
      expelled: expelled.slice(-MAX_EXPELLED),
    },
  }
}

/** What follows a committed joint configuration: C_new alone (§6). Old voters that are still members are learners now. */
export function leaveJoint(configuration: Configuration): Configuration {
  return { ...configuration, oldVoters: [] }
}

/** Everyone whom a leader sends the log: the members, and old voters on their way out. */
export function receivers(configuration: Configuration): readonly NodeId[] {
  const ids = configuration.members.map(member => member.id)
  for (const id of configuration.oldVoters) if (!ids.includes(id)) ids.push(id)
  return ids
}
