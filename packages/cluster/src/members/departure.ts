/**
 * A voter that goes at somebody's wish, its own or another's. Unlike the autopilot nobody asks then whether the room can spare it;
 * and a configuration counts from the moment it is appended (§6): were those who stay no majority of themselves, it would never be
 * committed, and nobody could be elected to take it back.
 */
import type { MembershipChange } from '@flotilla/core'
import { type Room, readyLearners, tolerance } from './autopilot.ts'

export type Departure = Extract<MembershipChange, { type: 'remove' | 'expel' }>

/**
 * The change to make for it now: with a standby in its place, where those who stay could not go on; `later` where there is none,
 * for a lost voter comes back, or is demoted.
 */
export function depart(room: Room, departure: Departure): readonly MembershipChange[] | 'later' {
  const { voters } = room.status.configuration
  const staying = voters.filter(id => id !== departure.id)
  if (staying.length === voters.length || tolerance(room, staying) >= 0) return [departure]
  const [standby] = readyLearners(room)
  // A joint change needs the majority there is, too.
  if (standby !== undefined && tolerance(room, voters) >= 0) return [departure, { type: 'addVoter', id: standby }]
  // Core says of the last voter what is wrong.
  return staying.length === 0 ? [departure] : 'later'
}
