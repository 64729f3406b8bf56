/** A node in words: what the ring shows by shape and badge, for labels and for those who cannot see it. */
import type { Seat } from '../trace-view/roster.ts'

export function conditionOf({ presence, standing }: Seat): string {
  if (presence === 'crashed') return 'crashed'
  if (presence === 'closed') return 'tab closed'
  if (presence === 'unreachable') return 'unreachable'
  return standing === 'preCandidate' ? 'pre-candidate' : standing
}

export function describeSeat(seat: Seat): string {
  const { node, name, self } = seat
  const parts = [name, conditionOf(seat)]
  if (self) parts.push('this tab')
  if (node.heard)
    parts.push(`term ${node.term}`, `log up to ${node.log.lastIndex}, committed up to ${node.commitIndex}`)
  const yes = node.votes.filter(vote => vote.granted).length
  if (seat.standing === 'candidate') parts.push(`${yes} votes so far`)
  return parts.join(', ')
}
