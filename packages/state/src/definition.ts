/** What an application's shared state is, and all that can happen to it. */
import type { Draft } from 'immer'
import { jsonCopy, NotSerializable } from './json.ts'

/**
 * What a mutation may know of the moment it was called in. It was recorded at the call and travels with the mutation, so that
 * every node that runs it, now or in a year, sees the same.
 */
export interface Call {
  /** Milliseconds since 1970, by the clock of whoever called. Clocks differ: order comes from the log alone. */
  readonly now: number
  /** Who called, as the application named itself; empty if it did not. */
  readonly by: string
  /** Unique among all calls of the room. */
  readonly id: string
  /** Where it stands in the log; `undefined` while this page shows a call that is not committed. */
  readonly index: number | undefined
  /** Of the definition that made the call; the definition that runs it may be newer. */
  readonly version: number
  /** Another id each time, unique in the room. */
  newId(): string
  /** Uniform in [0, 1), as `Math.random`, and the same on every node. */
  random(): number
}

/**
 * Changes the draft, or gives a new state in its place. What it throws undoes all of it, on every node alike, and comes back
 * to the caller as `Rejected`. No clock, no chance and no outside world: `call` has what it needs.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a mutation that changes its draft gives nothing
export type Mutation<State, Args> = (draft: Draft<State>, args: Args, call: Call) => State | void

/** `never` stands for any one type of arguments. */
export type Mutations<State> = Readonly<Record<string, Mutation<State, never>>>

/** Any machine at all, where its types do not matter. */
export interface AnyMachine {
  readonly name: string
  readonly versions: readonly MachineVersion[]
}

/** One version of a machine with its types erased: states and arguments are JSON that came over the log. */
export interface MachineVersion {
  readonly version: number
  initial(): unknown
  /** `undefined`: this version knows no such mutation. */
  mutation(name: string): ((draft: unknown, args: unknown, call: Call) => unknown) | undefined
  /** From the state of the version before this one, if that is known here. */
  migrate(before: unknown): unknown
}

export interface MachineDefinition<State, M extends Mutations<State>> extends AnyMachine {
  readonly version: number
  readonly initial: State
  readonly mutations: M
}

export interface MachineOptions<State, M extends Mutations<State>> {
  /** Names the machine in the log, for ever: 1 to 64 characters. */
  readonly name: string
  /** Whole, from 1 on. One more whenever the state's shape or the meaning of a mutation changes. */
  readonly version: number
  /** Of a new room: an object or an array, of JSON. */
  readonly initial: State
  readonly mutations: M
}

/** How a machine follows an earlier version of itself. */
export interface MigrationOptions<Before, State> {
  /**
   * The definition before this one. While a room is still of that version, its mutations run by its code. What came before
   * `previous` does as well, as far back as definitions are kept.
   */
  readonly previous: AnyMachine & { readonly initial: Before }
  /** Runs on every node at the same entry of the log: as deterministic as a mutation. */
  readonly migrate: (before: Before) => State
}

/**
 * Defines a machine. Mutations take a draft (Immer) and one argument of JSON:
 *
 *     defineMachine({
 *       name: 'todos', version: 1, initial: [] as Todo[],
 *       mutations: { add: (draft, todo: Todo) => { draft.push(todo) } },
 *     })
 *
 * @throws RangeError on a name or version out of bounds, or a version that does not follow `previous`
 * @throws NotSerializable if `initial` is no object or array of JSON
 */
export function defineMachine<State, M extends Mutations<State>>(
  options: MachineOptions<State, M>,
): MachineDefinition<State, M>
export function defineMachine<State, M extends Mutations<State>, Before>(
  options: MachineOptions<State, M>,
  migration: MigrationOptions<Before, State>,
): MachineDefinition<State, M>
export function defineMachine<State, M extends Mutations<State>, Before>(
  options: MachineOptions<State, M>,
  migration?: MigrationOptions<Before, State>,
): MachineDefinition<State, M> {
  const { name, version, initial, mutations } = options
  if (name.length < 1 || name.length > 64) throw new RangeError('a machine’s name has 1 to 64 characters')
  if (!Number.isSafeInteger(version) || version < 1) throw new RangeError('a machine’s version is whole, from 1 on')
  const before = migration?.previous
  if (before !== undefined && before.name !== name)
    throw new RangeError(`${name} cannot follow ${before.name}: a machine keeps its name`)
  const earlier = before?.versions ?? []
  const last = earlier.at(-1)?.version
  if (last !== undefined && version !== last + 1)
    throw new RangeError(`version ${version} does not follow version ${last}: definitions are kept without gaps`)
  if (typeof jsonCopy(initial, 'initial') !== 'object' || initial === null)
    throw new NotSerializable('initial', 'no object or array')
  return { name, version, initial, mutations, versions: [...earlier, erased(options, migration)] }
}

/**
 * Here alone types end: what is in the log was written by a definition of this name and version, whose own types said what
 * its arguments and states are.
 */
function erased<State, M extends Mutations<State>, Before>(
  { version, initial, mutations }: MachineOptions<State, M>,
  migration: MigrationOptions<Before, State> | undefined,
): MachineVersion {
  return {
    version,
    initial: () => jsonCopy(initial),
    mutation: name =>
      Object.hasOwn(mutations, name)
        ? (mutations[name] as (draft: unknown, args: unknown, call: Call) => unknown)
        : undefined,
    migrate: state => migration?.migrate(state as Before),
  }
}
