/** What a run begins from: a seed, how many nodes with what on their disks, how Raft is tuned, and which rules are off. */
import { type Entry, initialConfiguration, type NodeId, type RaftOptions, type RecoveredState } from '@flotilla/core'
import { encodeCommand } from '../ground/command.ts'
import type { RuleId } from './rules.ts'

export interface RunSetup {
  readonly seed: number
  /** The first members, S1 and so on. 1 to 9. */
  readonly nodes: number
  readonly off: readonly RuleId[]
  readonly tuning: Tuning
  /** What lies on the disks at the beginning; a node that is not named has an empty log. */
  readonly disks: Readonly<Record<NodeId, StartingDisk>>
}

export interface Tuning {
  readonly electionTimeoutMs: number
  readonly heartbeatMs: number
  /** A message takes between these. */
  readonly latencyMs: readonly [number, number]
  /** A write to disk takes between these. */
  readonly diskMs: readonly [number, number]
  readonly preVote: boolean
  readonly checkQuorum: boolean
  /** `manual`: nobody campaigns unless told to. Leaders send heartbeats all the same. */
  readonly elections: 'automatic' | 'manual'
  readonly maxEntriesPerMessage: number
}

export interface StartingDisk {
  readonly term: number
  readonly votedFor?: NodeId
  /** The term of each entry, from index 1 on: how the papers write a log. */
  readonly log: readonly number[]
}

/** The paper's own numbers (§5.6, §9.3), and links that are slow enough to be overtaken. */
export const defaultTuning: Tuning = {
  electionTimeoutMs: 150,
  heartbeatMs: 50,
  latencyMs: [8, 16],
  diskMs: [1, 3],
  preVote: false,
  checkQuorum: false,
  elections: 'automatic',
  maxEntriesPerMessage: 64,
}

export function runSetup(given: Partial<Omit<RunSetup, 'tuning'>> & { readonly tuning?: Partial<Tuning> }): RunSetup {
  return {
    seed: given.seed ?? 1,
    nodes: given.nodes ?? 3,
    off: given.off ?? [],
    tuning: { ...defaultTuning, ...given.tuning },
    disks: given.disks ?? {},
  }
}

export const mostNodes = 9

export const nodeIds = (count: number): NodeId[] => Array.from({ length: count }, (_, i) => `S${i + 1}`)

export function raftOptionsOf(tuning: Tuning): Partial<RaftOptions> {
  return {
    electionTimeoutMs: tuning.electionTimeoutMs,
    // Timers ring when the script says so, or the learner: that is not late.
    electionTimeoutStretch: 1,
    heartbeatIntervalMs: tuning.heartbeatMs,
    preVote: tuning.preVote,
    checkQuorum: tuning.checkQuorum,
    maxEntriesPerMessage: tuning.maxEntriesPerMessage,
    trace: true,
  }
}

/**
 * The first configuration stands before the log, as a snapshot at index 0, so that logs are as the paper draws them:
 * what is at index 1 is the first entry that a leader made.
 */
export function firstDisk(setup: RunSetup, id: NodeId, emptyMachine: Uint8Array): RecoveredState {
  const configuration = initialConfiguration(nodeIds(setup.nodes))
  const disk = setup.disks[id]
  const entries = (disk?.log ?? []).map(
    (term, i): Entry => ({ index: i + 1, term, kind: 'command', data: startingCommand(i + 1, term) }),
  )
  return {
    currentTerm: disk?.term ?? 0,
    votedFor: disk?.votedFor,
    snapshot: { index: 0, term: 0, configuration, data: emptyMachine },
    entries,
  }
}

/** Operations of the past have numbers that no client of the run will be given. */
export const pastOperations = 1_000_000

/** The same place in the same term is the same entry, on whichever disk it lies. */
function startingCommand(index: number, term: number): Uint8Array {
  return encodeCommand(pastOperations + term * 1000 + index, 0, 0)
}
