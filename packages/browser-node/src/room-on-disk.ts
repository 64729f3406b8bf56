/** What a room is called on this disk. */
import { ClusterError, checkRoomName } from '@flotilla/cluster'
import { deriveRoomKeys, isRoomSecret } from '@flotilla/webrtc-transport'
import type { NodeSettings } from './program.ts'

/** Rooms of one name and different secrets are different rooms, on disk as well. Rejects with a ClusterError for what is no name or no secret, before anything is made by it. */
export async function roomOnDisk({ room, secret }: Pick<NodeSettings, 'room' | 'secret'>): Promise<string> {
  if (secret !== undefined && !isRoomSecret(secret)) {
    throw new ClusterError('InvalidOptions', 'secret must be 22 characters of base64url, as newRoomSecret gives them')
  }
  const name = secret === undefined ? room : (await deriveRoomKeys(room, secret)).topic
  checkRoomName(name)
  return name
}
