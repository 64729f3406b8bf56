/** A zustand store whose data everybody in the room has: `replicate(creator, options)`, as `persist` but shared. */
import type { SharedState } from '@flotilla/state'
import type { StateCreator, StoreApi } from 'zustand'

import { type Placing, placesOf, storeMachine } from './store-machine.ts'

export { type Placing, type StoreMachine, storeMachine } from './store-machine.ts'

export interface ReplicateOptions<T, Replicated extends object> {
  /** As the machine's. */
  readonly name: string
  /** The room's shared state, or the promise of it. Until it is there, changes wait. */
  readonly state: SharedState | PromiseLike<SharedState>
  /** What of the store is shared: by default all that is no function. */
  readonly partialize?: (state: T) => Replicated
  /** How what is shared comes into the store: by default its properties take the place of the store's. */
  readonly merge?: (shared: object, current: T) => T
  /** Called when the room's data are first in the store. */
  readonly onRehydrateStorage?: (state: T) => void
}

/**
 * What `set` changes is sent place by place: objects are entered, anything else is one place. Two pages that set different
 * places both have their way; of the same place the later in the log stands. Where that is not what is meant, use
 * `defineMachine` and say what is.
 *
 * All pages have to begin with the same data: what nobody has changed yet is in the store only.
 */
export function replicate<T extends object, Replicated extends object = T>(
  creator: StateCreator<T>,
  {
    name,
    state,
    partialize = withoutFunctions,
    merge = (shared, current) => ({ ...current, ...shared }),
    onRehydrateStorage,
  }: ReplicateOptions<T, Replicated>,
): StateCreator<T> {
  return (set, get, api) => {
    const early: Placing[] = []
    let committed = (): object => ({})
    let send = (places: readonly Placing[]): void => {
      early.push(...places)
    }
    const shareChange = (change: () => void): void => {
      const before = partialize(get())
      change()
      const places = placesOf(before, partialize(get()), begun, committed())
      if (places.length > 0) send(places)
    }
    const shared: StoreApi<T>['setState'] = (partial, replace) =>
      // zustand's own two overloads are one function.
      shareChange(() => (replace === true ? set(partial as T, true) : set(partial)))
    api.setState = shared
    const first = creator(shared, get, api)
    const begun = partialize(first)

    void Promise.resolve(state).then(room => {
      const machine = room.machine(storeMachine(name))
      committed = machine.committed
      send = places => {
        machine.mutate.place(places)
      }
      if (early.length > 0) send(early)
      let known = new Set<string>()
      machine.subscribe(data => {
        // What was shared and is no more goes back to what the store began with.
        const gone = Object.fromEntries(
          [...known].filter(key => !Object.hasOwn(data, key)).map(key => [key, Reflect.get(first, key)]),
        )
        known = new Set(Object.keys(data))
        set(merge({ ...gone, ...data }, get()), true)
      })
      onRehydrateStorage?.(get())
    })
    return first
  }
}

function withoutFunctions<T extends object, Replicated extends object>(state: T): Replicated {
  const data = Object.entries(state).filter(([, value]) => typeof value !== 'function')
  // By default all data are shared: the type parameter then says the same as `T`.
  return Object.fromEntries(data) as Replicated
}
