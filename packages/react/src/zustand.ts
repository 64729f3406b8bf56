/** A zustand store whose data everybody in the room has: `replicate(creator, options)`, as `persist` but shared. */
import { ClusterError } from '@flotilla/cluster'
import { report, tell } from '@flotilla/cluster/clients'
import type { SharedState } from '@flotilla/state'
import type { StateCreator, StoreApi } from 'zustand'

import { roomOfNobody } from './room-of-nobody.ts'
import { type Placing, placesOf, refusalOf, storeMachine } from './store-machine.ts'

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
  /**
   * Called once, when everything that was acknowledged in the room before is in the store. A majority has to say so: a page that begins
   * without a network shows what its browser has, and this is called when the network is back.
   */
  readonly onRehydrateStorage?: (state: T) => void
  /** Told why the room cannot be had, such as what `state` rejected with. The store goes on by itself. By default it is reported as an uncaught error is. */
  readonly onError?: (error: unknown) => void
}

/** Days: a page may be without a network for as long as it is open. Timers do not run longer than 24 of them. */
const PATIENCE_MS = 20 * 24 * 60 * 60 * 1000

/**
 * What `set` changes is sent place by place: objects are entered, anything else is one place. Two pages that set different
 * places both have their way; of the same place the later in the log stands. Where that is not what is meant, use
 * `defineMachine` and say what is.
 *
 * All pages have to begin with the same data: what nobody has changed yet is in the store only. What cannot be sent, `set` refuses with
 * NotSerializable, before the store shows any of it. That is also so of a property of the store that becomes `undefined`: JSON has none,
 * `null` is what can be said. Left out by `set(…, true)`, a property is on all pages what it was in the beginning.
 *
 * Other middlewares go inside, as with `persist`.
 */
export function replicate<T extends object, Replicated extends object = T>(
  creator: StateCreator<T>,
  {
    name,
    state,
    partialize = withoutFunctions,
    merge = (shared, current) => ({ ...current, ...shared }),
    onRehydrateStorage,
    onError = report,
  }: ReplicateOptions<T, Replicated>,
): StateCreator<T> {
  return (set, get, api) => {
    const definition = storeMachine(name)
    const alone = roomOfNobody(definition)
    let machine = alone.machine(definition)
    let known: readonly string[] = []
    /** What the store is about to show. */
    let coming: T | undefined

    const show = (): void => {
      const current = coming ?? get()
      coming = undefined
      const data = machine.current()
      // What was shared and is no more goes back to what the store began with.
      const gone = known.filter(key => !Object.hasOwn(data, key))
      known = Object.keys(data)
      const again = Object.fromEntries(Object.entries(begun).filter(([key]) => gone.includes(key)))
      const strange = gone.filter(key => !Object.hasOwn(again, key))
      set(merge({ ...again, ...data }, without(current, strange)), true)
    }

    // The room has the change before anybody hears of it: what a listener sets in turn is then a change of what the room has.
    const shared: StoreApi<T>['setState'] = (partial, replace) => {
      const before = coming ?? get()
      const part = typeof partial === 'function' ? partial(before) : partial
      if (Object.is(part, before)) return
      // Zustand's own two overloads say that it is whole.
      const next = replace === true ? (part as T) : { ...before, ...part }
      const places = placesOf(partialize(before), partialize(next), begun, machine.committed())
      const waiting = coming
      coming = next
      try {
        if (places.length > 0) machine.mutate.place(places)
      } catch (error) {
        coming = waiting
        throw refusalOf(error, places)
      }
      // Where the machine has told of it, it is shown.
      if (coming !== undefined) show()
    }
    api.setState = shared
    const first = creator(shared, get, api)
    const begun = partialize(first)

    const enter = (room: SharedState): void => {
      const early = placesIn(alone)
      alone.close()
      machine = room.machine(definition)
      try {
        if (early.length > 0) machine.mutate.place(early)
      } finally {
        machine.subscribe(show)
      }
    }
    const rehydrate = async (): Promise<void> => {
      if (onRehydrateStorage === undefined) return
      try {
        await machine.read(() => undefined, { timeoutMs: PATIENCE_MS })
      } catch (error) {
        if (error instanceof ClusterError && error.kind === 'Closed') return
        throw error
      }
      tell(onRehydrateStorage, get())
    }
    Promise.resolve(state).then(enter).then(rehydrate).catch(onError)
    return first
  }
}

/** What was changed there, in its order. */
function placesIn(room: SharedState): readonly Placing[] {
  // The store's own machine is the only one there, and it has one mutation.
  return room.pending().flatMap(({ what }) => (what.kind === 'mutate' ? (what.args as unknown as Placing[]) : []))
}

function without<T extends object>(state: T, keys: readonly string[]): T {
  if (keys.length === 0) return state
  // What came only with the room's data is in no store's type for good.
  return Object.fromEntries(Object.entries(state).filter(([key]) => !keys.includes(key))) as T
}

function withoutFunctions<T extends object, Replicated extends object>(state: T): Replicated {
  const data = Object.entries(state).filter(([, value]) => typeof value !== 'function')
  // By default all data are shared: the type parameter then says the same as `T`.
  return Object.fromEntries(data) as Replicated
}
