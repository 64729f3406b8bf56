/** What page and worker run alike: a shopping list. */
import { defineMachine, stateProgram } from '@flotilla/state'

export interface Item {
  readonly id: string
  readonly text: string
  readonly isBought: boolean
}

export const shopping = defineMachine({
  name: 'shopping',
  version: 1,
  initial: [] as readonly Item[],
  mutations: {
    add: (items, text: string, call) => {
      items.push({ id: call.newId(), text, isBought: false })
    },
    buy: (items, id: string) => {
      const item = items.find(item => item.id === id)
      if (item === undefined || item.isBought) throw new Error('Somebody has bought it already.')
      item.isBought = true
    },
  },
})

export const program = stateProgram(shopping)
