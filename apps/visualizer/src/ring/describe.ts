/** A node in words: what the ring shows by shape and badge, for labels and for those who cannot see it. */
import { isolated } from '../trace-view/called-name.ts'
import type { Seat } from '../trace-view/roster.ts'
import { hasTerm, isKnownTab } from '../trace-view/view.ts'
import { picture } from '../words/picture.ts'

export function conditionOf({ node, presence, standing }: Seat): string {
  const { conditions } = picture()
  if (presence === 'closed' && !isKnownTab(node)) return conditions.stopped
  return conditions[presence === 'here' ? standing : presence]
}

/** @param ownWord what to call one's own node */
export function describeSeat(seat: Seat, ownWord: string): string {
  const { node, name, called, self } = seat
  const words = picture()
  const parts = [name, ...(called === undefined ? [] : [isolated(called)]), conditionOf(seat)]
  if (self) parts.push(ownWord)
  if (hasTerm(node)) parts.push(words.term(node.term))
  if (node.heard) parts.push(words.logUpTo(node.log.lastIndex, node.commitIndex))
  const yes = node.votes.filter(vote => vote.granted).length
  if (seat.standing === 'candidate') parts.push(words.votesSoFar(yes))
  return parts.join(', ')
}
