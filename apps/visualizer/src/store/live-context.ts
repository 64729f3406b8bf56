/** Hands the store, the actions and the picture's motion of one session to the components. */
import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import { type Quorum, quorumOf } from '../trace-view/roster.ts'
import type { ClusterView } from '../trace-view/view.ts'
import type { LiveActions, LiveState, LiveStore } from './live-store.ts'
import type { Picture } from './picture.ts'

export interface Live {
  readonly store: LiveStore
  /** Where somebody only watches there is nothing to do. */
  readonly actions: LiveActions | undefined
  readonly picture: Picture
}

export const LiveContext = createContext<Live | undefined>(undefined)

export function useLiveContext(): Live {
  const live = useContext(LiveContext)
  if (live === undefined) throw new Error('rendered outside of a session')
  return live
}

export function useLive<T>(select: (state: LiveState) => T): T {
  return useStore(useLiveContext().store, select)
}

/** For what is only there where something can be done. */
export function useActions(): LiveActions {
  const { actions } = useLiveContext()
  if (actions === undefined) throw new Error('rendered where there is nothing to do')
  return actions
}

export const useMayAct = (): boolean => useLiveContext().actions !== undefined

export function useQuorum(): Quorum | undefined {
  return useLive(state => (state.self === undefined ? undefined : quorumNow(state.view, state.self)))
}

const quorumNow = lastOnly((view: ClusterView, self: string) => quorumOf(view, self))

function lastOnly<A, B, R>(compute: (a: A, b: B) => R): (a: A, b: B) => R {
  let last: { readonly a: A; readonly b: B; readonly result: R } | undefined
  return (a, b) => {
    if (last === undefined || last.a !== a || last.b !== b) last = { a, b, result: compute(a, b) }
    return last.result
  }
}
