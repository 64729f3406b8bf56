import { type Configuration, initialConfiguration } from '@flotilla/core'
import { describe, expect, it } from 'vitest'
import { Script } from './fixtures/script.ts'
import { reduce } from './reduce.ts'
import { electorateOf, isBehindCuts, isBeyondMending, isSilent, quorumOf, seats, survivedBy } from './roster.ts'
import { type ClusterView, emptyView } from './view.ts'

const room = (): Script => new Script(['a', 'b', 'c'], 20).elect('a')
const seenFromA = ({ events }: Script): ReturnType<typeof quorumOf> => quorumOf(events.reduce(reduce, emptyView), 'a')

describe('a majority that is missing', () => {
  it('is beyond mending when the tabs are closed', () => {
    const quorum = seenFromA(room().close('b').close('c'))
    expect(quorum.missing.map(({ why }) => why)).toEqual(['closed', 'closed'])
    expect(isBeyondMending(quorum)).toBe(true)
  })

  it('is not while healing links, or starting a crashed node, would bring it back', () => {
    const parted = seenFromA(room().cut(['b', 'c']))
    expect(parted.lost).toBe(true)
    expect(isBeyondMending(parted)).toBe(false)
    const crashed = seenFromA(room().close('b').crash('c'))
    expect(crashed.lost).toBe(true)
    expect(isBeyondMending(crashed)).toBe(false)
  })

  it('is none while there is one', () => {
    expect(isBeyondMending(seenFromA(room().close('b')))).toBe(false)
  })
})

describe('what a room survives', () => {
  it('is told from those who are there now', () => {
    const of = (script: Script) => survivedBy(seenFromA(script))
    expect([of(room()), of(room().close('b')), of(room().close('b').crash('c'))]).toEqual([1, 0, undefined])
    expect(of(new Script(['a', 'b', 'c', 'd', 'e']).close('b'))).toBe(1)
  })

  it('is said of now where somebody is away', async () => {
    const [en, de] = [(await import('../words/en/live.ts')).words, (await import('../words/de/live.ts')).words]
    expect(en.members(3, 1, 1)).toBe('3 voters, 1 learner: survives 1 crash.')
    expect(en.votersAway(3, 1, 0)).toBe('3 voters, 1 away: survives no crash now.')
    expect(en.votersAway(5, 1, 1)).toBe('5 voters, 1 away: survives 1 more crash.')
    expect(en.votersAway(3, 2, undefined)).toBe('3 voters, 2 away: no majority.')
    expect(de.votersAway(3, 1, 0)).toBe('3 Wähler, 1 fehlt: keiner darf ausfallen.')
    expect(de.votersAway(7, 1, 2)).toBe('7 Wähler, 1 fehlt: 2 dürfen ausfallen.')
  })
})

describe('a member that is linked and tells nothing, as an edge node does', () => {
  const silent = (script: Script, ...ids: string[]) =>
    script.events.filter(({ node }) => !ids.includes(node)).reduce(reduce, emptyView)
  const seatOf = (view: ClusterView, id: string) => seats(view, 'a').find(({ node }) => node.id === id)

  it('is in reach', () => {
    expect(quorumOf(silent(room(), 'b', 'c'), 'a')).toMatchObject({ reachable: 3, missing: [], lost: false })
  })

  it('is missing once the link is down, or cut here', () => {
    const script = new Script(['a', 'b', 'c']).emit('a', { type: 'link', peer: 'b', up: false })
    const view = silent(script.emit('a', { type: 'cut', peers: ['c'] }), 'b', 'c')
    expect(quorumOf(view, 'a')).toMatchObject({
      lost: true,
      missing: [
        { id: 'b', why: 'unreachable' },
        { id: 'c', why: 'cut' },
      ],
    })
    expect(isBehindCuts(view, 'a', 'c')).toBe(true)
  })

  it('was stopped, for all that is known, when it said goodbye, and is back with a new link', () => {
    const view = reduce(silent(new Script(['a', 'b']).elect('b'), 'b'), { type: 'stopped', node: 'b', at: 0 })
    expect(quorumOf(view, 'a').missing).toEqual([{ id: 'b', why: 'stopped' }])
    const links = [false, true].map(up => ({ type: 'link', peer: 'b', up, node: 'a', at: 0 }) as const)
    expect(quorumOf(links.reduce(reduce, view), 'a').missing).toEqual([])
    // A channel that looks open for long after the goodbye is no return.
    expect(quorumOf(links.slice(1).reduce(reduce, view), 'a').missing).toHaveLength(1)
  })

  it('is followed with its configuration, though another that is out of reach was last heard to lead with an older one', () => {
    const before = new Script(['a', 'b', 'c', 'd']).elect('b')
    const { configuration } = before.actor('a')
    const view = before
      .emit('a', { type: 'link', peer: 'b', up: false })
      .emit('a', { type: 'term', term: 2, reason: '' })
      .emit('a', {
        type: 'configuration',
        index: 9,
        configuration: { ...configuration, voters: ['d'] },
        stage: 'appended',
      })
      .emit('a', { type: 'leader', leader: 'd', term: 2 })
    expect(quorumOf(silent(view, 'd'), 'a')).toMatchObject({ voters: 1, reachable: 1, missing: [], lost: false })
  })

  it('leads in the term in which the others follow it', () => {
    const seat = seatOf(silent(new Script(['a', 'b']).elect('b').write('x ← 1'), 'b'), 'b')
    expect(seat).toMatchObject({ standing: 'leader', node: { heard: false, term: 1, commitIndex: 0 } })
    expect(seat && isSilent(seat)).toBe(true)
  })

  it('votes, and nobody knows more of it, while none follows it in the highest term', () => {
    expect(seatOf(silent(room(), 'b'), 'b')).toMatchObject({ standing: 'voter', node: { term: 0 } })
    const moved = new Script(['a', 'b', 'c']).elect('b').elect('c')
    expect(seatOf(silent(moved, 'b'), 'b')?.standing).toBe('voter')
  })

  it('does not lead any more once the link to it is down', () => {
    const script = new Script(['a', 'b']).elect('b').emit('a', { type: 'link', peer: 'b', up: false })
    expect(seatOf(silent(script, 'b'), 'b')).toMatchObject({ standing: 'voter', presence: 'unreachable' })
  })
})

describe('a node acts by the configuration in its own log', () => {
  const ofFive = initialConfiguration(['a', 'b', 'c', 'd', 'e'])
  const joint: Configuration = { ...ofFive, oldVoters: ['a', 'b', 'c'] }
  /** Three that vote, and two who are let in by a leader that nobody else has heard it from. */
  const growing = (): Script => {
    const script = new Script(['a', 'b', 'c']).arrival('d').arrival('e').elect('a')
    for (const node of ['d', 'e'])
      script.emit(node, { type: 'configuration', index: 2, configuration: joint, stage: 'appended' })
    return script
  }
  const seatOf = ({ events }: Script, id: string, self?: string) =>
    seats(events.reduce(reduce, emptyView), self).find(({ node }) => node.id === id)
  const campaign = { type: 'role', role: 'candidate', term: 2, reason: 'its election timer ran out' } as const

  it('and is drawn by it, though the leader’s is another', () => {
    // They were "joining", while the lesson spoke of one of them as a candidate.
    const script = growing().emit('e', campaign)
    expect(seatOf(script, 'd')?.standing).toBe('follower')
    const seat = seatOf(script, 'e')
    expect(seat?.standing).toBe('candidate')
    expect(seat && electorateOf(seat.node)).toBe(5)
    // Nothing else has come to its log.
    expect(seatOf(growing().arrival('f'), 'f')?.standing).toBe('joining')
  })

  it('and does so no more once that is undone', () => {
    const undone = { index: 0, configuration: initialConfiguration(['a', 'b', 'c']), stage: 'rolledBack' } as const
    expect(seatOf(growing().emit('d', { type: 'configuration', ...undone }), 'd')?.standing).toBe('joining')
  })

  const without = (id: string): Script => {
    const script = new Script(['a', 'b', 'c']).elect('a')
    const configuration = initialConfiguration(['a', 'b', 'c'].filter(each => each !== id))
    for (const node of ['a', 'b', 'c'])
      if (node !== id) script.emit(node, { type: 'configuration', index: 2, configuration, stage: 'appended' })
    return script
  }

  it('also when it was removed, and has not heard of it', () => {
    expect(seatOf(without('c'), 'c')?.standing).toBe('follower')
    expect(seatOf(without('c').emit('c', campaign), 'c', 'a')?.standing).toBe('candidate')
  })

  it('a leader that leaves leads until it steps down', () => {
    const configuration = initialConfiguration(['b', 'c'])
    const leaving = without('a').emit('a', { type: 'configuration', index: 2, configuration, stage: 'appended' })
    expect(seatOf(leaving, 'a')?.standing).toBe('leader')
    const left = leaving.emit('a', { type: 'role', role: 'follower', term: 1, reason: 'it was removed' })
    expect(seatOf(left, 'a')?.standing).toBe('joining')
  })

  it('but what one knew that is away is out of date', () => {
    const script = new Script(['a', 'b', 'c']).elect('a').change('demote', 'c')
    script.emit('c', {
      type: 'configuration',
      index: 1,
      configuration: initialConfiguration(['a', 'b', 'c']),
      stage: 'appended',
    })
    expect(seatOf(script, 'c', 'a')?.standing).toBe('follower')
    script.emit('a', { type: 'link', peer: 'c', up: false })
    expect(seatOf(script, 'c', 'a')).toMatchObject({ presence: 'unreachable', standing: 'learner' })
  })
})
