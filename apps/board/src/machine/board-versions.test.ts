/** What members that have only the first board make of a room that has gone on. */
import { ReplicatedMachines } from '@flotilla/state'
import { expect, it } from 'vitest'
import { boardMachine, type Comment, firstBoardMachine } from './board.ts'

const comment = (id: string): Comment => ({ id, by: 'Mira', at: 7, text: `Words of ${id}` })

type What = Parameters<ReplicatedMachines['apply']>[0]['what']

let count = 0
/** The same entry of the log on each of them. */
function apply(machines: readonly ReplicatedMachines[], version: number, what: What): readonly string[] {
  const index = ++count
  const command = { machine: 'board', version, id: `change-${index}`, by: 'Lena', now: index, what }
  return machines.map(each => each.apply(command, { index, term: 1 }))
}
const call = (name: string, args: Extract<What, { kind: 'mutate' }>['args']): What => ({ kind: 'mutate', name, args })

it('an older page keeps the comments of an import that it does not know, and takes them in when it is loaded anew', () => {
  const older = new ReplicatedMachines([firstBoardMachine])
  const newer = new ReplicatedMachines([boardMachine])
  const both = (version: number, what: What): readonly string[] => apply([older, newer], version, what)
  const card = { id: 'a', title: 'Buoys', column: 'todo', rank: 1 }
  expect(both(1, call('addCard', card))).toEqual(['applied', 'applied'])
  expect(both(2, { kind: 'migrate' })).toEqual(['waiting', 'applied'])
  expect(both(2, call('importComments', { card: 'a', comments: [{ ...comment('one') }] }))).toEqual([
    'waiting',
    'applied',
  ])
  // What a page of the first version had on its disk while the room went on.
  expect(both(1, call('nameBoard', 'Harbour'))).toEqual(['waiting', 'applied'])
  expect(older.outdated()).toEqual(['board'])

  const loadedAnew = new ReplicatedMachines([boardMachine])
  loadedAnew.restore(older.snapshot())
  expect(loadedAnew.snapshot()).toEqual(newer.snapshot())
  expect(newer.copy('board').stateToShow()).toMatchObject({
    title: 'Harbour',
    cards: { a: { title: 'Buoys', comments: [comment('one')] } },
  })
})

it('a card takes no more comments by import than by hand, and none when it is gone', () => {
  const machines = [new ReplicatedMachines([boardMachine])]
  apply(machines, 2, call('addCard', { id: 'a', title: 'Buoys', column: 'todo', rank: 1 }))
  const many = Array.from({ length: 300 }, (_, i) => ({ ...comment(`${i}`) }))
  apply(machines, 2, call('importComments', { card: 'a', comments: many }))
  expect(() => apply(machines, 2, call('importComments', { card: 'a', comments: many }))).toThrow('at most 500')
  expect(() => apply(machines, 2, call('importComments', { card: 'b', comments: many }))).toThrow(
    'The card was removed.',
  )
})
