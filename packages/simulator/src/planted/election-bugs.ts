/** Known mistakes in electing leaders, and in handing leadership over. */
import { type PlantedBug, patch } from './bug.ts'

export const electionBugs: readonly PlantedBug[] = [
  {
    number: 1,
    name: 'replies to a vote before persisting it',
    source: 'robustmq#2039',
    patches: [
      patch('election.ts', "raft.send({ type: 'RequestVoteResult'", "raft.outbox.sendNow({ type: 'RequestVoteResult'"),
    ],
    caughtBy: ['Vote Durability', 'Term Monotone'],
  },
  {
    number: 2,
    name: 'starts an election without persisting term or self-vote',
    source: 'nebula#3415',
    patches: [patch('election.ts', '\n  voteFor(raft, raft.id)', '\n  raft.votedFor = raft.id')],
    // Where nobody else votes, the own vote is never counted.
    caughtBy: ['Term Monotone', 'Vote Durability', 'Liveness'],
  },
  {
    number: 3,
    name: 'lets a stale message lower the term, and votes twice',
    source: 'nebula#2405, camunda#5356',
    patches: [
      patch(
        'raft.ts',
        "if (message.term > raft.currentTerm && message.type !== 'RequestPreVote'",
        "if ((message.term > raft.currentTerm || (message.type === 'RequestVoteResult' && message.term < raft.currentTerm)) && message.type !== 'RequestPreVote'",
      ),
      patch('roles.ts', "  invariant(term > raft.currentTerm, 'terms only grow', term, raft.currentTerm)\n", ''),
    ],
    caughtBy: ['Term Monotone', 'Vote Durability'],
  },
  {
    number: 4,
    name: 'counts vote responses of a stale term',
    source: 'little-raft#44',
    patches: [
      patch(
        'election.ts',
        "  if (result.term < raft.currentTerm) return raft.refuse(result, 'stale term')\n  if (raft.role !== 'candidate')",
        "  if (raft.role !== 'candidate')",
      ),
    ],
    caughtBy: ['Configuration', 'Election Safety'],
  },
  {
    number: 5,
    name: 'counts duplicate votes',
    source: 'xraft#27',
    patches: [
      patch(
        'election.ts',
        '  if (raft.votes.has(from)) return\n  raft.votes.set(from, granted)',
        '  const as = raft.votes.has(from) ? (raft.configuration.voters.find(id => id !== raft.id && !raft.votes.has(id)) ?? from) : from\n  raft.votes.set(as, granted)',
      ),
    ],
    caughtBy: ['Configuration', 'Election Safety'],
  },
  {
    number: 6,
    name: 'compares log positions by index before term',
    source: 'openraft a48a3282',
    patches: [
      patch(
        'log.ts',
        '    if (candidateLastTerm !== this.lastTerm) return candidateLastTerm > this.lastTerm\n    return candidateLastIndex >= this.lastIndex',
        '    if (candidateLastIndex !== this.lastIndex) return candidateLastIndex > this.lastIndex\n    return candidateLastTerm >= this.lastTerm',
      ),
    ],
    caughtBy: ['Leader Completeness', 'State Machine Safety'],
  },
  {
    number: 7,
    name: 'stays candidate on a same-term AppendEntries',
    source: 'd-engine#340',
    patches: [
      patch(
        'roles.ts',
        "if (raft.role !== 'follower') becomeFollower(raft, message.from, 'another node leads this term')",
        "if (raft.role !== 'follower') return",
      ),
    ],
    caughtBy: ['Follows Leader'],
  },
  {
    number: 8,
    name: 'pre-vote hides higher terms: no leader ever',
    source: 'openraft#1796, etcd#8501',
    patches: [
      patch(
        'raft.ts',
        "message.type !== 'RequestPreVote' && message.type !== 'RequestVote')",
        "message.type !== 'RequestPreVote' && message.type !== 'RequestVote' && message.type !== 'RequestPreVoteResult')",
      ),
    ],
    caughtBy: ['Liveness'],
  },
  {
    number: 9,
    name: 'campaigns with a committed but unapplied configuration',
    source: 'etcd-io/raft#234',
    patches: [
      patch(
        'election.ts',
        'jointVoteResult(raft.configuration, id => raft.votes.get(id))',
        'jointVoteResult(raft.configurations.at(Math.max(1, raft.lastApplied)), id => raft.votes.get(id))',
      ),
    ],
    caughtBy: ['Configuration', 'Election Safety', 'Leader Completeness', 'Liveness'],
  },
  {
    number: 10,
    name: 'a learner refuses to vote when the configuration it lacks made it a voter',
    source: 'raft-rs#57',
    patches: [
      patch(
        'election.ts',
        "import type { NodeId } from './membership.ts'",
        "import { isVoter, type NodeId } from './membership.ts'",
      ),
      patch(
        'election.ts',
        '  if (request.nextTerm <= raft.currentTerm) return',
        "  if (!isVoter(raft.configuration, raft.id)) return answerPreVote(raft, request, false, 'not a voter')\n  if (request.nextTerm <= raft.currentTerm) return",
      ),
      patch(
        'election.ts',
        '  if (raft.votedFor !== undefined && raft.votedFor !== request.from) {',
        "  if (!isVoter(raft.configuration, raft.id)) return answerVote(raft, request, false, 'not a voter')\n  if (raft.votedFor !== undefined && raft.votedFor !== request.from) {",
      ),
    ],
    caughtBy: ['Liveness'],
  },
  {
    number: 11,
    name: 'counts non-voters in a quorum',
    source: 'hashicorp#308',
    patches: [
      patch(
        'leadership.ts',
        'this.voters = configuration.voters.map(replicaOf)',
        'this.voters = receivers(configuration).map(replicaOf)',
      ),
    ],
    caughtBy: ['Durable Quorum'],
  },
  {
    number: 12,
    name: 'transfers leadership to a lagging target',
    source: 'redpanda#2606',
    patches: [
      patch(
        'transfer.ts',
        'if (!transfer.atOnce && (progress === undefined || progress.matchIndex < raft.log.lastIndex)) return',
        'if (progress === undefined) return',
      ),
    ],
    caughtBy: ['Transfer Target'],
  },
  {
    number: 13,
    name: 'sends TimeoutNow through pre-vote, so transfers never succeed',
    source: 'RedisLabs/raft#88',
    patches: [
      patch(
        'transfer.ts',
        "import { campaign } from './election.ts'",
        "import { electionTimedOut } from './election.ts'",
      ),
      patch('transfer.ts', '  campaign(raft, true)\n', '  electionTimedOut(raft)\n'),
    ],
    caughtBy: ['Liveness'],
  },
  {
    number: 14,
    name: 'votedFor is lost on restart',
    source: 'skiff',
    patches: [patch('state.ts', 'this.votedFor = recovered.votedFor', 'this.votedFor = undefined')],
    caughtBy: ['Vote Durability', 'Election Safety'],
  },
  {
    number: 14,
    name: 'votedFor is cleared within the same term on becoming follower',
    source: 'skiff',
    patches: [
      patch(
        'roles.ts',
        "  raft.votes.clear()\n  setRole(raft, 'follower', reason)",
        "  raft.votes.clear()\n  raft.votedFor = undefined\n  raft.persistence.hardStateChanged = true\n  setRole(raft, 'follower', reason)",
      ),
    ],
    caughtBy: ['Vote Durability', 'Election Safety'],
  },
  {
    number: 46,
    name: 'counts a late pre-vote as a vote',
    source: 'canonical/raft#196',
    patches: [
      patch(
        'election.ts',
        "  if (raft.role !== 'preCandidate') return raft.refuse(result, 'not asking')\n",
        `  if (raft.role === 'candidate' && result.nextTerm === raft.currentTerm) {
    return countVote(raft, result.from, result.granted, false)
  }
  if (raft.role !== 'preCandidate') return raft.refuse(result, 'not asking')
`,
      ),
    ],
    // Core itself notices that it would lead before its own vote is durable.
    caughtBy: ['Core Assertion', 'Configuration', 'Election Safety'],
  },
  {
    number: 47,
    name: 'needs a majority of all members to be elected, learners included',
    source: 'camunda#57387',
    patches: [
      patch(
        'election.ts',
        'jointVoteResult(raft.configuration, id => raft.votes.get(id))',
        'jointVoteResult({ ...raft.configuration, voters: raft.configuration.members.map(({ id }) => id) }, id => raft.votes.get(id))',
      ),
    ],
    caughtBy: ['Liveness', 'Stability'],
  },
  {
    number: 48,
    name: 'does not take an AppendEntries that it refuses for a sign of life',
    source: 'redpanda#30817',
    patches: [
      patch(
        'append-entries.ts',
        '  hearLeader(raft, request)\n',
        '  const { electionDeadline } = raft\n  hearLeader(raft, request)\n',
      ),
      patch(
        'append-entries.ts',
        "  if (prevLogIndex > log.lastIndex) return reject(raft, request, 'log too short')\n",
        `  if (prevLogIndex > log.lastIndex) {
    raft.electionDeadline = electionDeadline
    return reject(raft, request, 'log too short')
  }
`,
      ),
    ],
    caughtBy: ['Fresh Deadline'],
  },
  {
    number: 49,
    name: 'a leader does not see in a refusal that a later term exists',
    source: 'redpanda#31547',
    patches: [
      patch(
        'raft.ts',
        "message.type !== 'RequestVote')",
        "message.type !== 'RequestVote' && !(message.type === 'AppendEntriesResult' && !message.success))",
      ),
    ],
    caughtBy: ['Liveness'],
  },
  {
    number: 50,
    name: 'hands leadership to a learner',
    source: 'NuRaft#553',
    patches: [
      patch(
        'transfer.ts',
        'if (to !== undefined && !raft.configuration.voters.includes(to)) {',
        'if (to === raft.id) {',
      ),
      patch('transfer.ts', "  if (!raft.mayCampaign) return raft.refuse(message, 'has no vote')\n", ''),
    ],
    caughtBy: ['Configuration', 'Transfer Target', 'Honoured TimeoutNow'],
  },
  {
    number: 51,
    name: 'campaigns without a vote',
    source: 'hashicorp#483, redpanda#8495',
    patches: [
      patch('election.ts', '  if (!campaigns) return endCampaign(raft)\n', ''),
      patch(
        'election-timer.ts',
        "  if (!raft.mayCampaign && !raft.isNeeded && raft.role === 'follower') {\n",
        '  if (raft.configuration.members.length === 0) {\n',
      ),
    ],
    caughtBy: ['Configuration'],
  },
]
