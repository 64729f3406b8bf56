/** Checks what a node tells of itself: JSON of a `Telling`, of which nothing is believed before it fits. */
import type { Telling } from '@flotilla/browser-node/watch'
import type { NodeId } from '@flotilla/core'
import { checkEvent } from '../live/told-event.ts'
import { isRecord, time } from '../live/untrusted.ts'

const MAX_BYTES = 1 << 20
const MAX_EVENTS = 4_096

const decoder = new TextDecoder('utf-8', { fatal: true })

/** @param from whose trace it is: nobody tells another's. `undefined` where it is none; events that do not fit are left out */
export function checkTelling(bytes: Uint8Array, from: NodeId): Telling | undefined {
  if (bytes.byteLength > MAX_BYTES) return undefined
  let parsed: unknown
  try {
    parsed = JSON.parse(decoder.decode(bytes))
  } catch {
    return undefined
  }
  if (!isRecord(parsed)) return undefined
  const now = time(parsed.now)
  const { events } = parsed
  if (now === undefined || !Array.isArray(events) || events.length > MAX_EVENTS) return undefined
  return {
    now,
    isBeginning: parsed.isBeginning === true,
    events: events.flatMap(event => checkEvent(event, from) ?? []),
  }
}
