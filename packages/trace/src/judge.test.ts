import { describe, expect, it } from 'vitest'
import { readTrace } from './file.ts'
import { judge } from './judge.ts'

/** Three voters; each line an event without its braces. */
function broken(voters: readonly string[], ...lines: readonly string[]) {
  const trace = readTrace(
    [JSON.stringify({ trace: 'raft', version: 1, voters }), ...lines.map(line => `{${line}}`)].join('\n'),
  )
  return judge(trace).flatMap(({ violations }) => violations.map(({ property, events }) => ({ property, events })))
}

const three = ['A', 'B', 'C']
const started = (node: string, term: number, ...terms: readonly number[]): string =>
  `"node":"${node}","type":"started","term":${term},"entries":${JSON.stringify(terms.map((t, i) => ({ index: i + 1, term: t, text: `e${i + 1}.${t}` })))}`
const role = (node: string, name: string, term: number): string =>
  `"node":"${node}","type":"role","role":"${name}","term":${term}`
const vote = (node: string, term: number, candidate: string): string =>
  `"node":"${node}","type":"vote","term":${term},"candidate":"${candidate}"`
const appended = (node: string, index: number, term: number, text = `e${index}.${term}`): string =>
  `"node":"${node}","type":"appended","index":${index},"term":${term},"text":"${text}"`
const committed = (node: string, index: number): string => `"node":"${node}","type":"committed","index":${index}`

const election = (leader: string, other: string, term: number): readonly string[] => [
  role(leader, 'candidate', term),
  vote(leader, term, leader),
  vote(other, term, leader),
  role(leader, 'leader', term),
]

describe('what a trace alone decides', () => {
  it('finds nothing in an election and a write', () => {
    const lines = [
      ...election('A', 'B', 1),
      appended('A', 1, 1),
      appended('B', 1, 1),
      committed('A', 1),
      '"node":"A","type":"applied","index":1',
      committed('B', 1),
    ]
    expect(broken(three, ...lines)).toEqual([])
  })

  it('Election Safety: two leaders in one term', () => {
    expect(broken([], role('A', 'leader', 1), role('B', 'leader', 1))).toEqual([
      { property: 'Election Safety', events: [0, 1] },
    ])
  })

  it('One vote a term: a vote given twice, the second after a restart', () => {
    expect(broken([], vote('C', 2, 'A'), started('C', 2), vote('C', 2, 'B'))).toEqual([
      { property: 'One vote a term', events: [0, 2] },
    ])
  })

  it('One vote a term: a vote that was not on disk at the crash had not left', () => {
    const durable = '"node":"C","type":"durable","token":1,"lastIndex":0,"term":1'
    expect(broken([], durable, vote('C', 2, 'A'), started('C', 1), vote('C', 2, 'B'))).toEqual([])
  })

  it('One vote a term: a restart from a disk that held the vote, without it', () => {
    const durable = '"node":"C","type":"durable","token":1,"lastIndex":0,"term":2,"votedFor":"A"'
    expect(broken([], vote('C', 2, 'A'), durable, started('C', 2))).toEqual([
      { property: 'One vote a term', events: [0, 2] },
    ])
  })

  it('A majority elects: a leader with its own vote only', () => {
    expect(broken(three, role('A', 'candidate', 1), vote('A', 1, 'A'), role('A', 'leader', 1))).toEqual([
      { property: 'A majority elects', events: [1, 2] },
    ])
  })

  it('Election restriction: a vote for a longer log whose last term is older', () => {
    const lines = [started('A', 1, 1, 1, 1), started('B', 2, 1, 2), role('A', 'candidate', 3), vote('B', 3, 'A')]
    expect(broken([], ...lines)).toEqual([{ property: 'Election restriction', events: [1, 3] }])
  })

  it('Terms only grow: a term lowered by a message, and one forgotten by a restart', () => {
    const lowered = broken([], '"node":"A","type":"term","term":4', '"node":"A","type":"term","term":3')
    expect(lowered).toEqual([{ property: 'Terms only grow', events: [0, 1] }])
    const forgotten = broken([], '"node":"A","type":"term","term":4', started('A', 3))
    expect(forgotten).toEqual([{ property: 'Terms only grow', events: [0, 1] }])
  })

  it('Log Matching: another entry of the same term, and the same entry after another', () => {
    expect(broken([], appended('A', 1, 1, 'x'), appended('B', 1, 1, 'y'))).toEqual([
      { property: 'Log Matching', events: [0, 1] },
    ])
    expect(broken([], started('A', 3, 1, 3), started('B', 3, 2, 3))).toEqual([
      { property: 'Log Matching', events: [0, 1] },
    ])
  })

  it('Leader Append-Only: a leader that deletes an entry', () => {
    const lines = [started('A', 1, 1, 1), ...election('A', 'B', 2), '"node":"A","type":"truncated","from":2']
    expect(broken([], ...lines)).toEqual([{ property: 'Leader Append-Only', events: [0, 5] }])
  })

  it('Committed entries stay: a follower truncates what it knows to be committed', () => {
    const lines = [started('A', 1, 1, 1), committed('A', 2), '"node":"A","type":"truncated","from":2']
    expect(broken([], ...lines)).toEqual([{ property: 'Committed entries stay', events: [1, 2] }])
  })

  it('The commit index only grows, and not past the log', () => {
    expect(broken([], started('A', 1, 1, 1), committed('A', 2), committed('A', 1))).toEqual([
      { property: 'The commit index only grows', events: [1, 2] },
    ])
    expect(broken([], started('A', 1, 1), committed('A', 2))).toEqual([
      { property: 'The commit index only grows', events: [1] },
    ])
  })

  it('Only the own term is counted: figure 8', () => {
    const lines = [started('A', 3, 1, 2), started('B', 3, 1, 2), ...election('A', 'B', 4), committed('A', 2)]
    expect(broken(three, ...lines)).toEqual([{ property: 'Only the own term is counted', events: [0, 6] }])
  })

  it('A majority commits: an entry that only its leader has', () => {
    expect(broken(three, ...election('A', 'B', 1), appended('A', 1, 1), committed('A', 1))).toEqual([
      { property: 'A majority commits', events: [4, 5] },
    ])
  })

  it('Leader Completeness: a later leader lacks what was committed', () => {
    const lines = [started('A', 1, 1), started('C', 1), committed('A', 1), ...election('C', 'C', 2)]
    expect(broken([], ...lines)).toEqual([{ property: 'Leader Completeness', events: [2, 6] }])
  })

  it('Leader Completeness: a deposed leader commits, and that is fine if the later one has the entry', () => {
    const lines = (has: boolean) => [
      started('A', 2, 2),
      started('B', 2, ...(has ? [2] : [])),
      role('A', 'leader', 2),
      role('B', 'leader', 3),
      ...(has ? [] : [appended('B', 1, 3)]),
      committed('A', 1),
    ]
    expect(broken([], ...lines(true))).toEqual([])
    const absent = broken(
      [],
      started('A', 2, 2, 2),
      started('B', 2, 2),
      role('A', 'leader', 2),
      role('B', 'leader', 3),
      committed('A', 2),
    )
    expect(absent).toEqual([{ property: 'Leader Completeness', events: [3, 4] }])
  })

  it('State Machine Safety: another entry committed at one index, and an entry applied before it is committed', () => {
    expect(broken([], started('A', 2, 1), started('B', 2, 2), committed('A', 1), committed('B', 1))).toEqual([
      { property: 'State Machine Safety', events: [2, 3] },
    ])
    expect(broken([], started('A', 1, 1), '"node":"A","type":"applied","index":1')).toEqual([
      { property: 'State Machine Safety', events: [0, 1] },
    ])
  })

  it('says of a property how often it was looked at, so that a green one is known not to be a blind one', () => {
    const trace = readTrace(`{"trace":"raft","version":1}\n{${role('A', 'leader', 1)}}`)
    const checks = judge(trace).map(({ property, checks }) => [property, checks])
    expect(checks).toContainEqual(['Election Safety', 1])
    expect(checks).toContainEqual(['Log Matching', 0])
  })

  it('stops deciding what needs a majority once the configuration changes', () => {
    const configuration = '"node":"A","type":"configuration","index":1,"configuration":{"voters":["A"]}'
    expect(broken(three, configuration, vote('A', 1, 'A'), role('A', 'leader', 1))).toEqual([])
  })
})
