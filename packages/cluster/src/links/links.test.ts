import type { AppendEntries, NodeId, TraceBody } from '@flotilla/core'
import { describe, expect, it } from 'vitest'
import { TestFaults } from '../fixtures/room.ts'
import { manualClock } from '../time/manual-clock.ts'
import type { Lane, Transport } from '../transport.ts'
import { decodeFrame, encodeFrame } from '../wire/codec.ts'
import type { FrameBody } from '../wire/frame.ts'
import { NO_CLUSTER } from '../wire/identity.ts'
import { type LinkEffects, Links, MAX_BAD_FRAMES } from './links.ts'

const OURS = '1'.repeat(32)
const THEIRS = '2'.repeat(32)

/** Links of node A, with B up, and a note of everything that passes. */
function linksOf({ clusterId }: { clusterId: string | undefined } = { clusterId: OURS }) {
  const clock = manualClock()
  const faults = new TestFaults()
  const passed: string[] = []
  const sent: { to: NodeId; lane: Lane; frame: Uint8Array }[] = []
  const traced: TraceBody[] = []
  const alive = { value: true }
  const heard = { value: true }
  const transport: Transport = {
    open: async () => undefined,
    close: async () => undefined,
    peers: () => ['B'],
    send: (to, frame, lane) => sent.push({ to, lane, frame }),
  }
  const effects: LinkEffects = {
    isAlive: () => alive.value,
    hears: () => heard.value,
    believes: () => 'taken',
    tells: () => heard.value,
    onMessage: ({ type }) => passed.push(type),
    onClientFrame: (from, { kind }) => passed.push(`${kind} from ${from}`),
    wasOurs: () => false,
    onLeftBehind: () => undefined,
    onObserve: (_from, payload) => passed.push(`observe ${payload.byteLength}`),
    onAdopted: id => passed.push(`adopt ${id}`),
    onStrangers: () => passed.push('strangers'),
    onIgnored: () => passed.push('ignored'),
    trace: body => traced.push(body),
  }
  const links = new Links({
    self: 'A',
    transport,
    clock,
    faults,
    tracing: () => true,
    clusterId: () => clusterId,
    effects,
  })
  links.setUp('B', true)
  const receive = (body: FrameBody, id = OURS): void => links.receive('B', encodeFrame({ clusterId: id, body }))
  return { clock, faults, links, passed, sent, traced, alive, heard, receive }
}

const append = (from: NodeId, to: NodeId, entries = 0): AppendEntries => ({
  type: 'AppendEntries',
  from,
  to,
  term: 3,
  prevLogIndex: 4,
  prevLogTerm: 3,
  entries: Array.from({ length: entries }, (_, i) => ({ index: 5 + i, term: 3, kind: 'noop', data: null })),
  leaderCommit: 4,
  round: 1,
})
const raft = (sequence = 7): FrameBody => ({ kind: 'raft', sequence, message: append('B', 'A') })

describe('who is not listened to', () => {
  it('may ask to be let in and nothing else, and is not told what goes on', () => {
    const { links, passed, sent, heard, receive } = linksOf()
    heard.value = false
    receive(raft())
    receive({ kind: 'observe', payload: new Uint8Array(1) })
    receive({ kind: 'propose', request: 1, data: new Uint8Array(2) })
    receive({ kind: 'change', request: 1, again: false, change: { type: 'addVoter', id: 'B' } })
    expect(passed).toEqual([])
    receive({ kind: 'join' })
    expect(passed).toEqual(['join from B'])
    links.observe('B', new Uint8Array(1))
    expect(sent).toEqual([])
  })
})

describe('frames from another cluster', () => {
  it('are dropped, whatever they are; a Join may come from a node that belongs nowhere', () => {
    const { links, passed, receive, traced } = linksOf()
    receive(raft(), THEIRS)
    receive({ kind: 'propose', request: 1, data: new Uint8Array(3) }, THEIRS)
    receive({ kind: 'goodbye' }, THEIRS)
    receive({ kind: 'join' }, THEIRS)
    receive({ kind: 'observe', payload: new Uint8Array(2) }, THEIRS)
    expect(passed).toEqual(['strangers'])
    expect(links.foreignFrames).toBe(4)
    expect(traced).toContainEqual(expect.objectContaining({ type: 'dropped', reason: 'another cluster' }))
    receive({ kind: 'join' }, NO_CLUSTER)
    receive({ kind: 'goodbye' }, NO_CLUSTER)
    expect(passed.slice(1)).toEqual(['strangers', 'join from B'])
  })

  it('tell that somebody in reach belongs to another cluster, until that one is gone or belongs to ours', () => {
    const { links, passed, receive } = linksOf()
    links.setUp('B', true)
    receive({ kind: 'goodbye' }, THEIRS)
    receive({ kind: 'goodbye' }, THEIRS)
    expect([[...links.strangers], passed]).toEqual([['B'], ['strangers']])
    receive({ kind: 'goodbye' })
    expect([...links.strangers]).toEqual([])
    receive({ kind: 'observe', payload: new Uint8Array(2) }, THEIRS)
    links.setUp('B', false)
    expect([...links.strangers]).toEqual([])
  })

  it('tell a node that belongs nowhere where it is, if they are a leader’s or a candidate’s; nothing of them is believed yet', () => {
    const { passed, receive } = linksOf({ clusterId: undefined })
    receive({ kind: 'goodbye' }, THEIRS)
    const vote = { type: 'RequestVoteResult', from: 'B', to: 'A', term: 3, granted: true } as const
    receive({ kind: 'raft', sequence: 1, message: vote }, THEIRS)
    expect(passed).toEqual([])
    receive(raft(), THEIRS)
    expect(passed.splice(0)).toEqual([`adopt ${THEIRS}`])
    const ask = {
      type: 'RequestPreVote',
      from: 'B',
      to: 'A',
      term: 3,
      nextTerm: 4,
      lastLogIndex: 2,
      lastLogTerm: 1,
    } as const
    receive({ kind: 'raft', sequence: 2, message: ask }, THEIRS)
    expect(passed).toEqual([`adopt ${THEIRS}`])
  })
})

describe('a cut link', () => {
  it('swallows what goes out, what comes in and what is under way, but not what watchers say', () => {
    const { clock, faults, links, passed, sent, receive, traced } = linksOf()
    faults.linkDelayMs = 100
    links.sendMessage(append('A', 'B'))
    faults.cut.add('B')
    links.sendMessage(append('A', 'B'))
    links.sendFrame('B', { kind: 'goodbye' })
    receive(raft())
    receive({ kind: 'join' })
    clock.advance(200)
    expect(sent).toEqual([])
    expect(passed).toEqual([])
    expect(traced.filter(({ type }) => type === 'dropped')).toHaveLength(3)
    expect(traced).toContainEqual({ type: 'cut', peers: ['B'] })
    links.observe('B', new Uint8Array(1))
    receive({ kind: 'observe', payload: new Uint8Array(2) })
    expect(sent).toHaveLength(1)
    expect(passed).toEqual(['observe 2'])
  })
})

describe('a delayed link', () => {
  it('keeps the order of a lane, also when the delay shrinks, and lets the urgent overtake', () => {
    const { clock, faults, links, sent } = linksOf()
    const sequences = () =>
      sent.map(({ lane, frame }) => {
        const decoded = decodeFrame(frame, 'A', 'B')
        return decoded.ok && decoded.value.body.kind === 'raft' ? `${lane} ${decoded.value.body.sequence}` : '?'
      })
    faults.linkDelayMs = 100
    links.sendMessage(append('A', 'B', 1))
    faults.linkDelayMs = 10
    links.sendMessage(append('A', 'B', 1))
    links.sendMessage(append('A', 'B'))
    clock.advance(10)
    expect(sequences()).toEqual(['urgent 2'])
    clock.advance(90)
    expect(sequences()).toEqual(['urgent 2', 'normal 0', 'normal 1'])
  })

  it('lets TimeoutNow stay behind the entries that its receiver needs to win', () => {
    const { links, sent } = linksOf()
    links.sendMessage(append('A', 'B', 1))
    links.sendMessage({ type: 'TimeoutNow', from: 'A', to: 'B', term: 1 })
    expect(sent.map(({ lane }) => lane)).toEqual(['normal', 'normal'])
  })

  it('is emptied at once, in order, when the tab closes', () => {
    const { faults, links, sent } = linksOf()
    faults.linkDelayMs = 100
    links.sendMessage(append('A', 'B', 1))
    links.sendFrame('B', { kind: 'join' })
    links.hurry()
    expect(sent.map(({ lane }) => lane)).toEqual(['normal', 'normal'])
  })
})

describe('frames of another version', () => {
  it('name who sends them, until one can be read or the link is gone', () => {
    const { links, receive } = linksOf()
    links.receive('B', Uint8Array.of(99, 1))
    expect([...links.otherVersions]).toEqual(['B'])
    receive({ kind: 'goodbye' })
    expect([...links.otherVersions]).toEqual([])
    links.receive('B', Uint8Array.of(99, 1))
    links.setUp('B', false)
    expect([...links.otherVersions]).toEqual([])
  })
})

describe('a relayed link', () => {
  it('is known as such, and told only when that changes', () => {
    const { links } = linksOf()
    expect([links.setRelayed('B', true), links.setRelayed('B', true)]).toEqual([true, false])
    expect([...links.relayed]).toEqual(['B'])
    expect([links.setRelayed('B', false), links.relayed.size]).toEqual([true, 0])
  })
})

describe('bytes that are no frame', () => {
  it('are counted by what is wrong with them, and a peer that keeps sending them is not listened to', () => {
    const { links, passed, receive } = linksOf()
    for (let i = 0; i < MAX_BAD_FRAMES; i++) links.receive('B', Uint8Array.of(99, i))
    expect(links.badFrames.get('UnknownVersion')).toBe(MAX_BAD_FRAMES)
    receive(raft())
    expect(passed).toEqual(['strangers', 'ignored'])
    expect([...links.ignored]).toEqual(['B'])
    links.setUp('B', false)
    links.setUp('B', true)
    receive(raft())
    expect(passed).toEqual(['strangers', 'ignored', 'ignored', 'strangers', 'AppendEntries'])
  })
})

describe('the trace of a message', () => {
  it('has one name at both ends', () => {
    const a = linksOf()
    a.links.startFrom(3 * 2 ** 32)
    a.links.sendMessage(append('A', 'B'))
    expect(a.traced).toContainEqual(
      expect.objectContaining({ type: 'sent', message: expect.objectContaining({ id: 'A:3:0', size: 0, index: 4 }) }),
    )
    a.receive(raft(5 * 2 ** 32 + 8))
    expect(a.traced).toContainEqual(
      expect.objectContaining({ type: 'delivered', message: expect.objectContaining({ id: 'B:5:8' }) }),
    )
  })

  it('says that it was dropped where there is no link, and where the node has crashed', () => {
    const { links, alive, receive, traced } = linksOf()
    links.sendMessage(append('A', 'C'))
    alive.value = false
    receive(raft())
    expect(traced.flatMap(body => (body.type === 'dropped' ? [body.reason] : []))).toEqual(['no link', 'crashed'])
  })
})
