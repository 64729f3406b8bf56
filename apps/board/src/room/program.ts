/** What page and worker run alike. */
import { stateProgram } from '@flotilla/state'
import { boardMachine } from '../machine/board.ts'

export const program = stateProgram(boardMachine)
