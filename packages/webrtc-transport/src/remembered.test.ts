import { expect, test } from 'vitest'
import { Remembered } from './remembered.ts'

function notes(most: number): { notes: Remembered<string>; pass: (ms: number) => void } {
  let now = 0
  return {
    notes: new Remembered({ now: () => now }, most),
    pass: ms => {
      now += ms
    },
  }
}

test('what was noted is over when its time is', () => {
  const { notes: noted, pass } = notes(9)
  noted.add('a', 10)
  noted.add('b')
  pass(9)
  expect(noted.keys()).toEqual(['a', 'b'])
  pass(1)
  expect([noted.has('a'), noted.delete('a')]).toEqual([false, false])
  expect(noted.keys()).toEqual(['b'])
  expect([noted.delete('b'), noted.has('b')]).toEqual([true, false])
})

test('noted again, it stays for its time from then on', () => {
  const { notes: noted, pass } = notes(9)
  noted.add('a', 10)
  pass(9)
  noted.add('a', 10)
  pass(9)
  expect(noted.has('a')).toBe(true)
})

test('where there is no room for more, what was noted longest ago goes', () => {
  const { notes: noted } = notes(2)
  noted.add('a')
  noted.add('b')
  noted.add('a')
  noted.add('c')
  expect(noted.keys()).toEqual(['a', 'c'])
})
