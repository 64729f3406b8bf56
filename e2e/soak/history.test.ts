import { expect, test } from 'vitest'
import { type HistoryOperation, lineOf, readHistory } from '../../packages/simulator/src/histories/format.ts'
import { checkLinearizable } from '../../packages/simulator/src/invariants/linearizability.ts'
import { type BankState, operationOf, RegisterBank } from '../harness/register-bank.ts'
import type { TabEvent } from '../harness/soak.ts'
import { History, type Witness } from './history.ts'

const KEY = 1
const WRITER = 2

const witness = (name: string, apartMs = 0): Witness => ({ name, writer: WRITER, least: -apartMs, most: apartMs })
const nth = (number: number): number => operationOf({ writer: WRITER, number })
const write = (number: number, at: number): TabEvent => ({ kind: 'write', operation: nth(number), key: KEY, at })
const written = (number: number, at: number, index = number, previous = number - 1): TabEvent => ({
  kind: 'written',
  operation: nth(number),
  at,
  index,
  term: 1,
  previous: previous === 0 ? 0 : nth(previous),
})
const read = (value: number, asked: number, at: number): TabEvent => ({ kind: 'read', key: KEY, value, asked, at })

/** After these, in this order. */
function stateAfter(...numbers: number[]): BankState {
  const bank = new RegisterBank()
  numbers.forEach((number, i) => {
    bank.apply({ writer: WRITER, number, key: KEY }, { index: i + 1, term: 1 })
  })
  return bank.state()
}

const judged = (state: BankState, events: readonly TabEvent[], lost: readonly number[] = []): readonly string[] => {
  const history = new History()
  history.tell(witness('a'), events, [])
  history.judgeEnd([{ name: 'a', state }], lost)
  return history.wrong
}

test('what happened as it was told is right', () => {
  const events = [write(1, 0), written(1, 10), read(nth(1), 11, 20), write(2, 21), written(2, 30), read(nth(2), 31, 40)]
  expect(judged(stateAfter(1, 2), events)).toEqual([])
})

test('a read that gives what was overwritten before it was asked is wrong', () => {
  const events = [write(1, 0), written(1, 10), write(2, 21), written(2, 30), read(nth(1), 31, 40)]
  expect(judged(stateAfter(1, 2), events)[0]).toContain('no order explains')
})

test('the same read is right where nobody knows whose clock is ahead', () => {
  const history = new History()
  history.tell(witness('a'), [write(1, 0), written(1, 10), write(2, 21), written(2, 30)], [])
  history.tell(witness('b', 5), [read(nth(1), 31, 40)], [])
  history.judgeBelow(KEY + 1)
  expect(history.wrong).toEqual([])
})

test('what is judged is handed on, for others to judge, and reads there as it was', () => {
  const told: HistoryOperation[] = []
  const history = new History(operations => told.push(...operations))
  history.tell(witness('a'), [write(1, 0), written(1, 10), read(nth(1), 11, 20), read(nth(2), 21, 30)], [])
  history.judgeBelow(KEY + 1)
  expect(told.map(({ kind, value }) => [kind, value])).toEqual([
    ['write', nth(1)],
    ['read', nth(1)],
    ['read', nth(2)],
    // Whoever wrote it did not live to tell.
    ['write', nth(2)],
  ])
  const again = readHistory(told.map(lineOf).join('\n'))
  expect(again.kind === 'history' && checkLinearizable(again.operations).kind).toBe('linearizable')
})

test('what a tab did not live to tell may be read', () => {
  expect(judged(stateAfter(1), [read(0, 0, 5), read(nth(1), 6, 10)])).toEqual([])
})

test('what was saved and is not there is lost, unless its outbox says that nobody knows', () => {
  const events: TabEvent[] = [write(1, 0), { kind: 'saved', operation: nth(1) }]
  expect(judged(stateAfter(), events)[0]).toContain('is lost')
  expect(judged(stateAfter(), events, [nth(1)])).toEqual([])
})

test('what was refused and takes effect all the same is wrong', () => {
  const events: TabEvent[] = [write(1, 0), { kind: 'refused', operation: nth(1), why: 'StorageFailed' }]
  expect(judged(stateAfter(1), events)[0]).toContain('was refused, and took effect')
})

test('what takes effect twice, or after a later one of its outbox, is wrong', () => {
  expect(judged(stateAfter(1, 1), [])[0]).toContain('twice')
  expect(judged(stateAfter(2, 1), [])[0]).toContain('after later ones')
})

test('one index has the same write in every tab, and one write the same index', () => {
  const history = new History()
  const effect = { operation: nth(1), key: KEY, index: 1, term: 1, previous: 0 }
  history.tell(witness('a'), [], [effect])
  history.tell(witness('b'), [], [{ ...effect, operation: nth(2) }])
  history.tell(witness('c'), [], [{ ...effect, index: 3 }])
  expect(history.wrong).toHaveLength(2)
})

test('tabs that end with different states are wrong', () => {
  const history = new History()
  history.judgeEnd(
    [
      { name: 'a', state: stateAfter(1) },
      { name: 'b', state: stateAfter(1, 2) },
    ],
    [],
  )
  expect(history.wrong[0]).toContain('another state')
})
