import type { Outcome } from '@flotilla/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ProposalFate } from '../api.ts'
import { type TestNode, TestRoom } from '../fixtures/room.ts'
import { manualClock } from '../time/manual-clock.ts'
import type { ProposeAnswer } from '../wire/frame.ts'
import { FateTeller } from './proposal-fate.ts'
import { Proposals } from './proposals.ts'
import { Requests } from './requests.ts'

let room = new TestRoom()
afterEach(async () => {
  await Promise.all(room.nodes.map(({ cluster }) => cluster.close()))
})

async function settled(): Promise<TestNode> {
  room = new TestRoom()
  await room.settled(3)
  return room.mustLead()
}

/** Proposes, and remembers every fate. A rejection is expected to be of the kind given. */
function propose(node: TestNode, line: string, options: { timeoutMs?: number; rejects?: string } = {}) {
  const { rejects, ...rest } = options
  const fates: ProposalFate[] = []
  const promise = node.cluster.propose(line, { ...rest, onFate: fate => void fates.push(fate) })
  const done: Promise<unknown> =
    rejects === undefined ? promise : expect(promise).rejects.toMatchObject({ kind: rejects })
  return { fates, kinds: () => fates.map(({ kind }) => kind), done }
}

describe('the fate of a proposal', () => {
  it.each(['leader', 'follower'] as const)('at the %s: queued, appended, committed, applied', async where => {
    const leader = await settled()
    const node = where === 'leader' ? leader : room.followers()[0]
    if (node === undefined) throw new Error('no follower')
    const { fates, done } = propose(node, 'a')
    expect(fates).toEqual([{ kind: 'queued' }])
    await room.done(done)
    const { index, term } = { index: node.cluster.status().lastIndex, term: node.cluster.status().term }
    expect(fates).toEqual([
      { kind: 'queued' },
      { kind: 'appended', index, term },
      { kind: 'committed', index, term },
      { kind: 'applied', index, term },
    ])
  })

  it('is told stage by stage: appended while nobody else has it, committed while the own disk is slow', async () => {
    const leader = await settled()
    await room.done(room.write(leader, 'a session is open'))
    for (const { faults } of room.followers()) faults.linkDelayMs = 100
    leader.faults.writeDelayMs = 1_000
    const { kinds, done } = propose(leader, 'slow')
    await room.until(() => kinds().includes('appended'), 'appended')
    expect(kinds()).toEqual(['queued', 'appended'])
    await room.until(() => kinds().includes('committed'), 'committed')
    expect(kinds()).toEqual(['queued', 'appended', 'committed'])
    await room.done(done)
    expect(kinds()).toEqual(['queued', 'appended', 'committed', 'applied'])
  })

  it('is applied also where the state machine rejects the command', async () => {
    const leader = await settled()
    const { kinds, done } = propose(leader, 'no thanks', { rejects: 'Rejected' })
    await room.done(done)
    expect(kinds().at(-1)).toBe('applied')
  })

  it('is to be appended anew where another leader led on without it', async () => {
    const leader = await settled()
    await room.done(room.write(leader, 'a session is open'))
    const others = room.followers()
    room.cut([leader], others)
    const { fates, done } = propose(leader, 'twice')
    await room.until(() => room.leader(others) !== undefined, 'the others elect a leader')
    const winner = room.mustLead(others)
    await room.done(room.write(winner, 'meanwhile'))
    room.heal()
    await room.done(done)
    const [first, second] = fates.filter(({ kind }) => kind === 'appended')
    if (first?.kind !== 'appended' || second?.kind !== 'appended') throw new Error('appended twice')
    expect(second.index).toBeGreaterThan(first.index)
    expect(second.term).toBeGreaterThan(first.term)
    expect(fates.at(-1)).toEqual({ kind: 'applied', index: second.index, term: second.term })
    expect(winner.chronicle.lines.filter(line => line === 'twice')).toHaveLength(1)
  })

  it('is abandoned as NotLeader when no leader took it', async () => {
    const leader = await settled()
    const [client, other] = room.followers()
    if (client === undefined) throw new Error('no follower')
    leader.cluster.crash()
    other?.cluster.crash()
    await room.until(() => client.cluster.status().leader === undefined, 'no leader is known')
    const { fates, done } = propose(client, 'to nobody', { timeoutMs: 2_000, rejects: 'Timeout' })
    await room.done(done)
    expect(fates).toEqual([{ kind: 'queued' }, { kind: 'abandoned', reason: 'NotLeader' }])
  })

  it('is abandoned as Unknown when it stands in a log that may still win', async () => {
    const leader = await settled()
    await room.done(room.write(leader, 'a session is open'))
    room.cut([leader], room.followers())
    const { fates, kinds, done } = propose(leader, 'in doubt', { timeoutMs: 2_000, rejects: 'Timeout' })
    await room.done(done)
    expect(kinds()).toEqual(['queued', 'appended', 'abandoned'])
    expect(fates.at(-1)).toEqual({ kind: 'abandoned', reason: 'Unknown' })
  })

  it('is abandoned as Unknown when the node crashes with the command in its log, and as NotLeader before', async () => {
    const leader = await settled()
    await room.done(room.write(leader, 'a session is open'))
    room.cut([leader], room.followers())
    const sent = propose(leader, 'in its log', { rejects: 'Crashed' })
    leader.cluster.crash()
    await room.done(sent.done)
    expect(sent.fates.at(-1)).toEqual({ kind: 'abandoned', reason: 'Unknown' })
  })

  // Thrown in a microtask, it ended the process under Node.
  it('does not hurt the node when the listener throws or rejects: the error is shown, and no more', async () => {
    const shown = vi.spyOn(console, 'error').mockImplementation(() => {})
    const told: string[] = []
    const teller = new FateTeller(({ kind }) => {
      told.push(kind)
      if (kind === 'committed') return Promise.reject(new Error('the listener’s own'))
      throw new Error('the listener’s own')
    })
    teller.applied(3, 1)
    expect(told).toEqual(['queued', 'appended', 'committed', 'applied'])
    await vi.waitFor(() => expect(shown).toHaveBeenCalledTimes(4))
    shown.mockRestore()
  })
})

describe('a proposal that a leader took and lost', () => {
  function client() {
    const clock = manualClock()
    let outcome: Outcome = { kind: 'command', index: 1, term: 1, data: new Uint8Array() }
    let settle: (answer: ProposeAnswer) => void = () => undefined
    const requests = new Requests({
      firstId: 1,
      clock,
      retryAfterMs: 1_000,
      backOffMs: 100,
      propose: (_data, told) => {
        if (outcome.kind === 'command') settle = told
        return outcome
      },
      proposeAll: () => ({ kind: 'NotLeader', leader: undefined }),
      send: () => undefined,
      peers: () => new Set(),
      isMember: () => true,
    })
    const proposals = new Proposals(clock, requests)
    const fates: ProposalFate[] = []
    const promise = proposals.propose(new Uint8Array(), 5_000, fate => void fates.push(fate))
    settle({ kind: 'applied', index: 1, term: 1, result: new Uint8Array() })
    return {
      clock,
      fates,
      promise,
      answer: (answer: ProposeAnswer) => settle(answer),
      isDeposed: () => {
        outcome = { kind: 'NotLeader', leader: undefined }
      },
    }
  }

  it('is abandoned as Superseded when other entries were committed in its place, and nobody takes it again', async () => {
    const { clock, fates, promise, answer, isDeposed } = client()
    isDeposed()
    answer({ kind: 'unknown' })
    answer({ kind: 'superseded' })
    const rejected = expect(promise).rejects.toMatchObject({ kind: 'Timeout' })
    clock.advance(5_000)
    await rejected
    expect(fates).toEqual([{ kind: 'queued' }, { kind: 'abandoned', reason: 'Superseded' }])
  })

  it('is abandoned as Unknown as long as that is not known', async () => {
    const { clock, fates, promise, answer, isDeposed } = client()
    isDeposed()
    answer({ kind: 'unknown' })
    const rejected = expect(promise).rejects.toMatchObject({ kind: 'Timeout' })
    clock.advance(5_000)
    await rejected
    expect(fates.at(-1)).toEqual({ kind: 'abandoned', reason: 'Unknown' })
  })
})
