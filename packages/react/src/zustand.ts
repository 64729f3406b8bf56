/** A zustand store whose data everybody in the room has: `replicate(creator, options)`, as `persist` but shared. */
import { defineMachine, type Json, type SharedState } from '@flotilla/state'
import type { StateCreator, StoreApi } from 'zustand'

/** One place of the store's data: what it is from now on, or, without a value, that it is no more. */
export interface Placing {
  readonly path: readonly string[]
  readonly value?: Json
}

/** The machine behind a store, to be given to the node with the others. A store's data are an object of JSON. */
export function storeMachine(name: string) {
  return defineMachine({
    name,
    version: 1,
    initial: {} as Readonly<Record<string, Json>>,
    mutations: {
      place: (draft, places: readonly Placing[]) => place(draft, places),
    },
  })
}

export type StoreMachine = ReturnType<typeof storeMachine>

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
    let send = (places: readonly Placing[]): void => {
      early.push(...places)
    }
    const shareChange = (change: () => void): void => {
      const before = partialize(get())
      change()
      const places = differences(before, partialize(get()))
      if (places.length > 0) send(places)
    }
    const shared: StoreApi<T>['setState'] = (partial, replace) =>
      // zustand's own two overloads are one function.
      shareChange(() => (replace === true ? set(partial as T, true) : set(partial)))
    api.setState = shared
    const first = creator(shared, get, api)

    void Promise.resolve(state).then(room => {
      const machine = room.machine(storeMachine(name))
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

/** What has to be placed so that `before` becomes `after`. */
export function differences(before: object, after: object, path: readonly string[] = []): readonly Placing[] {
  const gone = Object.keys(before).filter(key => !Object.hasOwn(after, key) || Reflect.get(after, key) === undefined)
  const places: Placing[] = gone.map(key => ({ path: [...path, key] }))
  for (const [key, value] of Object.entries(after)) {
    const old: unknown = Reflect.get(before, key)
    if (value === undefined || Object.is(old, value)) continue
    const here = [...path, key]
    if (isRecord(old) && isRecord(value)) places.push(...differences(old, value, here))
    else if (JSON.stringify(old) !== JSON.stringify(value)) places.push({ path: here, value })
  }
  return places
}

function place(draft: Record<string, unknown>, places: readonly Placing[]): void {
  for (const { path, value } of places) {
    let parent = draft
    for (const step of path.slice(0, -1)) {
      const next = Object.hasOwn(parent, step) ? parent[step] : undefined
      const entered = isRecord(next) ? next : {}
      if (next !== entered) parent[step] = entered
      parent = isRecord(parent[step]) ? parent[step] : entered
    }
    const last = path.at(-1)
    if (last === undefined || path.includes('__proto__')) throw new TypeError('no place in a store')
    if (value === undefined) delete parent[last]
    else parent[last] = value
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
