/** What page and worker run alike. */
import { ReplicatedMachines } from '@flotilla/state'
import { boardMachine } from '../machine/board.ts'

export const program = { machine: () => new ReplicatedMachines([boardMachine]) }
