import { describe, expect, it } from 'vitest'
import type { Change } from './command.ts'
import { defineMachine } from './definition.ts'
import { stateProgram } from './state-program.ts'

const counter = defineMachine({ name: 'counter', version: 1, initial: { n: 0 }, mutations: { add: () => undefined } })
const other = defineMachine({ name: 'other', version: 1, initial: { n: 0 }, mutations: { add: () => undefined } })

const command = (what: Change) => ({ machine: 'counter', id: 'i', by: 'Lena', now: 1, version: 2, what })

describe('a change in words', () => {
  it('is the mutation and its arguments as JSON, those first that mean something to people', () => {
    const { describe } = stateProgram(counter)
    const id = '8061205f-d7a2-4caf-8dec-52b9bdf2ebe7'
    expect(describe(command({ kind: 'mutate', name: 'add', args: { id, title: 'Tide table', rank: 0 } }))).toBe(
      `add {"title":"Tide table","rank":0,"id":"${id}"}`,
    )
    expect(describe(command({ kind: 'mutate', name: 'add', args: [2, 1] }))).toBe('add [2,1]')
    expect(describe(command({ kind: 'mutate', name: 'add', args: undefined }))).toBe('add')
    expect(describe(command({ kind: 'undo', of: 'x' }))).toBe('undo x')
    expect(describe(command({ kind: 'migrate' }))).toBe('migrate to version 2')
  })

  it('says of which machine, where there are several', () => {
    const { describe } = stateProgram(counter, other)
    expect(describe(command({ kind: 'mutate', name: 'add', args: null }))).toBe('counter: add null')
  })
})
