/** The names under which a room's signals travel through NATS. A room and an id may be any text, a part of a subject may not. */
import type { NodeId } from '@flotilla/core'

/** What everybody in the room hears. */
export const everybodyIn = (room: string): string => `flotilla.signals.${hexadecimal(room)}.all`

/** What one of them hears. */
export const oneIn = (room: string, id: NodeId): string => `flotilla.signals.${hexadecimal(room)}.to.${hexadecimal(id)}`

/** Where it is asked who is in the room. */
export const presenceIn = (room: string): string => `flotilla.signals.${hexadecimal(room)}.present`

/** What is relayed to one of them. */
export const relayedTo = (room: string, id: NodeId): string =>
  `flotilla.relayed.${hexadecimal(room)}.to.${hexadecimal(id)}`

function hexadecimal(text: string): string {
  let digits = ''
  for (const byte of new TextEncoder().encode(text)) digits += byte.toString(16).padStart(2, '0')
  return digits
}
