/** Hands the store, the actions and the picture's motion of one session to the components. */
import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import { type Quorum, quorumOf, type Seat, seats } from '../trace-view/roster.ts'
import type { ClusterView } from '../trace-view/view.ts'
import type { LiveActions, LiveState, LiveStore } from './live-store.ts'
import type { Picture } from './picture.ts'

export interface Live {
  readonly store: LiveStore
  readonly actions: LiveActions
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

export const useActions = (): LiveActions => useLiveContext().actions

/** Everyone in the picture. Computed once for each view, however many components ask. */
export function useSeats(): readonly Seat[] {
  return useLive(useShallow(state => seatsOf(state.view, state.self)))
}

export function useQuorum(): Quorum | undefined {
  return useLive(useShallow(state => (state.self === undefined ? undefined : quorumNow(state.view, state.self))))
}

let lastSeats: ReadonlyMap<string, Seat> = new Map()
const seatsOf = lastOnly((view: ClusterView, self: string | undefined) => {
  // A seat that has not changed stays the same object, so that its mark and its row are not rendered again.
  const now = seats(view, self).map(seat => {
    const last = lastSeats.get(seat.node.id)
    return last && isSameSeat(last, seat) ? last : seat
  })
  lastSeats = new Map(now.map(seat => [seat.node.id, seat]))
  return now
})

function isSameSeat(a: Seat, b: Seat): boolean {
  return (
    a.node === b.node &&
    a.name === b.name &&
    a.presence === b.presence &&
    a.standing === b.standing &&
    a.self === b.self
  )
}

const quorumNow = lastOnly((view: ClusterView, self: string) => quorumOf(view, self))

function lastOnly<A, B, R>(compute: (a: A, b: B) => R): (a: A, b: B) => R {
  let last: { readonly a: A; readonly b: B; readonly result: R } | undefined
  return (a, b) => {
    if (last === undefined || last.a !== a || last.b !== b) last = { a, b, result: compute(a, b) }
    return last.result
  }
}
