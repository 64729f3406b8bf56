/** Into a room by its link without being a member of it: as a client, which stores nothing and votes on nothing. */
import { type Attachable, openRemote, type Remote } from '@flotilla/client'
import { newClientIdentity } from '@flotilla/webrtc-transport'
import { asEdgeNodeError, type EdgeNodeOptions, hostOf } from './edge-node.ts'
import { parseRoomLink, type RoomLink } from './room-link.ts'
import { waysInto } from './room-ways.ts'

export interface OutsideOptions
  extends Pick<
    EdgeNodeOptions,
    'link' | 'signaling' | 'nats' | 'iceServers' | 'iceTransportPolicy' | 'trustAnyCertificate' | 'signal'
  > {}

export interface Outside {
  readonly link: RoomLink
  readonly remote: Remote
}

/** For a `Client`, a `StateReader` or a `Watcher`. Close `remote` before the process ends. Rejects with an EdgeNodeError. */
export async function openOutside(attachable: Attachable, options: OutsideOptions): Promise<Outside> {
  const link = parseRoomLink(options.link)
  const { trustAnyCertificate = false, signal } = options
  const host = await hostOf(link, options, trustAnyCertificate)
  try {
    const { transport } = await waysInto(link, host, { trustAnyCertificate, isSettled: () => false })
    const identity = await newClientIdentity()
    const remote = await openRemote(attachable, {
      transport: transport(link.room),
      identity,
      ...(signal !== undefined && { signal }),
    })
    return { link, remote }
  } catch (cause) {
    throw asEdgeNodeError(cause, '')
  }
}
