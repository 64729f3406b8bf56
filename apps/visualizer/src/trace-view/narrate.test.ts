import type { TraceEvent } from '@flotilla/core'
import { describe, expect, it } from 'vitest'
import { Script } from './fixtures/script.ts'
import { narrate, narrateReturn, type Sentence } from './narrate.ts'
import { emptyNarration, tell } from './narration.ts'
import { reduce } from './reduce.ts'
import { isRelayed } from './roster.ts'
import { emptyView } from './view.ts'

function story(script: Script) {
  let view = emptyView
  const sentences = []
  for (const event of script.events) {
    const after = reduce(view, event)
    const sentence = narrate(view, after, event)
    if (sentence) sentences.push(sentence)
    view = after
  }
  return sentences
}
const texts = (script: Script) => story(script).map(sentence => sentence.text)

describe('narrate', () => {
  it('tells an election by its winner and its voters', () => {
    expect(texts(new Script(['a', 'b', 'c']).elect('a'))).toEqual([
      'S1 asks for votes in term 1.',
      'S2 votes for S1 in term 1.',
      'S3 votes for S1 in term 1.',
      'S1 is leader of term 1: S2 and S3 voted for it.',
      'Entry 1, a no-op, is committed.',
    ])
  })

  it('says where a committed entry is on disk', () => {
    const commit = story(new Script(['a', 'b', 'c']).elect('a').write('x ← 3')).at(-1)
    expect(commit).toMatchObject({ text: 'Entry 2 is committed: x ← 3.', detail: 'On disk at S1, S2 and S3.' })
  })

  it('does not count learners among those that make it a majority', () => {
    const script = new Script(['a', 'b', 'c']).elect('a').arrival('d').change('addLearner', 'd').replicate().commit()
    expect(story(script.write('x ← 3')).at(-1)?.detail).toBe('On disk at S1, S2 and S3.')
  })

  it('tells crash, return, truncation and a split vote', () => {
    const script = new Script(['a', 'b', 'c']).elect('a').append('x ← 1').crash('a').elect('b', ['c']).write('x ← 2')
    script.started('a').replicate()
    expect(texts(script)).toContain('S1 crashed.')
    expect(texts(script)).toContain('S1 is back, with 2 entries from its disk.')
    expect(texts(script)).toContain('S1 removes entry 2: its log disagreed with the leader’s.')
    expect(texts(new Script(['a', 'b', 'c']).campaign('a', []))).toContain('S2 refuses S1 its vote: already voted.')
  })

  it('tells a cut once, not once for each end', () => {
    const script = new Script(['a', 'b', 'c']).cut(['a'])
    expect(texts(script)).toEqual(['S1 is cut off from S2 and S3.'])
    expect(texts(script.cut([])).at(-1)).toBe('S1 is linked again to S2 and S3.')
  })

  it('tells a change of members by what changed', () => {
    const script = new Script(['a', 'b', 'c'])
      .elect('a')
      .arrival('d')
      .change('addLearner', 'd')
      .replicate()
      .change('addVoter', 'd')
    expect(texts(script)).toContain('S4 joins as a learner.')
    expect(story(script).at(-1)).toMatchObject({ text: 'S4 becomes a voter.', detail: '4 voters; 3 make a majority.' })
  })
})

describe('tell', () => {
  const major = { node: 'a', text: 'S1 is leader.', detail: '', weight: 'major' as const, term: 1 }
  const minor = { node: 'b', text: 'S2 votes.', detail: '', weight: 'minor' as const, term: 1 }
  const commit = (from: number, to: number) => ({
    ...minor,
    node: 'a',
    text: `Entry ${to} is committed.`,
    commit: { from, to },
  })

  it('keeps a major sentence up until it can have been read, at full speed only', () => {
    const first = tell(emptyNarration, major, 0, false)
    expect(tell(first, minor, 100, false).headline?.text).toBe('S1 is leader.')
    expect(tell(first, minor, 5_000, false).headline?.text).toBe('S2 votes.')
    expect(tell(first, minor, 100, true).headline?.text).toBe('S2 votes.')
  })

  it('makes one sentence of a burst of commits', () => {
    let narration = emptyNarration
    for (let i = 1; i <= 100; i++) narration = tell(narration, commit(i, i), i, false)
    expect(narration.told.map(told => told.text)).toEqual(['Entries 1 to 100 are committed.'])
    expect(narration.headline?.text).toBe('Entries 1 to 100 are committed.')
  })

  it('makes one sentence of a surge, in which appends and commits take turns', () => {
    const append = { ...minor, node: 'a', text: 'S1 appends 50 entries.', surge: true } as const
    let narration = emptyNarration
    for (let i = 0; i < 10; i++) {
      narration = tell(narration, append, i * 250, false)
      narration = tell(narration, { ...commit(i * 50 + 1, i * 50 + 50) }, i * 250, false)
    }
    expect(narration.told.map(told => told.text)).toEqual(['Entries 1 to 500 are committed.', 'S1 appends 50 entries.'])
    expect(narration.headline?.text).toBe('Entries 1 to 500 are committed.')
  })

  it('remembers a bounded number of sentences', () => {
    let narration = emptyNarration
    for (let i = 1; i <= 1_000; i++) narration = tell(narration, { ...minor, text: `${i}` }, i, false)
    expect(narration.told.length).toBeLessThan(200)
  })

  it('makes one sentence of what a node behind a cut asks again and again, and keeps it out of the headline', () => {
    // The minority's pre-votes, several a second, pushed every commit out of the headline and out of the list.
    const script = new Script(['a', 'b', 'c', 'd', 'e']).elect('a').cut(['d', 'e'])
    let view = script.events.reduce(reduce, emptyView)
    let narration = emptyNarration
    const happen = (event: TraceEvent) => {
      const after = reduce(view, event)
      const sentence = narrate(view, after, event, 'a')
      if (sentence) narration = tell(narration, sentence, event.at, false)
      view = after
    }
    happen({ type: 'appended', entries: [{ index: 2, term: 1, kind: 'command', text: 'x ← 1' }], node: 'a', at: 0 })
    happen({ type: 'committed', index: 2, reason: '', node: 'a', at: 1 })
    for (let at = 3_000; at < 23_000; at += 1_000) {
      happen({ type: 'role', role: 'preCandidate', term: 1, reason: 'its election timer ran out', node: 'd', at })
      happen({ type: 'vote', term: 2, candidate: 'd', granted: true, preVote: true, reason: '', node: 'e', at })
      happen({ type: 'role', role: 'follower', term: 1, reason: 'no majority', node: 'd', at })
    }
    expect(narration.headline?.text).toBe('Entry 2 is committed: x ← 1.')
    expect(narration.told.map(({ text, times }) => [text, times])).toEqual([
      ['S5 would vote for S4 in term 2.', 20],
      ['S4 hears no leader and asks whether it could win an election.', 20],
      ['Entry 2 is committed: x ← 1.', 1],
      ['S1 appends entry 2, x ← 1, and sends it to the others.', 1],
    ])
    // What happens to them altogether still stands above the picture.
    happen({ type: 'crashed', reason: 'asked to', node: 'd', at: 30_000 })
    expect(narration.headline?.text).toBe('S4 crashed.')
  })
})

describe('a leader that tells nothing of its inside', () => {
  const silent = new Script(['a', 'b', 'c']).elect('b').events.filter(({ node }) => node !== 'b')
  const view = silent.filter(({ type }) => type !== 'leader').reduce(reduce, emptyView)
  const follows = { type: 'leader', term: 1, leader: 'b', node: 'a', at: 0 } as const

  it('is told by the tab that watches, once', () => {
    const after = reduce(view, follows)
    expect(narrate(view, after, follows, 'a')).toMatchObject({ text: 'S2 leads term 1.', weight: 'major', term: 1 })
    expect(narrate(after, after, follows, 'a')).toBeUndefined()
    expect(narrate(view, after, follows, 'c')).toBeUndefined()
  })

  it('does not say what it commits: the tab that watches does, once, and not on whose disks it is', () => {
    const written = new Script(['a', 'b', 'c']).elect('b').write('x ← 1').wait(100)
    const events = written.events.filter(({ node }) => node !== 'b')
    const told: (Sentence | undefined)[] = []
    events.reduce((before, event) => {
      const after = reduce(before, event)
      if (event.type === 'committed' || event.type === 'appended') told.push(narrate(before, after, event, 'a'))
      return after
    }, emptyView)
    const sentences = told.filter(sentence => sentence !== undefined)
    expect(sentences.at(-1)).toMatchObject({ text: 'Entry 2 is committed: x ← 1.', detail: '', node: 'a' })
    expect(new Set(sentences.map(({ text }) => text)).size).toBe(sentences.length)
  })

  it('is not said to have had a tab when it goes, and goes in the term of the one that watches', () => {
    const stopped = { type: 'stopped', node: 'b', at: 0 } as const
    const gone = reduce(view, stopped)
    const goodbye = narrate(view, gone, stopped, 'a')
    expect(goodbye).toMatchObject({ text: 'S2 said goodbye: it was stopped.', term: 1 })
    const [down, up] = [false, true].map(up => ({ type: 'link', peer: 'b', up, node: 'a', at: 0 }) as const)
    if (down === undefined || up === undefined) throw new Error('two links')
    expect(narrate(view, reduce(view, down), down, 'a')?.detail).not.toMatch(/tab/)
    const parted = reduce(gone, down)
    expect(narrate(parted, reduce(parted, up), up, 'a')?.text).toBe('S2 is there again.')
  })

  it('is not told of one that speaks for itself', () => {
    const heard = new Script(['a', 'b', 'c']).events.reduce(reduce, emptyView)
    expect(narrate(heard, reduce(heard, follows), follows, 'a')).toBeUndefined()
  })
})

describe('a link that is lost', () => {
  const tenAndTwo = Array.from({ length: 12 }, (_, i) => `n${i}`)
  const lost = (ids: readonly string[], voters: readonly string[], peer: string) => {
    const script = new Script(ids)
    const { configuration } = script.actor('n9')
    const view = ids.reduce(
      (seen, node) =>
        reduce(seen, {
          type: 'configuration',
          node,
          at: 0,
          index: 1,
          configuration: { ...configuration, voters },
          stage: 'appended',
        }),
      script.events.reduce(reduce, emptyView),
    )
    const down = { type: 'link', peer, up: false, node: 'n9', at: 0 } as const
    return narrate(view, reduce(view, down), down, 'n9')?.text
  }

  it('is told of one that votes, and where everybody has a link to everybody', () => {
    expect(lost(tenAndTwo, tenAndTwo.slice(0, 5), 'n1')).toBe('S2 is out of reach.')
    expect(lost(tenAndTwo, tenAndTwo.slice(5), 'n1')).toBe('S2 is out of reach.')
  })

  it('is not told of two that do not vote in a room of many, whose links come and go', () => {
    expect(lost(tenAndTwo, tenAndTwo.slice(0, 5), 'n8')).toBeUndefined()
  })
})

describe('narrateReturn', () => {
  it('welcomes back a node that had said goodbye, and only such', () => {
    const gone = new Script(['a', 'b', 'c']).elect('a').close('b').events.reduce(reduce, emptyView)
    const back = new Script(['a', 'b', 'c']).elect('a').started('b').events.reduce(reduce, gone)
    expect(narrateReturn(gone, back, 'b')?.text).toBe('S2 is back, with 1 entry from its disk.')
    expect(narrateReturn(emptyView, back, 'b')).toBeUndefined()
    expect(narrateReturn(back, back, 'b')).toBeUndefined()
  })
})

describe('a link that is relayed', () => {
  it('is told by the tab whose it is, and so is that it is direct again', () => {
    const view = new Script(['a', 'b', 'c']).elect('a').events.reduce(reduce, emptyView)
    const relayed = { type: 'link', peer: 'b', up: true, relayed: true, node: 'a', at: 0 } as const
    const after = reduce(view, relayed)
    expect(narrate(view, after, relayed, 'a')?.text).toBe('S2 and this tab cannot meet: what they say is relayed.')
    expect(narrate(view, after, relayed, 'c')).toBeUndefined()
    expect(isRelayed(after, 'a', 'b')).toBe(true)
    expect(isRelayed(after, 'b', 'a')).toBe(true)
    expect(isRelayed(after, 'a', 'c')).toBe(false)
    const direct = { type: 'link', peer: 'b', up: true, node: 'a', at: 0 } as const
    const again = reduce(after, direct)
    expect(narrate(after, again, direct, 'a')?.text).toBe('S2 and this tab are linked directly now.')
    expect(isRelayed(again, 'a', 'b')).toBe(false)
    const down = reduce(after, { type: 'link', peer: 'b', up: false, node: 'a', at: 0 })
    expect(isRelayed(down, 'a', 'b')).toBe(false)
  })
})

describe('a lost link', () => {
  it('is told by the tab that watches, unless its other end said goodbye', () => {
    const view = new Script(['a', 'b', 'c']).elect('a').events.reduce(reduce, emptyView)
    const down = { type: 'link', peer: 'b', up: false, node: 'a', at: 0 } as const
    expect(narrate(view, reduce(view, down), down, 'a')?.text).toBe('S2 is out of reach.')
    expect(narrate(view, reduce(view, down), down, 'c')).toBeUndefined()
    const after = reduce(view, { type: 'stopped', node: 'b', at: 0 })
    expect(narrate(after, reduce(after, down), down, 'a')).toBeUndefined()
  })
})
