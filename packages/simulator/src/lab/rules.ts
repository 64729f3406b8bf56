/** The rules of Raft that can be switched off in the Lab, to see what they are for. */

export type RuleId =
  | 'oneVote'
  | 'voteOnDisk'
  | 'electionRestriction'
  | 'termBeforeLength'
  | 'votesOfThisTerm'
  | 'oneVotePerVoter'
  | 'defendLeader'
  | 'ownTermCommit'
  | 'cutConflictsOnly'
  | 'cutConflicts'
  | 'commitVerified'
  | 'durableAnswer'
  | 'votersOnly'
  | 'ownTermBeforeChange'
  | 'jointConsensus'
  | 'askBeforeRead'
  | 'heirUpToDate'

export interface Rule {
  readonly id: RuleId
  readonly name: string
  /** In one sentence, as it holds. */
  readonly statement: string
  /** Of the paper, or of the dissertation where it says so. */
  readonly section: string
  /** What nodes do with it switched off. */
  readonly without: string
  /** The property that breaks then; `undefined` where it is only stability. */
  readonly breaks: string | undefined
}

export const rules: readonly Rule[] = [
  {
    id: 'oneVote',
    name: 'One vote a term',
    statement: 'A node votes for at most one candidate in a term.',
    section: '§5.2',
    without: 'A node votes for everyone who asks.',
    breaks: 'Election Safety',
  },
  {
    id: 'voteOnDisk',
    name: 'The vote survives a crash',
    statement: 'A node remembers whom it voted for, also after a restart.',
    section: 'Figure 2',
    without: 'A restarted node has forgotten its vote, and votes again in the same term.',
    breaks: 'Election Safety',
  },
  {
    id: 'electionRestriction',
    name: 'Election restriction',
    statement: 'A node votes only for a candidate whose log is at least as up to date as its own.',
    section: '§5.4.1',
    without: 'Any candidate gets votes, whatever its log lacks.',
    breaks: 'Leader Completeness',
  },
  {
    id: 'termBeforeLength',
    name: 'A later term beats a longer log',
    statement: 'Logs are compared by the term of the last entry first, and by length only if the terms are equal.',
    section: '§5.4.1',
    without: 'The longer log counts as the better one.',
    breaks: 'Leader Completeness',
  },
  {
    id: 'votesOfThisTerm',
    name: 'Old votes do not count',
    statement: 'A candidate counts only answers of the term in which it stands.',
    section: '§5.1',
    without: 'A vote given in an earlier term counts in a later one.',
    breaks: 'Election Safety',
  },
  {
    id: 'oneVotePerVoter',
    name: 'A vote counts once',
    statement: 'A second copy of the same answer counts for nothing.',
    section: '§5.2',
    without: 'A vote that arrives twice counts as two votes.',
    breaks: 'Election Safety',
  },
  {
    id: 'defendLeader',
    name: 'No votes while a leader is heard',
    statement: 'A node that has heard from a leader lately ignores requests for votes.',
    section: 'dissertation §4.2.3',
    without: 'Whoever comes with a higher term brings the leader down.',
    breaks: undefined,
  },
  {
    id: 'ownTermCommit',
    name: 'Count only entries of the own term',
    statement: 'A leader commits by counting only entries of its own term; earlier ones commit along with them.',
    section: '§5.4.2',
    without: 'A leader calls anything committed that a majority stores.',
    breaks: 'State Machine Safety',
  },
  {
    id: 'cutConflictsOnly',
    name: 'Remove only what conflicts',
    statement: 'A follower removes entries only where one conflicts with the leader’s.',
    section: 'Figure 2, AppendEntries 3',
    without: 'A follower removes everything after the entries that a message carries.',
    breaks: 'Conflict Truncation',
  },
  {
    id: 'cutConflicts',
    name: 'Remove all that follows a conflict',
    statement: 'Where an entry conflicts with the leader’s, it goes, and everything after it.',
    section: 'Figure 2, AppendEntries 3',
    without: 'Only the conflicting entry is replaced; what stood behind it stays.',
    breaks: 'Log Matching',
  },
  {
    id: 'commitVerified',
    name: 'Commit no further than was checked',
    statement: 'A follower commits up to the leader’s index, but not beyond the last entry that this message checked.',
    section: 'Figure 2, AppendEntries 5',
    without: 'A follower commits whatever stands in its log up to the leader’s index.',
    breaks: 'State Machine Safety',
  },
  {
    id: 'durableAnswer',
    name: 'Disk before answer',
    statement: 'A follower acknowledges an entry only when it is on its disk.',
    section: 'Figure 2',
    without: 'A follower answers at once, and may forget in a crash what it has promised to keep.',
    breaks: 'Persist Before Acknowledge',
  },
  {
    id: 'votersOnly',
    name: 'Only voters are counted',
    statement: 'Learners get the log, but do not count towards a majority.',
    section: 'dissertation §4.2.1',
    without: 'A leader counts everyone who stores an entry.',
    breaks: 'Durable Quorum',
  },
  {
    id: 'ownTermBeforeChange',
    name: 'Commit in the own term before a change',
    statement: 'A leader changes the membership only after an entry of its own term is committed.',
    section: 'dissertation §4.1, the single-server bug',
    without: 'A new leader may change the membership at once.',
    breaks: 'State Machine Safety',
  },
  {
    id: 'jointConsensus',
    name: 'Joint consensus',
    statement: 'In between two memberships, decisions need a majority of the old one and of the new one.',
    section: '§6',
    without: 'The cluster jumps from the old membership to the new one.',
    breaks: 'Election Safety',
  },
  {
    id: 'askBeforeRead',
    name: 'Ask before reading',
    statement: 'Before it answers a read, a leader makes sure with a majority that it still leads.',
    section: '§8',
    without: 'A leader answers at once from what it has; it may have been replaced long ago.',
    breaks: 'Linearizable Reads',
  },
  {
    id: 'heirUpToDate',
    name: 'Hand over only to who is up to date',
    statement: 'A leader hands over when its heir has the whole log.',
    section: 'dissertation §3.10',
    without: 'A leader hands over at once, whatever the heir still lacks.',
    breaks: 'Transfer Target',
  },
]

export const ruleIds: readonly RuleId[] = rules.map(({ id }) => id)

export function ruleOf(id: RuleId): Rule {
  const rule = rules.find(each => each.id === id)
  if (rule === undefined) throw new RangeError(`no rule ${id}`)
  return rule
}

export const isRuleId = (text: string): text is RuleId => ruleIds.some(id => id === text)
