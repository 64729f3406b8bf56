/** What a room is called on this disk. */
import { checkRoomName } from '@flotilla/cluster'
import { deriveRoomKeys } from '@flotilla/webrtc-transport'
import type { NodeSettings } from './program.ts'

/** Rooms of one name and different secrets are different rooms, on disk as well. Rejects with a ClusterError for what is no name, before anything is made by it. */
export async function roomOnDisk({ room, secret }: Pick<NodeSettings, 'room' | 'secret'>): Promise<string> {
  const name = secret === undefined ? room : (await deriveRoomKeys(room, secret)).topic
  checkRoomName(name)
  return name
}
