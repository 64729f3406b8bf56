import type { EntrySummary, TraceBody, TraceEvent } from '@flotilla/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catchUp } from './catch-up.ts'
import { Script } from './fixtures/script.ts'
import { entriesBetween, entryAt } from './log-view.ts'
import { reduce, reduceNode } from './reduce.ts'
import { isCut, quorumOf, seats } from './roster.ts'
import { type ClusterView, emptyView, type NodeView, nameOf, unheardNode } from './view.ts'

const see = (events: readonly TraceEvent[], from: ClusterView = emptyView) => events.reduce(reduce, from)
const of = (view: ClusterView, id: string): NodeView => view.nodes.get(id) ?? unheardNode(id)
const command = (index: number, term: number, text = `x ← ${index}`): EntrySummary => ({
  index,
  term,
  kind: 'command',
  text,
})
const node = (events: readonly TraceBody[]) =>
  events.map(body => ({ ...body, node: 'a', at: 0 })).reduce(reduceNode, unheardNode('a'))

describe('reduce', () => {
  it('follows an election to its end: role, term, votes and the leader, at every node', () => {
    const view = see(new Script(['a', 'b', 'c']).elect('b').events)
    expect(of(view, 'b')).toMatchObject({ role: 'leader', term: 1, votedFor: 'b', leader: 'b', commitIndex: 1 })
    expect(of(view, 'b').votes.map(vote => vote.from)).toEqual(['b', 'a', 'c'])
    expect(of(view, 'a')).toMatchObject({ role: 'follower', term: 1, votedFor: 'b', leader: 'b' })
    expect(of(view, 'b').progress.get('c')).toEqual({ matchIndex: 1, nextIndex: 2, state: 'replicate' })
    expect(nameOf(view, 'c')).toBe('S3')
  })

  it('forgets the vote and the counted votes when a higher term is seen', () => {
    const after = node([
      { type: 'vote', term: 2, candidate: 'a', granted: true, preVote: false, reason: '' },
      { type: 'term', term: 3, reason: '' },
    ])
    expect(after).toMatchObject({ term: 3, votedFor: undefined, votes: [] })
  })

  it('does not take a pre-vote for a vote (dissertation §9.6)', () => {
    const after = node([{ type: 'vote', term: 5, candidate: 'b', granted: true, preVote: true, reason: '' }])
    expect(after).toMatchObject({ term: 0, votedFor: undefined })
  })

  it('shows an entry as durable only when the write that holds it is', () => {
    const appended = node([
      { type: 'appended', entries: [command(1, 1), command(2, 1)] },
      { type: 'persisting', token: 1, lastIndex: 1 },
      { type: 'durable', token: 1, lastIndex: 1, term: 1, votedFor: undefined },
    ])
    expect(appended.log).toMatchObject({ lastIndex: 2, durableIndex: 1 })
  })

  it('does not count the write of a truncated entry for the one that replaced it', () => {
    const after = node([
      { type: 'appended', entries: [command(1, 1), command(2, 1)] },
      { type: 'persisting', token: 1, lastIndex: 2 },
      { type: 'truncated', from: 2, reason: 'terms differ' },
      { type: 'appended', entries: [command(2, 2)] },
      { type: 'durable', token: 1, lastIndex: 2, term: 1, votedFor: undefined },
    ])
    expect(after.log).toMatchObject({ lastIndex: 2, durableIndex: 1 })
  })

  it('loses at a crash what was not durable', () => {
    const after = node([
      {
        type: 'started',
        term: 1,
        votedFor: 'a',
        snapshotIndex: 0,
        snapshotTerm: 0,
        entries: [command(1, 1)],
        configuration: of(emptyView, 'a').configuration,
      },
      { type: 'appended', entries: [command(2, 1)] },
      { type: 'crashed', reason: '' },
    ])
    expect(after).toMatchObject({ life: 'crashed', log: { lastIndex: 1, durableIndex: 1 } })
  })

  it('keeps the tail of its log when it takes a snapshot, and nothing when it is given one from beyond it', () => {
    const appended: TraceBody = { type: 'appended', entries: [command(1, 1), command(2, 1), command(3, 2)] }
    const taken = node([appended, { type: 'snapshot', action: 'taken', index: 2, term: 1 }])
    expect(taken.log).toMatchObject({ firstIndex: 3, lastIndex: 3, snapshotIndex: 2 })
    const installed = node([appended, { type: 'snapshot', action: 'installed', index: 9, term: 4 }])
    expect(installed).toMatchObject({ commitIndex: 9, log: { firstIndex: 10, lastIndex: 9, durableIndex: 9 } })
  })

  it('tolerates a missing beginning: entries that start in the middle', () => {
    const after = node([
      { type: 'appended', entries: [command(40, 3)] },
      { type: 'committed', index: 40, reason: '' },
    ])
    expect(after.log).toMatchObject({ firstIndex: 40, lastIndex: 40 })
    expect(entryAt(after.log, 39)).toBeUndefined()
    expect(entryAt(after.log, 40)?.term).toBe(3)
  })

  it('gives back the same view when nothing of the structure changed, so that nothing renders', () => {
    const view = see(new Script(['a', 'b', 'c']).elect('b').events)
    expect(reduce(view, { type: 'timer', startedAt: 1, deadline: 2, reason: '', node: 'a', at: 1 })).toBe(view)
    expect(reduce(view, { type: 'committed', index: 1, reason: '', node: 'a', at: 1 })).toBe(view)
  })

  it('reaches the same view whichever node is heard first', () => {
    const { events } = new Script(['a', 'b', 'c']).elect('a').write('x ← 1').crash('a').elect('b', ['c']).write('x ← 2')
    const byNode = ['c', 'a', 'b'].flatMap(id => events.filter(event => event.node === id))
    expect(see(byNode).nodes.get('b')).toEqual(see(events).nodes.get('b'))
    expect(new Map([...see(byNode).nodes].sort())).toEqual(new Map([...see(events).nodes].sort()))
  })

  it('keeps any log equal to a plain array under any appends and truncations', () => {
    const step = fc.record({ cut: fc.option(fc.nat(700), { nil: undefined }), add: fc.nat(400) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), steps => {
        const plain: EntrySummary[] = []
        let view = unheardNode('a')
        steps.forEach(({ cut, add }, term) => {
          if (cut !== undefined && cut < plain.length) {
            plain.length = cut
            view = reduceNode(view, { type: 'truncated', from: cut + 1, reason: '', node: 'a', at: 0 })
          }
          const entries = Array.from({ length: add }, (_, i) => command(plain.length + 1 + i, term))
          plain.push(...entries)
          view = reduceNode(view, { type: 'appended', entries, node: 'a', at: 0 })
        })
        expect(view.log.lastIndex).toBe(plain.length)
        expect(entriesBetween(view.log, 1, plain.length)).toEqual(plain)
      }),
    )
  })
})

describe('catching up a late watcher', () => {
  it('tells, in trace events, exactly the view that the early ones have', () => {
    const script = new Script(['a', 'b', 'c']).elect('a').write('x ← 1').crash('c').append('x ← 2').cut(['b'])
    const early = see(script.events)
    const late = see([...early.nodes.values()].flatMap(n => catchUp(n, 0)))
    for (const id of ['a', 'b', 'c']) {
      const { log, ...rest } = of(early, id)
      const { log: lateLog, ...lateRest } = of(late, id)
      expect(lateRest).toEqual(rest)
      expect(entriesBetween(lateLog, 1, lateLog.lastIndex)).toEqual(entriesBetween(log, 1, log.lastIndex))
      expect(lateLog.durableIndex).toBe(log.durableIndex)
    }
  })

  it('tells at most the last thousand entries of a long log', () => {
    const long = reduceNode(unheardNode('a'), {
      type: 'appended',
      entries: Array.from({ length: 5_000 }, (_, i) => command(i + 1, 1)),
      node: 'a',
      at: 0,
    })
    const late = see(catchUp(long, 0))
    expect(of(late, 'a').log).toMatchObject({ firstIndex: 4_001, lastIndex: 5_000 })
  })
})

describe('the roster', () => {
  it('seats members in the order of their names and newcomers after them', () => {
    const script = new Script(['c', 'a', 'b']).elect('a').arrival('aa')
    expect(seats(see(script.events), 'a').map(seat => [seat.name, seat.standing])).toEqual([
      ['S1', 'follower'],
      ['S2', 'leader'],
      ['S3', 'follower'],
      ['new', 'joining'],
    ])
  })

  it('tells a crashed node from a closed tab', () => {
    const script = new Script(['a', 'b', 'c']).elect('a').crash('b').close('c')
    expect(seats(see(script.events), 'a').map(seat => seat.presence)).toEqual(['here', 'crashed', 'closed'])
  })

  it('takes a goodbye for the last word, though the channel still looks open', () => {
    // Of tabs that closed together some stayed "follower" for as long as the browser kept their channels.
    const script = new Script(['a', 'b', 'c']).elect('a').emit('b', { type: 'stopped' }).emit('c', { type: 'stopped' })
    expect(seats(see(script.events), 'a').map(seat => seat.presence)).toEqual(['here', 'closed', 'closed'])
  })

  it('says plainly who is missing when the majority is lost', () => {
    const script = new Script(['a', 'b', 'c', 'd', 'e']).elect('a').crash('e').cut(['a', 'b'])
    const view = see(script.events)
    expect(isCut(view, 'a', 'c')).toBe(true)
    expect(isCut(view, 'a', 'b')).toBe(false)
    expect(quorumOf(view, 'a')).toEqual({
      voters: 5,
      needed: 3,
      reachable: 2,
      lost: true,
      missing: [
        { id: 'c', why: 'cut' },
        { id: 'd', why: 'cut' },
        { id: 'e', why: 'crashed' },
      ],
    })
  })

  it('counts voters only: a learner more does not make a majority', () => {
    const script = new Script(['a', 'b', 'c']).elect('a').arrival('d').change('addLearner', 'd').replicate()
    script.crash('b').crash('c')
    expect(quorumOf(see(script.events), 'a')).toMatchObject({ voters: 3, reachable: 1, lost: true })
  })
})
