/**
 * For each rule a cluster and what is done to it: with the rule off it breaks the property that the rule is there for, and
 * with the rule on it breaks none. Actions only; nothing in here makes anything break.
 */
import type { RuleId } from './rules.ts'
import { Run } from './run.ts'
import { type Instruction, perform } from './script.ts'
import { type RunSetup, runSetup } from './setup.ts'

type Given = Parameters<typeof runSetup>[0]

interface Scene {
  readonly setup: Given
  /** Done with the rule on and off. What cannot be done in one of them is passed over there. */
  readonly script: readonly Instruction[]
}

const manual = { elections: 'manual' } as const
const timeout = (...nodes: string[]): Instruction => ({ type: 'timeout', nodes })
const settle: Instruction = { type: 'settle' }
const play = (ms: number): Instruction => ({ type: 'play', ms })
const partition = (...groups: string[][]): Instruction => ({ type: 'partition', groups })
const crash = (node: string, flushed = true): Instruction => ({ type: 'crash', node, flushed })
const restart = (node: string): Instruction => ({ type: 'restart', node, emptied: false })
const write = (node: string): Instruction => ({ type: 'write', node, key: 0 })
const healAll: Instruction = { type: 'healAll' }

const scenes: Readonly<Record<RuleId, Scene>> = {
  oneVote: {
    setup: { nodes: 3, tuning: manual },
    script: [timeout('S1', 'S3'), settle],
  },
  voteOnDisk: {
    setup: { nodes: 3, tuning: manual },
    script: [
      { type: 'cut', from: 'S1', to: 'S3' },
      { type: 'cut', from: 'S3', to: 'S1' },
      timeout('S1'),
      { type: 'until', expect: { node: 'S1', role: 'leader' } },
      { type: 'message', deed: 'hold', kind: 'AppendEntries', to: 'S2' },
      crash('S2'),
      restart('S2'),
      timeout('S3'),
      play(45),
    ],
  },
  electionRestriction: {
    setup: { nodes: 3, tuning: manual },
    script: [
      partition(['S1', 'S2'], ['S3']),
      timeout('S1'),
      settle,
      write('S1'),
      settle,
      crash('S1'),
      healAll,
      play(200),
      timeout('S3'),
      settle,
      timeout('S3'),
      settle,
    ],
  },
  termBeforeLength: {
    setup: { nodes: 3, tuning: manual },
    script: [
      timeout('S3'),
      settle,
      partition(['S1', 'S2'], ['S3']),
      write('S3'),
      write('S3'),
      write('S3'),
      play(200),
      timeout('S1'),
      settle,
      crash('S1'),
      crash('S3'),
      restart('S3'),
      healAll,
      play(200),
      timeout('S3'),
      settle,
      timeout('S3'),
      settle,
    ],
  },
  votesOfThisTerm: {
    setup: { nodes: 5, tuning: manual, disks: { S5: { term: 1, log: [] } } },
    script: [
      // S1 asks for votes in term 1, and the answers take long.
      timeout('S1'),
      play(4),
      { type: 'message', deed: 'hold', kind: 'RequestVote', to: 'S4' },
      { type: 'message', deed: 'hold', kind: 'RequestVote', to: 'S5' },
      { type: 'until', expect: { node: 'S2', votedFor: 'S1' } },
      { type: 'until', expect: { node: 'S3', votedFor: 'S1' } },
      play(4),
      { type: 'message', deed: 'hold', kind: 'RequestVoteResult', all: true },
      // S5 is elected in term 2, in which S1 is a candidate, too.
      ...['S2', 'S3', 'S4', 'S5'].map((to): Instruction => ({ type: 'cut', from: 'S1', to })),
      timeout('S1'),
      timeout('S5'),
      { type: 'until', expect: { node: 'S5', role: 'leader', term: 2 } },
      { type: 'message', deed: 'hold', kind: 'AppendEntries', to: 'S1' },
      { type: 'message', deed: 'deliver', kind: 'RequestVoteResult', from: 'S2', to: 'S1' },
      { type: 'message', deed: 'deliver', kind: 'RequestVoteResult', from: 'S3', to: 'S1' },
      play(20),
    ],
  },
  oneVotePerVoter: {
    setup: { nodes: 5, tuning: manual },
    script: [
      partition(['S1', 'S2'], ['S3', 'S4', 'S5']),
      timeout('S1', 'S3'),
      play(20),
      { type: 'message', deed: 'duplicate', kind: 'RequestVoteResult', from: 'S2', to: 'S1' },
      play(60),
    ],
  },
  defendLeader: {
    setup: { nodes: 3, tuning: manual },
    script: [timeout('S1'), settle, timeout('S3'), settle],
  },
  // Figure 8 of the paper, from (c) on.
  ownTermCommit: {
    setup: {
      nodes: 5,
      tuning: { ...manual, maxEntriesPerMessage: 1 },
      disks: {
        S1: { term: 3, log: [1, 2] },
        S2: { term: 3, log: [1, 2] },
        S3: { term: 3, log: [1] },
        S4: { term: 3, log: [1] },
        S5: { term: 3, votedFor: 'S5', log: [1, 3] },
      },
    },
    script: [
      partition(['S1', 'S2', 'S3'], ['S4', 'S5']),
      timeout('S1'),
      { type: 'until', expect: { node: 'S1', follower: { id: 'S3', matchIndex: 2 } } },
      crash('S1'),
      // What it had sent is lost, too.
      partition(['S1'], ['S2', 'S3', 'S4', 'S5']),
      play(200),
      timeout('S5'),
      settle,
      timeout('S5'),
      settle,
    ],
  },
  cutConflictsOnly: {
    setup: { nodes: 3, tuning: { ...manual, maxEntriesPerMessage: 1 } },
    script: [
      partition(['S1', 'S2'], ['S3']),
      timeout('S1'),
      { type: 'until', expect: { node: 'S1', role: 'leader' } },
      { type: 'message', deed: 'duplicate', kind: 'AppendEntries', to: 'S2' },
      { type: 'message', deed: 'hold', kind: 'AppendEntries', to: 'S2' },
      play(30),
      write('S1'),
      { type: 'until', expect: { node: 'S1', commit: 2 } },
      { type: 'message', deed: 'deliver', kind: 'AppendEntries', to: 'S2' },
      settle,
    ],
  },
  cutConflicts: {
    setup: {
      nodes: 3,
      tuning: { ...manual, maxEntriesPerMessage: 1 },
      disks: { S1: { term: 2, log: [1, 2] }, S2: { term: 2, log: [1, 2] }, S3: { term: 1, log: [1, 1, 1] } },
    },
    script: [timeout('S1'), settle, play(200)],
  },
  commitVerified: {
    setup: {
      nodes: 5,
      tuning: manual,
      disks: {
        S1: { term: 2, log: [1, 2, 2] },
        S2: { term: 2, log: [1, 2, 2] },
        S3: { term: 2, log: [1, 2, 2] },
        S4: { term: 1, log: [1, 1, 1] },
        S5: { term: 2, log: [1, 2, 2] },
      },
    },
    script: [
      { type: 'cut', from: 'S1', to: 'S4' },
      timeout('S1'),
      settle,
      healAll,
      { type: 'until', expect: { node: 'S1', follower: { id: 'S4', nextIndex: 2 } } },
      { type: 'message', deed: 'hold', kind: 'AppendEntries', to: 'S4' },
      play(100),
    ],
  },
  durableAnswer: {
    setup: { nodes: 3, tuning: { ...manual, diskMs: [30, 40] } },
    script: [timeout('S1'), settle, write('S1'), play(30)],
  },
  votersOnly: {
    setup: { nodes: 3, tuning: manual },
    script: [
      timeout('S1'),
      settle,
      { type: 'appear', node: 'S4' },
      { type: 'change', node: 'S1', changes: [{ type: 'addLearner', id: 'S4' }] },
      settle,
      { type: 'appear', node: 'S5' },
      { type: 'change', node: 'S1', changes: [{ type: 'addLearner', id: 'S5' }] },
      settle,
      partition(['S1', 'S4', 'S5'], ['S2', 'S3']),
      write('S1'),
      play(100),
    ],
  },
  ownTermBeforeChange: {
    setup: { nodes: 4, tuning: manual },
    script: [
      timeout('S1'),
      settle,
      { type: 'appear', node: 'S5' },
      // S1 adds S5, and only S5 hears of it.
      partition(['S1', 'S5'], ['S2', 'S3', 'S4']),
      { type: 'change', node: 'S1', changes: [{ type: 'addVoter', id: 'S5' }] },
      play(200),
      // S2 leads, and removes S1 at once.
      timeout('S2'),
      { type: 'until', expect: { node: 'S2', role: 'leader' } },
      { type: 'change', node: 'S2', changes: [{ type: 'remove', id: 'S1' }] },
      partition(['S2', 'S3'], ['S4', 'S1', 'S5']),
      play(200),
      timeout('S1'),
      settle,
      timeout('S1'),
      settle,
    ],
  },
  jointConsensus: {
    setup: { nodes: 3, tuning: manual },
    script: [
      timeout('S3'),
      settle,
      play(100),
      { type: 'appear', node: 'S4' },
      { type: 'appear', node: 'S5' },
      partition(['S1', 'S2'], ['S3', 'S4', 'S5']),
      {
        type: 'change',
        node: 'S3',
        changes: [
          { type: 'addVoter', id: 'S4' },
          { type: 'addVoter', id: 'S5' },
        ],
      },
      play(200),
      crash('S3'),
      restart('S3'),
      play(200),
      timeout('S1', 'S5'),
      settle,
    ],
  },
  askBeforeRead: {
    setup: { nodes: 5, tuning: manual },
    script: [
      timeout('S1'),
      settle,
      partition(['S1', 'S2'], ['S3', 'S4', 'S5']),
      play(200),
      timeout('S3'),
      settle,
      write('S3'),
      settle,
      { type: 'read', node: 'S1', key: 0, local: false },
      play(50),
    ],
  },
  heirUpToDate: {
    setup: { nodes: 3, tuning: { ...manual, diskMs: [20, 30] } },
    script: [timeout('S1'), settle, play(120), write('S1'), { type: 'transfer', node: 'S1', to: 'S2' }, settle],
  },
}

/** The setup with every rule on. */
export const sceneSetup = (rule: RuleId): RunSetup => runSetup(scenes[rule].setup)

/** Plays what breaks the rule's property where the rule is off. */
export function playScene(rule: RuleId, setup: RunSetup): Run {
  const run = new Run(setup)
  for (const instruction of scenes[rule].script) perform(run, [instruction])
  return run
}
