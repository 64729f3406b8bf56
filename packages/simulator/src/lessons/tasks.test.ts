/** A task takes whatever does what its words say, and nothing else. */
import { beforeAll, describe, expect, test } from 'vitest'
import { holds } from '../lab/expectation.ts'
import { type Instruction, perform } from '../lab/script.ts'
import { loadSwitches } from '../lab/switchable-raft.ts'
import { lessons } from './lessons.ts'
import { sceneOfCheck } from './scene.ts'

beforeAll(loadSwitches)

const settle: Instruction = { type: 'settle' }
const healAll: Instruction = { type: 'healAll' }
const play = (ms: number): Instruction => ({ type: 'play', ms })
const timeout = (...nodes: readonly string[]): Instruction => ({ type: 'timeout', nodes })
const crash = (node: string): Instruction => ({ type: 'crash', node, flushed: true })
const restart = (node: string, emptied = false): Instruction => ({ type: 'restart', node, emptied })
const write = (node: string): Instruction => ({ type: 'write', node, key: 0 })
const read = (node: string, local: boolean): Instruction => ({ type: 'read', node, key: 0, local })
const transfer = (node: string, to: string): Instruction => ({ type: 'transfer', node, to })
const committed = (node: string, commit: number): Instruction => ({ type: 'until', expect: { node, commit } })
const cutOff = (node: string, ...others: readonly string[]): readonly Instruction[] =>
  others.flatMap(other => [
    { type: 'cut', from: node, to: other },
    { type: 'cut', from: other, to: node },
  ])

function isDone(id: string, deeds: readonly Instruction[]): boolean {
  const lesson = lessons.find(each => each.id === id)
  if (lesson === undefined) throw new Error(`there is no ${id}`)
  const { run } = sceneOfCheck(lesson)
  expect(perform(run, deeds)).toBeUndefined()
  return lesson.check.expect.every(each => holds(run, each))
}

describe('a task is done', () => {
  test.each<[id: string, how: string, deeds: readonly Instruction[]]>([
    [
      'clean-election',
      'at the second try',
      [crash('S1'), play(200), crash('S2'), timeout('S3'), settle, restart('S2'), play(5), timeout('S3'), settle],
    ],
    [
      'election-restriction',
      'with the timer run out twice',
      [restart('S1'), play(5), timeout('S1'), timeout('S1'), settle, play(150)],
    ],
    ['figure-7', 'with the timer run out twice', [timeout('S5'), timeout('S5'), settle, play(200)]],
    [
      'figure-8',
      'with S5 standing until it is heard',
      [committed('S1', 3), crash('S1'), healAll, play(200), timeout('S5'), settle, timeout('S5'), settle],
    ],
    [
      'figure-8',
      'with S5 brought up to date, and elected',
      [committed('S1', 3), healAll, play(150), crash('S1')].concat([play(200), timeout('S5'), settle]),
    ],
    ['partition', 'with one more write', [write('S1'), healAll, play(150)]],
    ['partition', 'by S2, without S1', [healAll, crash('S1'), play(200), timeout('S2'), settle, play(100)]],
    [
      'lost-tail',
      'with S2 empty before S1 sends',
      [crash('S2'), restart('S2', true), healAll, play(150), crash('S1'), play(200), timeout('S3'), settle],
    ],
    ['deposed-leader', 'with one more write', [write('S2'), healAll, play(200)]],
    [
      'late-append',
      'in a later term',
      [crash('S1'), healAll, play(200), timeout('S2'), timeout('S2'), settle, play(120)],
    ],
    [
      'pre-vote',
      'in term 5',
      [timeout('S1'), settle, play(60), ...cutOff('S3', 'S1', 'S2')].concat(
        Array.from({ length: 4 }, () => [timeout('S3'), play(40)]).flat(),
      ),
    ],
    [
      'transfer',
      'with a write in between',
      [transfer('S1', 'S3'), play(200), write('S3'), play(100), transfer('S3', 'S1'), play(200)],
    ],
    [
      'snapshot',
      'with two writes, and handed over',
      [crash('S2'), write('S1'), write('S1'), play(100), transfer('S1', 'S3'), play(200)],
    ],
  ])('%s: %s', (id, _, deeds) => {
    expect(isDone(id, deeds)).toBe(true)
  })
})

describe('a task is not done', () => {
  test.each<[id: string, how: string, deeds: readonly Instruction[]]>([
    ['figure-8', 'by S5 standing first', [timeout('S5'), committed('S1', 3), settle]],
    ['stale-read', 'by a local read, even at the leader', [read('S3', true), play(60)]],
    ['stale-read', 'by a read when the network is whole', [healAll, play(100), read('S3', false), play(60)]],
    ['lost-tail', 'with all disks whole', [crash('S2'), healAll, play(150), crash('S1')]],
    [
      'lost-tail',
      'when entry 1 is lost',
      [crash('S2'), restart('S2', true), crash('S1'), healAll, play(200), timeout('S3'), settle],
    ],
    ['single-server-bug', 'by a write', [settle, write('S2'), play(200)]],
    ['pre-vote', 'without any cut', [timeout('S1'), settle, timeout('S3'), timeout('S3'), timeout('S3')]],
    [
      'transfer',
      'by elections',
      [crash('S1'), play(200), timeout('S3'), settle, restart('S1'), play(100), crash('S3'), play(200)].concat([
        timeout('S1'),
        settle,
      ]),
    ],
    ['snapshot', 'with S2 up all the time', [write('S1'), play(100), crash('S1'), play(200), timeout('S3'), settle]],
  ])('%s: %s', (id, _, deeds) => {
    expect(isDone(id, deeds)).toBe(false)
  })
})
