/** What a component shows of a machine, and how it changes it. */
import type {
  Change,
  Happened,
  MachineDefinition,
  Mutate,
  Mutations,
  SharedMachine,
  SharedStatus,
  Watchable,
} from '@flotilla/state'
import { useMemo, useSyncExternalStore } from 'react'

import { useSharedState } from './room.tsx'
import { useSelected } from './use-selected.ts'

/** A machine of the room, for `read`, `undo` and the like. The same object at every render. */
export function useMachine<State, M extends Mutations<State>>(
  definition: MachineDefinition<State, M>,
): SharedMachine<State, M> {
  const state = useSharedState()
  return useMemo(() => state.machine(definition), [state, definition])
}

/**
 * `[value, mutate, status]` of a machine. The component renders again only when what `select` gives (by default the whole
 * state) is another by `isEqual` (by default `Object.is`). `status` is a value to watch, and renders nothing by itself: that is
 * what `useClusterStatus` is for.
 */
export function useReplicated<State, M extends Mutations<State>>(
  definition: MachineDefinition<State, M>,
): readonly [State, Mutate<M>, Watchable<SharedStatus>]
export function useReplicated<State, M extends Mutations<State>, T>(
  definition: MachineDefinition<State, M>,
  select: (state: State) => T,
  isEqual?: (a: T, b: T) => boolean,
): readonly [T, Mutate<M>, Watchable<SharedStatus>]
export function useReplicated<State, M extends Mutations<State>, T>(
  definition: MachineDefinition<State, M>,
  select: (state: State) => State | T = state => state,
  isEqual: (a: State | T, b: State | T) => boolean = Object.is,
): readonly [State | T, Mutate<M>, Watchable<SharedStatus>] {
  const shared = useSharedState()
  const machine = useMachine(definition)
  const listen = useListen()
  const value = useSelected(listen, machine.current, select, isEqual)
  return [value, machine.mutate, shared.status]
}

/** This browser's own changes of a machine that the log does not show yet, oldest first, with how far each has come. */
export function usePending<State, M extends Mutations<State>>({
  name,
}: MachineDefinition<State, M>): readonly Change[] {
  const shared = useSharedState()
  const pending = (): readonly Change[] => shared.pending()
  return useSelected(
    useListen(),
    pending,
    changes => changes.filter(({ machine }) => machine === name),
    // Nothing of this machine before, and nothing now. Otherwise the array says that something is another.
    (a, b) => a.length === 0 && b.length === 0,
  )
}

function useListen(): (listener: () => void) => () => void {
  const shared = useSharedState()
  return useMemo(() => listener => shared.onChanged(listener), [shared])
}

/** What happened to a machine of late, oldest first, this browser's own pending changes at the end. */
export function useHistory<State, M extends Mutations<State>>(
  definition: MachineDefinition<State, M>,
): readonly Happened[] {
  const machine = useMachine(definition)
  return useSyncExternalStore(useListen(), machine.history, machine.history)
}
