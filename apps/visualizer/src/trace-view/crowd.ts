/**
 * A room of many: those who vote can be told apart and followed, the others are a crowd. From as many members on as the room's
 * links are not everybody's to everybody any more.
 */
import { currentConfiguration, type Seat } from './roster.ts'
import type { ClusterView } from './view.ts'

/** As of the cluster's `FULL_MESH_NODES`; pages that open no node do without its code. */
export const MOST_APART = 9

export function isCrowd(view: ClusterView): boolean {
  return currentConfiguration(view).members.length > MOST_APART
}

export interface Placed {
  /** On the ring and in the logs: those who vote, and this tab. */
  readonly front: readonly Seat[]
  readonly crowd: readonly Seat[]
}

export function placed(seats: readonly Seat[]): Placed {
  if (seats.length <= MOST_APART) return { front: seats, crowd: [] }
  const isInFront = ({ standing, self }: Seat): boolean => self || (standing !== 'learner' && standing !== 'joining')
  return { front: seats.filter(isInFront), crowd: seats.filter(seat => !isInFront(seat)) }
}
