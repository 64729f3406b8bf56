/** What page and worker run alike: the machine behind a store. */
import { storeMachine } from '@flotilla/react/zustand'
import { stateProgram } from '@flotilla/state'

export const program = stateProgram(storeMachine('notes'))
