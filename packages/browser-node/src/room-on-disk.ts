/** What a room is called on this disk. */
import { deriveRoomKeys } from '@flotilla/webrtc-transport'
import type { NodeSettings } from './program.ts'

/** Rooms of one name and different secrets are different rooms, on disk as well. */
export async function roomOnDisk({ room, secret }: Pick<NodeSettings, 'room' | 'secret'>): Promise<string> {
  return secret === undefined ? room : (await deriveRoomKeys(room, secret)).topic
}
