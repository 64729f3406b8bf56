/** One machine, as an application uses it. */
import type { ReadOptions } from '@flotilla/cluster'
import type { MachineDefinition, Mutations } from './definition.ts'
import type { Happened } from './history.ts'
import type { Change, PendingChange } from './pending.ts'

/** A mutation as it is called: with its argument, or with none. */
type Called<F> = F extends (draft: never, ...rest: infer Rest) => unknown
  ? Rest extends readonly [infer Args, ...unknown[]]
    ? undefined extends Args
      ? (args?: Args) => Change
      : (args: Args) => Change
    : () => Change
  : never

export type Mutate<M> = { readonly [Name in keyof M]: Called<M[Name]> }

export interface SharedMachine<State, M extends Mutations<State>> {
  /**
   * Each mutation under its own name. The state shows it when the call returns. What the mutation throws on the state that is
   * shown comes back as a change that is `Rejected` already, and nothing is sent. One without an argument may be a listener as it is
   * (`onClick={mutate.clear}`): the event is left out. @throws NotSerializable with the argument's path
   */
  readonly mutate: Mutate<M>
  /** With this browser's own pending changes. What did not change keeps its identity. */
  current(): State
  /** What everybody agrees on, as far as this page has heard. */
  committed(): State
  /** The latest changes that took effect, oldest first, with this browser's own pending ones at the end. Another array whenever one comes. */
  history(): readonly Happened[]
  /** This browser's own changes that the log does not show yet, oldest first. */
  pending(): readonly Change[]
  /** Of the committed state: `linearizable` (default) sees every change that was acknowledged before the call; `local` what is here. */
  read<T>(select: (state: State) => T, options?: ReadOptions): Promise<T>
  /** Called at once with what there is, and again whenever what is selected is another (by `Object.is`). Gives the way to stop. */
  subscribe(listener: (state: State) => void): () => void
  subscribe<T>(select: (state: State) => T, listener: (selected: T) => void): () => void
  /**
   * Takes back this client's last change, as a change of its own; `undefined` if there is none. It comes back as `Rejected` where somebody has
   * changed the same since (of an array: added or removed anything), and where nobody has kept what it takes (`canUndo`). However often it is
   * asked for then, it is one failure.
   */
  undo(): Change | undefined
  /**
   * By what is shown now `undo` would not be refused: there is a last change of this client, nobody has changed the same since, and what it takes
   * is kept, up to 8,192 characters, for the last hundred changes.
   */
  canUndo(): boolean
}

/** What a machine stands on. */
export interface Ground {
  state(machine: string): unknown
  committed(machine: string): unknown
  history(machine: string): readonly Happened[]
  changes(machine: string): readonly PendingChange[]
  mutate(machine: string, version: number, name: string, args: unknown): Change
  undo(machine: string, version: number): Change | undefined
  canUndo(machine: string, version: number): boolean
  read<T>(query: () => T, options?: ReadOptions): Promise<T>
  onChanged(listener: () => void): () => void
}

export function sharedMachine<State, M extends Mutations<State>>(
  { name, version, mutations }: MachineDefinition<State, M>,
  ground: Ground,
): SharedMachine<State, M> {
  // The copies run this very definition, so their states are its own.
  const current = (): State => ground.state(name) as State
  const committed = (): State => ground.committed(name) as State

  function subscribe<T>(select: (state: State) => T, listener: (selected: T) => void): () => void {
    let last = select(current())
    const stop = ground.onChanged(() => {
      const next = select(current())
      if (Object.is(next, last)) return
      last = next
      listener(next)
    })
    listener(last)
    return stop
  }

  return {
    mutate: called(mutations, (mutation, args) => ground.mutate(name, version, mutation, args)),
    current,
    committed,
    history: () => ground.history(name),
    pending: () => ground.changes(name),
    read: (select, options) => ground.read(() => select(committed()), options),
    subscribe: <T>(first: ((state: State) => T) | ((state: State) => void), listener?: (selected: T) => void) =>
      listener === undefined
        ? subscribe(state => state, first)
        : // With a listener the first one selects.
          subscribe(first as (state: State) => T, listener),
    undo: () => ground.undo(name, version),
    canUndo: () => ground.canUndo(name, version),
  }
}

function called<M extends Mutations<never>>(mutations: M, call: (name: string, args: unknown) => Change): Mutate<M> {
  const mutate = Object.fromEntries(
    Object.entries(mutations).map(([name, { length }]) => [
      name,
      // `onClick={mutate.clear}`: the mutation names no argument, and gets none.
      (args?: unknown) => call(name, length < 2 && isEvent(args) ? undefined : args),
    ]),
  )
  // One function for each of the names, and what it takes is what the mutation takes.
  return mutate as Mutate<M>
}

/** Of the page, or one of React's around it. */
function isEvent(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return value instanceof Event || ('nativeEvent' in value && value.nativeEvent instanceof Event)
}
