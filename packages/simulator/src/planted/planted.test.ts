/**
 * Bugs planted around the real core, in what goes in and comes out of it: proof that the checkers can see. Each must be
 * caught by a property that names it. (Bugs inside the core need a patched copy; these need none.)
 */

import type { Input, Message, Outcome, Output, RaftConfig, RaftStatus } from '@flotilla/core'
import { Raft } from '@flotilla/core'
import { describe, expect, test } from 'vitest'
import { simulate } from '../driver/run.ts'
import type { MakeRaft, RaftLike } from '../world/node.ts'
import { nothing } from './host-bugs.ts'

interface Fault {
  /** What the node finds on its disk. */
  readonly setup?: (setup: RaftConfig) => RaftConfig
  readonly input?: (input: Input, raft: Raft) => Input
  readonly message?: (message: Message, raft: Raft) => Message | undefined
  readonly output?: (output: Output, raft: Raft) => Output
}

function broken({ setup: change, input: into, message: heard, output: out }: Fault): MakeRaft {
  return setup => {
    const raft = new Raft(change?.(setup) ?? setup)
    return {
      step: (input: Input, now: number): Outcome => raft.step(into?.(input, raft) ?? input, now),
      propose: (data, now) => raft.propose(data, now),
      proposeAll: (commands, now) => raft.proposeAll(commands, now),
      receive: (message: Message, now: number): void => {
        const what = heard === undefined ? message : heard(message, raft)
        if (what !== undefined) raft.receive(what, now)
      },
      drain: (): Output | undefined => {
        const output = raft.drain()
        return output === undefined ? undefined : (out?.(output, raft) ?? output)
      },
      get deadline(): number {
        return raft.deadline
      },
      status: (): RaftStatus => raft.status(),
    } satisfies RaftLike
  }
}

interface Planted {
  readonly what: string
  readonly fault: Fault
  readonly caughtBy: readonly string[]
}

const heartbeats = new WeakMap<Raft, number>()

const planted: readonly Planted[] = [
  {
    what: 'a host that sends what should wait for the disk at once',
    fault: {
      output: output => ({
        ...output,
        sendNow: [...output.sendNow, ...output.sendWhenDurable],
        sendWhenDurable: [],
      }),
    },
    caughtBy: ['Vote Durability', 'Term Monotone', 'Persist Before Acknowledge'],
  },
  {
    what: 'a host that acknowledges entries before they are durable',
    fault: {
      output: output => {
        const isAnswer = ({ type }: Message): boolean => type === 'AppendEntriesResult'
        return {
          ...output,
          sendNow: [...output.sendNow, ...output.sendWhenDurable.filter(isAnswer)],
          sendWhenDurable: output.sendWhenDurable.filter(message => !isAnswer(message)),
        }
      },
    },
    caughtBy: ['Term Monotone', 'Persist Before Acknowledge'],
  },
  {
    what: 'a host that loses its vote in a restart',
    fault: { setup: setup => ({ ...setup, recovered: { ...setup.recovered, votedFor: undefined } }) },
    caughtBy: ['Vote Durability', 'Election Safety'],
  },
  {
    what: 'a host that loses its last entry in a restart',
    fault: {
      setup: setup => ({ ...setup, recovered: { ...setup.recovered, entries: setup.recovered.entries.slice(0, -1) } }),
    },
    caughtBy: ['Index Order', 'Log Matching', 'Durable Quorum', 'Leader Completeness'],
  },
  {
    what: 'a disk that never truncates',
    fault: {
      output: output =>
        output.persist === undefined ? output : { ...output, persist: { ...output.persist, truncateFrom: 0 } },
    },
    caughtBy: ['Log Matching', 'Index Order', 'Persist Unit'],
  },
  {
    what: 'a leader that believes more of its followers than they said',
    fault: {
      message: (message, raft) =>
        message.type === 'AppendEntriesResult' && message.success && message.matchIndex < raft.status().lastIndex
          ? { ...message, matchIndex: message.matchIndex + 1 }
          : message,
    },
    caughtBy: ['Match Index', 'Durable Quorum'],
  },
  {
    what: 'a candidate that takes every answer for a vote',
    fault: {
      message: message => (message.type === 'RequestVoteResult' ? { ...message, granted: true } : message),
    },
    caughtBy: ['Configuration', 'Election Safety'],
  },
  {
    what: 'a host that applies an entry twice',
    fault: {
      output: output => {
        const [first] = output.committed
        return first === undefined || first.index % 7 !== 0
          ? output
          : { ...output, committed: [first, ...output.committed] }
      },
    },
    caughtBy: ['State Machine Safety'],
  },
  {
    what: 'a snapshot that carries the configuration in force instead of the one at its index',
    fault: {
      output: (output, raft) => {
        const { persist } = output
        if (persist?.snapshot === undefined) return output
        const snapshot = { ...persist.snapshot, configuration: raft.status().configuration }
        return { ...output, persist: { ...persist, snapshot } }
      },
    },
    caughtBy: ['Snapshot Equality'],
  },
  {
    what: 'nodes that cannot hear a vote',
    fault: {
      message: message => (message.type === 'RequestVoteResult' ? undefined : message),
    },
    caughtBy: ['Liveness'],
  },
  {
    what: 'a leader that steps down now and then for no reason',
    fault: {
      input: (input, raft) => {
        const { role, configuration } = raft.status()
        if (input.type !== 'tick' || role !== 'leader' || configuration.voters.length === 1) return input
        const beats = (heartbeats.get(raft) ?? 0) + 1
        heartbeats.set(raft, beats)
        return beats % 50 === 0 ? { type: 'resume' } : input
      },
    },
    caughtBy: ['Stability'],
  },
  {
    what: 'a leader that asks for every vote twice',
    fault: {
      output: output => {
        const twice = (messages: readonly Message[]): Message[] =>
          messages.flatMap((message): Message[] => (message.type === 'RequestVote' ? [message, message] : [message]))
        return { ...output, sendNow: twice(output.sendNow), sendWhenDurable: twice(output.sendWhenDurable) }
      },
    },
    caughtBy: ['No Storm'],
  },
]

/** A leader that answers reads from what it has, asking nobody whether it still leads (dissertation §6.4 says why not). */
const readsLocally: MakeRaft = setup => {
  const raft = new Raft(setup)
  const asked: number[] = []
  return {
    propose: (data, now) => raft.propose(data, now),
    proposeAll: (commands, now) => raft.proposeAll(commands, now),
    receive: (message, now) => raft.receive(message, now),
    step: (input, now) => {
      if (input.type !== 'read' || raft.status().role !== 'leader') return raft.step(input, now)
      asked.push(input.id)
      return { kind: 'done' }
    },
    drain: () => {
      const output = raft.drain()
      if (asked.length === 0) return output
      const index = raft.status().lastApplied
      const reads = asked.splice(0).map(id => ({ id, kind: 'ready', index }) as const)
      return { ...(output ?? nothing), reads: [...(output?.reads ?? []), ...reads] }
    },
    get deadline() {
      return raft.deadline
    },
    status: () => raft.status(),
  }
}

describe('planted bugs', () => {
  const caught = (makeRaft: MakeRaft, caughtBy: readonly string[]): void => {
    let property: string | undefined
    let seed = 0
    while (property === undefined && seed < 2000) property = simulate(++seed, { makeRaft }).violations[0]?.property
    expect(caughtBy, `seed ${seed}: ${property}`).toContain(property)
  }

  for (const { what, fault, caughtBy } of planted) {
    test(`${what} is caught`, () => caught(broken(fault), caughtBy))
  }

  test('a leader that reads locally is caught', () => caught(readsLocally, ['Read Rounds', 'Linearizable Reads']))
})
