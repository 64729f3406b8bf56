/** Checks one event that another tab tells of its node: whether it is one, of that node, and no larger than a tab's can be. */
import type { Configuration, NodeId, TraceEvent } from '@flotilla/core'
import { decodeEvent, Fields, Malformed } from '@flotilla/trace'

const MAX_ENTRIES = 2_048
const MAX_MEMBERS = 128

/** @param from who tells it: nobody may tell another node's trace */
export function checkEvent(value: unknown, from: NodeId): TraceEvent | undefined {
  try {
    const event = decodeEvent(new Fields(value), { at: 0, unnamed: '' })
    return event.node === from && isModest(event) ? event : undefined
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
}

function isModest(event: TraceEvent): boolean {
  if ('entries' in event && event.entries.length > MAX_ENTRIES) return false
  return !('configuration' in event) || isOfThisRoom(event.configuration)
}

/** Members are named by their leader, in the order in which they joined. */
function isOfThisRoom({ members, voters, oldVoters }: Configuration): boolean {
  return (
    [members, voters, oldVoters].every(list => list.length <= MAX_MEMBERS) &&
    members.every(({ name }) => /^S\d{1,6}$/.test(name))
  )
}
