/** One scripted run for each state of the page worth looking at. Development only: nothing here is a real cluster. */

import type { LiveState } from '../store/live-store.ts'
import { Script } from '../trace-view/fixtures/script.ts'

interface Scene {
  readonly script: Script | undefined
  /** How long ago the script ended, in its own milliseconds: freezes messages half-way. */
  readonly after: number
  readonly state: Partial<LiveState>
  /** What nodes are called, by id. */
  readonly called?: Readonly<Record<string, string>>
}

const running = { phase: 'running', self: 'a' } as const
const values = [
  ['lamp', 'on'],
  ['x', '3'],
  ['y', '9'],
] as const

function calm(ids: string[]): Script {
  const script = new Script(ids, 20).elect('a').write('x ← 1').write('x ← 2').write('y ← 9').write('lamp ← on')
  return script.write('x ← 3')
}

function heartbeats(script: Script, leader: string, followers: readonly string[]): Script {
  const term = script.actor(leader).term
  for (const to of followers) script.timer(to, 700 + (to.charCodeAt(0) % 7) * 60)
  script.wait(200)
  for (const to of followers) script.sent(leader, to, { type: 'AppendEntries', term, size: 0 }, 60)
  return script
}

const five = ['a', 'b', 'c', 'd', 'e']
const three = ['a', 'b', 'c']
const six = 6
const seven = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

/** The leader goes on with its side, and the first of the others asks whether it could win: again and again. */
function parted(ids: readonly string[], minority: readonly string[]): Script {
  const script = calm([...ids])
    .cut(minority)
    .wait(300)
  const side = ids.filter(id => !minority.includes(id))
  const [asks = '', ...others] = minority
  for (let i = 4; i < 7; i++) {
    script.append(`x ← ${i}`).replicate(side.slice(1)).commit(side).wait(900)
    script.emit(asks, { type: 'role', role: 'preCandidate', term: 1, reason: 'its election timer ran out' })
    script.emit(asks, { type: 'voteCounted', term: 2, from: asks, granted: true, preVote: true })
    for (const to of others) {
      script.emit(to, { type: 'vote', term: 2, candidate: asks, granted: true, preVote: true, reason: 'no leader' })
      script.emit(asks, { type: 'voteCounted', term: 2, from: to, granted: true, preVote: true })
    }
  }
  for (const to of ids) if (to !== 'a') script.timer(to, 500 + (to.charCodeAt(0) % 5) * 90)
  return script
}

/** Five vote, the others came one after the other; two have closed their tabs, and one crashed. */
function crowd(count: number): Script {
  const script = new Script(five, 20).elect('a').write('x ← 1').write('lamp ← on')
  for (let i = six; i <= count; i++) script.arrival(`n${i}`).change('addLearner', `n${i}`).replicate().commit()
  script
    .write('y ← 9')
    .close('n9')
    .close(`n${count - 2}`)
    .crash('n12')
  return heartbeats(script, 'a', five.slice(1))
}

export const scenes: Record<string, () => Scene> = {
  calm3: () => ({
    script: heartbeats(calm(three), 'a', ['b', 'c']),
    after: 25,
    state: { ...running, values, valueCount: 3 },
  }),
  calm5: () => ({
    script: heartbeats(calm(five), 'a', ['b', 'c', 'd', 'e']),
    after: 25,
    state: { ...running, values, valueCount: 3 },
  }),
  writing: () => {
    const script = calm(five)
    for (const to of ['b', 'c', 'd', 'e']) script.timer(to, 800 - to.charCodeAt(0))
    script.wait(120).append('x ← 4')
    script.sent('a', 'b', { type: 'AppendEntries', term: 1, size: 1 }, 60)
    script.sent('a', 'c', { type: 'AppendEntries', term: 1, size: 1 }, 90)
    script.sent('a', 'd', { type: 'AppendEntries', term: 1, size: 1 }, 120)
    script.emit('b', { type: 'appended', entries: [{ index: 7, term: 1, kind: 'command', text: 'x ← 4' }] })
    script
      .emit('c', { type: 'appended', entries: [{ index: 7, term: 1, kind: 'command', text: 'x ← 4' }] })
      .persist('c')
    script.sent('c', 'a', { type: 'AppendEntriesResult', term: 1, size: 0, granted: true, index: 7 }, 70)
    const writes = [
      { id: 3, key: 'x', value: '4', fate: { kind: 'sending' } },
      { id: 2, key: 'x', value: '3', fate: { kind: 'committed', index: 6, term: 1 } },
      { id: 1, key: 'lamp', value: 'on', fate: { kind: 'committed', index: 5, term: 1 } },
    ] as const
    return { script, after: 35, state: { ...running, pace: 20, values, valueCount: 3, writes } }
  },
  election: () => {
    const script = calm(five).crash('a').wait(300)
    script.campaign('c', ['d'])
    for (const to of ['b', 'e']) script.sent('c', to, { type: 'RequestVote', term: 2, size: 0 }, 80)
    script.sent('d', 'c', { type: 'RequestVoteResult', term: 2, size: 0, granted: true }, 60)
    script.timer('c', 700).timer('b', 350).timer('d', 800).timer('e', 500)
    return { script, after: 30, state: { ...running, self: 'b', pace: 20, values, valueCount: 3 } }
  },
  split: () => {
    const script = new Script(five, 20).elect('e').write('x ← 1').crash('e').wait(500)
    script.campaign('a', ['c'])
    script.actor('b').term = 1
    script.campaign('b', ['d'])
    for (const to of ['a', 'b', 'c', 'd']) script.timer(to, 600 + to.charCodeAt(0))
    return { script, after: 60, state: { ...running, pace: 20, values: [['x', '1']], valueCount: 1 } }
  },
  figure8: () => {
    const script = new Script(five, 20).elect('a').write('x ← 1')
    script.elect('b').append('x ← 2').replicate(['a', 'c']).crash('b').wait(300)
    script.elect('c', ['d', 'e']).append('y ← 9').wait(80)
    return { script: script.crash('a'), after: 30, state: { ...running, self: 'c', values, valueCount: 3 } }
  },
  partition: () => {
    const script = parted(five, ['d', 'e'])
    return { script, after: 30, state: { ...running, pace: 5, values, valueCount: 3 } }
  },
  partition7: () => {
    const script = parted(seven, ['e', 'f', 'g'])
    return { script, after: 30, state: { ...running, pace: 5, values, valueCount: 3 } }
  },
  minority: () => {
    const script = parted(five, ['d', 'e'])
    return { script, after: 30, state: { ...running, self: 'e', pace: 5, values, valueCount: 3 } }
  },
  calm7: () => ({
    script: heartbeats(calm(seven), 'a', seven.slice(1)),
    after: 25,
    state: { ...running, values, valueCount: 3 },
  }),
  election7: () => {
    const script = calm(seven).crash('a').wait(300)
    script.campaign('c', ['d', 'f'])
    for (const to of ['b', 'e', 'g']) script.sent('c', to, { type: 'RequestVote', term: 2, size: 0 }, 80)
    for (const to of ['b', 'c', 'd', 'e', 'f', 'g']) script.timer(to, 300 + (to.charCodeAt(0) % 5) * 120)
    return { script, after: 30, state: { ...running, self: 'b', pace: 20, values, valueCount: 3 } }
  },
  learner: () => {
    const script = calm(three).arrival('d').change('addLearner', 'd').replicate().commit()
    return { script, after: 20, state: { ...running, values, valueCount: 3 } }
  },
  lost: () => {
    const script = calm(three).close('b').crash('c')
    const problem = {
      title: 'No answer in 10 seconds.',
      advice: 'A majority is needed; the write may still commit when it is back.',
      remedy: 'reload',
    } as const
    const writes = [{ id: 1, key: 'x', value: '4', fate: { kind: 'failed', error: 'Timeout', problem } }] as const
    return { script, after: 20, state: { ...running, values, valueCount: 3, writes } }
  },
  crashed: () => ({
    script: calm(three).crash('a'),
    after: 20,
    state: { ...running, phase: 'crashed', values, valueCount: 3 },
  }),
  long: () => {
    const script = new Script(five, 1).elect('a')
    for (let i = 1; i <= 700; i++) script.append(`sensor-${i % 9} ← ${i * 37}`)
    script.replicate().commit().elect('b')
    for (let i = 1; i <= 1_300; i++) script.append(`k${i} ← ${i}`)
    script.replicate(['c', 'd']).commit(['b', 'c']).append('x ← 1')
    const many = Array.from(
      { length: 500 },
      (_, i) => [`key-${String(i).padStart(5, '0')}`, `<img src=x onerror=alert(${i})>`] as const,
    )
    return { script, after: 20, state: { ...running, values: many, valueCount: 100_000 } }
  },
  nine: () => ({
    script: calm(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']),
    after: 20,
    state: { ...running, values, valueCount: 3 },
  }),
  crowd40: () => ({ script: crowd(40), after: 25, state: { ...running, self: 'n23', values, valueCount: 3 } }),
  crowd100: () => ({ script: crowd(100), after: 25, state: { ...running, self: 'b', values, valueCount: 3 } }),
  named: () => ({
    script: heartbeats(crowd(40), 'a', five.slice(1)),
    after: 25,
    state: { ...running, self: 'n23', keeper: 'a', values, valueCount: 3 },
    called: { a: 'Frau Lovelace', b: 'أحمد', c: '李雷', e: 'Wolfeschlegelsteinhausen', n23: 'Zoë', n7: 'עדה' },
  }),
  alone: () => ({ script: new Script(['a']).elect('a'), after: 20, state: running }),
  opening: () => ({ script: undefined, after: 0, state: { phase: 'opening' } }),
  joining: () => ({ script: calm(three).arrival('d'), after: 20, state: { phase: 'joining', self: 'd' } }),
  broken: () => ({
    script: undefined,
    after: 0,
    state: {
      phase: 'broken',
      problem: {
        title: 'This browser refuses to store anything here.',
        advice: 'Leave private browsing, or allow this site to store data, and try again.',
        remedy: 'reload',
      },
    },
  }),
}
