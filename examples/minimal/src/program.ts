/** What page and worker run alike: one machine with one mutation. */
import { defineMachine, stateProgram } from '@flotilla/state'

export const todos = defineMachine({
  name: 'todos',
  version: 1,
  initial: [] as readonly string[],
  mutations: {
    add: (draft, text: string) => {
      draft.push(text)
    },
  },
})

export const program = stateProgram(todos)
