import { FULL_MESH_NODES } from '@flotilla/cluster'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isCrowd, MOST_APART, placed } from './crowd.ts'
import { type Standing, standingsOf, tellerOf, withStandings } from './hearsay.ts'
import { reduce } from './reduce.ts'
import { currentConfiguration, presenceOf, seats } from './roster.ts'
import { type ClusterView, emptyView } from './view.ts'

const ids = Array.from({ length: 12 }, (_, i) => `n${i}`)
const members = ids.map((id, i) => ({ id, name: `S${i + 1}` }))
const voters = ids.slice(0, 5)
const configuration = { members, voters, oldVoters: [], namesGiven: 12, expelled: [] }

/** What a tab sees that has links to these. */
function seenBy(self: string, linked: readonly string[]): ClusterView {
  let view = emptyView
  for (const node of [self, ...linked]) {
    view = reduce(view, {
      type: 'started',
      node,
      at: 0,
      term: 3,
      votedFor: undefined,
      snapshotIndex: 0,
      snapshotTerm: 0,
      entries: [],
      configuration,
    })
  }
  for (const peer of linked) view = reduce(view, { type: 'link', node: self, at: 0, peer, up: true })
  return view
}

const standing = (number: number, more: Partial<Standing> = {}): Standing => ({
  number,
  presence: 'here',
  role: 'follower',
  term: 3,
  lastIndex: 7,
  commitIndex: 6,
  lastApplied: 6,
  ...more,
})

const learner = 'n8'
const ownView = seenBy(learner, [...voters, 'n7', 'n9'])

describe('hearsay', () => {
  it('a voter tells where those stand that do not vote, and a learner shows those that it has no link to', () => {
    const told = standingsOf(seenBy('n0', ids.slice(1)), 'n0')
    expect(told.map(({ number }) => number)).toEqual([6, 7, 8, 9, 10, 11, 12])
    expect(presenceOf(ownView, learner, 'n11')).toBe('unreachable')
    const view = withStandings(ownView, learner, 'n0', told)
    expect(seats(view, learner).map(({ presence }) => presence)).toEqual(ids.map(() => 'here'))
    expect(view.nodes.get('n11')).toMatchObject({ heard: true, term: 3 })
  })

  it('tells how far a log goes, and who crashed or closed its tab', () => {
    const view = withStandings(ownView, learner, 'n1', [
      standing(11, { presence: 'crashed' }),
      standing(12, { presence: 'closed', lastIndex: 4, commitIndex: 4 }),
    ])
    expect(view.nodes.get('n10')).toMatchObject({ log: { lastIndex: 7 }, commitIndex: 6 })
    expect(presenceOf(view, learner, 'n10')).toBe('crashed')
    expect(presenceOf(view, learner, 'n11')).toBe('closed')
    const back = withStandings(view, learner, 'n1', [standing(11), standing(12)])
    expect(presenceOf(back, learner, 'n11')).toBe('here')
  })

  it('is not believed of this tab, of who votes, of who it is linked to, or of who is no member', () => {
    const lies = [...ids.keys(), 99].map(i => standing(i + 1, { presence: 'crashed', role: 'leader', term: 99 }))
    const view = withStandings(ownView, learner, 'n0', lies)
    const believed = [...view.nodes].filter(([id, node]) => node !== ownView.nodes.get(id)).map(([id]) => id)
    expect(believed).toEqual(['n5', 'n6', 'n10', 'n11'])
    expect(currentConfiguration(view)).toEqual(configuration)
  })

  it('is not believed of who does not vote', () => {
    expect(withStandings(ownView, learner, 'n9', [standing(12)])).toBe(ownView)
  })

  it('counts for nothing once who told it cannot be heard any more', () => {
    const view = withStandings(ownView, learner, 'n0', [standing(12)])
    const alone = reduce(view, { type: 'link', node: learner, at: 0, peer: 'n0', up: false })
    expect(presenceOf(alone, learner, 'n11')).toBe('unreachable')
    expect(presenceOf(withStandings(alone, learner, 'n1', [standing(12)]), learner, 'n11')).toBe('here')
  })

  it('the same again changes nothing', () => {
    const view = withStandings(ownView, learner, 'n0', [standing(12)])
    expect(withStandings(view, learner, 'n0', [standing(12)])).toBe(view)
  })

  it('each is told by one of those who can, and by the same one while that one can', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 7 }),
        fc.string(),
        (tellers, node) => {
          const teller = tellerOf(node, tellers)
          expect(tellers).toContain(teller)
          expect(tellerOf(node, [...tellers].reverse())).toBe(teller)
          for (const gone of tellers) {
            if (gone === teller) continue
            expect(
              tellerOf(
                node,
                tellers.filter(id => id !== gone),
              ),
            ).toBe(teller)
          }
        },
      ),
    )
    expect(tellerOf('n', [])).toBeUndefined()
  })

  it('a hundred are told by five about evenly', () => {
    const counts = new Map<string | undefined, number>()
    for (let i = 0; i < 100; i++) {
      const teller = tellerOf(`learner-${i}`, voters)
      counts.set(teller, (counts.get(teller) ?? 0) + 1)
    }
    for (const voter of voters) expect(counts.get(voter)).toBeGreaterThan(5)
  })
})

describe('a crowd', () => {
  it('begins where not everybody is linked to everybody', () => {
    expect(MOST_APART).toBe(FULL_MESH_NODES)
    expect(isCrowd(ownView)).toBe(true)
  })

  it('has those who vote and this tab in front, and everybody in one place', () => {
    const all = seats(ownView, learner)
    const { front, crowd } = placed(all)
    expect(front.map(({ name }) => name)).toEqual(['S1', 'S2', 'S3', 'S4', 'S5', 'S9'])
    expect([...front, ...crowd].length).toBe(all.length)
    expect(placed(all.slice(0, 9)).crowd).toEqual([])
  })
})
