import type { OutboxStore } from '@flotilla/client'
import type { StateCommand } from '@flotilla/state'
import { describe, expect, test } from 'vitest'
import { type Board, wrongWith } from './board.ts'
import { simulateEdits } from './run.ts'

const call = (id: string, name: string, args: Record<string, string>): StateCommand => ({
  machine: 'board',
  version: 1,
  id,
  by: '',
  now: 0,
  what: { kind: 'mutate', name, args },
})

const added = call('a', 'add', { column: 'todo', text: 'x' })
const boardOf = (text: string, ...todo: readonly string[]): Board => ({
  cards: Object.fromEntries(todo.map(card => [card, text])),
  order: { todo, doing: [], done: [] },
})

describe('a board', () => {
  test('is what its changes make of it', () => {
    expect(wrongWith(boardOf('x', 'a'), [added])).toBeUndefined()
    expect(wrongWith(boardOf('y', 'a'), [added, call('b', 'edit', { card: 'a', text: 'y' })])).toBeUndefined()
    expect(wrongWith(boardOf('x'), [added, call('b', 'remove', { card: 'a' })])).toBeUndefined()
  })

  test('lacks nothing, and has nothing twice or that nobody has done', () => {
    expect(wrongWith(boardOf('x'), [added])).toBeDefined()
    expect(wrongWith(boardOf('x', 'a', 'a'), [added])).toBeDefined()
    expect(wrongWith(boardOf('x', 'a', 'b'), [added])).toBeDefined()
    expect(wrongWith(boardOf('x', 'a'), [added, call('b', 'move', { card: 'a', column: 'done' })])).toBeDefined()
  })
})

test('what people do to a board through reloads and faults lands once or is told, and all boards are equal', async () => {
  for (const seed of [5, 8, 10, 13]) expect((await simulateEdits(seed)).violations).toEqual([])
})

test('an outbox that sends again, in a new session, what the page before had sent: is found by a board too', async () => {
  const store = (real: OutboxStore): OutboxStore => ({
    ...real,
    take: async () => {
      const line = await real.take()
      return {
        ...line,
        write: change => line.write({ ...change, state: { ...change.state, session: 0, cluster: '', boundUpTo: 0 } }),
      }
    },
  })
  const found: string[] = []
  for (let seed = 1; seed <= 40 && found.length === 0; seed++)
    for (const { property } of (await simulateEdits(seed, { plants: { store } })).violations) found.push(property)
  expect(['Exactly Once', 'Liveness']).toContain(found[0])
})
