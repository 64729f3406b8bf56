/**
 * A room whose key was changed has another link, and lies under the name that it was opened with: this browser remembers which
 * link leads to what it has stored.
 */
import { deriveRoomKeys } from '@flotilla/webrtc-transport'

const PREFIX = 'flotilla:moved:'

/** What is stored of the room of this topic lies under this name. */
export function databaseOf(topic: string): string {
  try {
    return localStorage.getItem(PREFIX + topic) ?? topic
  } catch {
    return topic
  }
}

/** From now on the room is found by `after`, too. */
export async function rememberMove(room: string, before: string, after: string): Promise<void> {
  const [old, now] = await Promise.all([deriveRoomKeys(room, before), deriveRoomKeys(room, after)])
  try {
    localStorage.setItem(PREFIX + now.topic, databaseOf(old.topic))
  } catch {
    // Where nothing can be remembered, the new link makes a new node of this browser.
  }
}
