/** A board is a room, named in the address: `#room=…`, and where browsers on other machines can join, `&key=…`. Once it is there, `&join` besides. */
import { isRoomSecret, newRoomSecret } from '@flotilla/webrtc-transport'

export interface RoomLink {
  readonly room: string
  /** Of a room that is shared between browsers. */
  readonly key?: string
  /** The board is there: whoever opens this waits for somebody who has it, and makes no second one. */
  readonly joins?: true
}

/** What the server of this page says of itself, in the page's head. Nothing where the page is only a folder of files. */
export interface Host {
  readonly signaling: string | undefined
  readonly address: string | undefined
  readonly iceServers: readonly RTCIceServer[]
}

/** Never a room of Live, whose nodes run another machine: the same link there is another room. The page's head says it to edge nodes. */
export const ROOM_PREFIX = 'on-board_'

const NAME = /^[A-Za-z0-9_-]+$/

/** A room has at most 64 characters, prefix and all. Of two longer names the same would be left: two boards would be one. */
export const MAX_NAME = 64 - ROOM_PREFIX.length

/** `undefined` where the address names no room; `invalid` and `too-long` where it names one that cannot be. */
export function roomIn(hash: string): RoomLink | 'invalid' | 'too-long' | undefined {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''))
  const room = parameters.get('room')
  const key = parameters.get('key')
  if (room === null || room === '') return undefined
  if (!NAME.test(room) || (key !== null && !isRoomSecret(key))) return 'invalid'
  if (room.length > MAX_NAME) return 'too-long'
  return key === null ? { room } : { room, key, ...(parameters.has('join') && { joins: true }) }
}

/** The room's name in the cluster, and on this browser's disk. */
export const roomOf = ({ room }: RoomLink): string => `${ROOM_PREFIX}${room}`

export function freshRoom({ signaling }: Host): RoomLink {
  const room = `board-${crypto.randomUUID().slice(0, 8)}`
  return signaling === undefined ? { room } : { room, key: newRoomSecret() }
}

export const hashOf = ({ room, key, joins }: RoomLink): string =>
  `#room=${room}${key === undefined ? '' : `&key=${key}${joins ? '&join' : ''}`}`

/** For others: on another machine this one's `localhost` leads nowhere. */
export function invitation(link: RoomLink, { address }: Host): string {
  const here = `${location.origin}${location.pathname}`
  const isLocal = /^(localhost|127\.|\[::1\])/.test(location.hostname)
  return (link.key !== undefined && isLocal && address !== undefined ? address : here) + hashOf(link)
}

/** @param onDisk the room's name on this browser's disk, by which its node is found */
export const watchAddress = (onDisk: string, link: RoomLink): string =>
  `../#/watch/${new URLSearchParams({ room: onDisk, name: link.room, back: location.pathname + hashOf(link) })}`

export function hostOfPage(): Host {
  const signaling = told('flotilla-signaling')
  const ice = told('flotilla-ice')
  return {
    signaling: signaling && new URL(signaling, location.href).href.replace(/^http/, 'ws').replace(/#.*$/, ''),
    address: told('flotilla-address'),
    iceServers: ice === undefined ? [] : JSON.parse(ice),
  }
}

const told = (name: string): string | undefined =>
  document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content || undefined
