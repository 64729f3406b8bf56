/** What page and worker run alike, for `openNode` and `serveNode` of `@flotilla/browser-node`. */
import type { StateCommand } from './command.ts'
import type { AnyMachine } from './definition.ts'
import type { Json } from './json.ts'
import { ReplicatedMachines } from './replicated-machines.ts'

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/

export interface StateProgram {
  readonly machine: () => ReplicatedMachines
  /** What a command says, in few words, for traces. */
  readonly describe: (command: StateCommand) => string
}

/** @throws RangeError if two machines have the same name */
export function stateProgram(...machines: readonly AnyMachine[]): StateProgram {
  const machine = (): ReplicatedMachines => new ReplicatedMachines(machines)
  machine()
  const isOne = machines.length === 1
  return {
    machine,
    describe: command => (isOne ? '' : `${command.machine}: `) + inWords(command),
  }
}

/** A text is cut where it gets long, and ids are long and say nothing to people. */
function meaningFirst(args: Json): Json {
  if (typeof args !== 'object' || args === null || Array.isArray(args)) return args
  const isId = (value: Json): boolean => typeof value === 'string' && UUID.test(value)
  return Object.fromEntries(Object.entries(args).sort(([, a], [, b]) => Number(isId(a)) - Number(isId(b))))
}

/** As it was called: what stands in the log is a mutation's name and its arguments, and people may see that. */
function inWords({ what, version }: StateCommand): string {
  switch (what.kind) {
    case 'mutate':
      return what.args === undefined ? what.name : `${what.name} ${JSON.stringify(meaningFirst(what.args))}`
    case 'undo':
      return `undo ${what.of}`
    case 'migrate':
      return `migrate to version ${version}`
    default:
      return what satisfies never
  }
}
