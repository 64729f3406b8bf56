/** The seats of a view that changes: computed once for each, and what has not changed of them keeps its identity. */
import type { NodeId } from '@flotilla/core'
import { wordsVersion } from '../words/language.ts'
import { type Seat, seats } from './roster.ts'
import type { ClusterView } from './view.ts'

/** So that neither a node's mark nor its row is rendered again while nothing happens to it. */
export function seating(): (view: ClusterView, self: NodeId | undefined) => readonly Seat[] {
  let last:
    | {
        readonly view: ClusterView
        readonly self: NodeId | undefined
        readonly spoken: number
        readonly seats: readonly Seat[]
      }
    | undefined
  return (view, self) => {
    const spoken = wordsVersion()
    if (last?.view === view && last.self === self && last.spoken === spoken) return last.seats
    const known = new Map(last?.seats.map(seat => [seat.node.id, seat]))
    const all = seats(view, self).map(seat => {
      const before = known.get(seat.node.id)
      return before && isSame(before, seat) ? before : seat
    })
    const before = last?.seats ?? []
    const now = all.length === before.length && all.every((seat, i) => seat === before[i]) ? before : all
    last = { view, self, spoken, seats: now }
    return now
  }
}

function isSame(a: Seat, b: Seat): boolean {
  return (
    a.node === b.node &&
    a.name === b.name &&
    a.called === b.called &&
    a.presence === b.presence &&
    a.standing === b.standing &&
    a.self === b.self
  )
}
