/** What page and worker run alike, for `openNode` and `serveNode` of `@flotilla/browser-node`. */
import type { StateCommand } from './command.ts'
import type { AnyMachine } from './definition.ts'
import { ReplicatedMachines } from './replicated-machines.ts'

export interface StateProgram {
  readonly machine: () => ReplicatedMachines
  /** What a command says, in few words, for traces. */
  readonly describe: (command: StateCommand) => string
}

/** @throws RangeError if two machines have the same name */
export function stateProgram(...machines: readonly AnyMachine[]): StateProgram {
  const machine = (): ReplicatedMachines => new ReplicatedMachines(machines)
  machine()
  return {
    machine,
    describe: ({ machine: name, what }) => `${name}: ${what.kind === 'mutate' ? what.name : what.kind}`,
  }
}
