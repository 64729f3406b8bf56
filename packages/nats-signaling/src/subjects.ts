/** The names under which a room's signals travel through NATS. */
import type { NodeId } from '@flotilla/core'

/** What everybody in the room hears. */
export const everybodyIn = (room: string): string => `flotilla.signals.${room}.all`

/** What one of them hears. An id may be any text, a part of a subject may not. */
export const oneIn = (room: string, id: NodeId): string => `flotilla.signals.${room}.to.${hexadecimal(id)}`

/** What is relayed to one of them. */
export const relayedTo = (room: string, id: NodeId): string => `flotilla.relayed.${room}.to.${hexadecimal(id)}`

function hexadecimal(text: string): string {
  let digits = ''
  for (const byte of new TextEncoder().encode(text)) digits += byte.toString(16).padStart(2, '0')
  return digits
}
