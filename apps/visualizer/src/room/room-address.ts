/**
 * A room is named in the address, `#room=…`: whoever opens the same address joins it. One that is shared between browsers
 * has a key beside its name, `&key=…`: no server is told what stands after the `#`. Once such a room is there, its links say
 * `&join`: whoever opens one waits for somebody of the room, and makes no second one of the same name.
 */
import { isRoomSecret, newRoomSecret } from '@flotilla/webrtc-transport'
import { live } from '../words/live.ts'
import { hostOfRooms } from './room-host.ts'

const NAME = /^[A-Za-z0-9_-]{1,64}$/

export interface RoomName {
  readonly room: string
  /** Of a room that is shared between browsers. */
  readonly key?: string
  /** The room is there: it is joined, and never made. */
  readonly joins?: true
}

type RoomInAddress =
  | ({ readonly kind: 'named' } & RoomName)
  | { readonly kind: 'none' }
  | { readonly kind: 'invalid'; readonly text: string }

export function roomInHash(hash: string): RoomInAddress {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''))
  const text = parameters.get('room')
  const key = parameters.get('key')
  if (text === null || text === '') return { kind: 'none' }
  if (!NAME.test(text)) return { kind: 'invalid', text: text.slice(0, 80) }
  if (key === null) return { kind: 'named', room: text }
  // A key that was cut short is another room's: told, because two people would wait for each other in vain.
  if (!isRoomSecret(key)) return { kind: 'invalid', text: live().keyCutShort(text) }
  return { kind: 'named', room: text, key, ...(parameters.has('join') && { joins: true }) }
}

/** Of this very page. Without a key: with the one that it is open with. */
export function roomAddress(room: string, key = ownKey(), joins = ownJoins()): string {
  const { origin, pathname, search } = location
  return `${origin}${pathname}${search}${fragment(room, key, joins)}`
}

/** For others: from another machine this one's localhost is not to be reached. */
export function invitation(room: string, key = ownKey()): string {
  const { address } = hostOfRooms()
  const elsewhere = key !== undefined && address !== undefined && isLoopback(location.hostname)
  return elsewhere ? address + fragment(room, key, ownJoins()) : roomAddress(room, key)
}

/** Whether others can come into this room from other browsers and machines. */
export const isShared = (): boolean => ownKey() !== undefined && hostOfRooms().signaling !== undefined

function ownKey(): string | undefined {
  const named = roomInHash(location.hash)
  return named.kind === 'named' ? named.key : undefined
}

function ownJoins(): boolean {
  const named = roomInHash(location.hash)
  return named.kind === 'named' && named.joins === true
}

const fragment = (room: string, key: string | undefined, joins: boolean): string =>
  `#room=${room}${key === undefined ? '' : `&key=${key}${joins ? '&join' : ''}`}`

/** Nobody's yet. Where browsers can find together, it is shared. */
export function freshRoom(random?: () => number): RoomName {
  const room = freshRoomName(random)
  return hostOfRooms().signaling === undefined ? { room } : { room, key: newRoomSecret() }
}

/** Whether an address leads to the machine on which it is opened, and so nowhere on any other. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}

const MANNERS = [
  'brave',
  'calm',
  'clever',
  'eager',
  'gentle',
  'happy',
  'keen',
  'lucky',
  'merry',
  'quick',
  'quiet',
  'sunny',
]
const SAILORS = [
  'albatross',
  'cormorant',
  'dolphin',
  'gannet',
  'heron',
  'otter',
  'pelican',
  'petrel',
  'puffin',
  'seal',
  'tern',
  'whale',
]

/** Readable aloud in a classroom, and unlikely to be anybody else's: a million and a half names. */
export function freshRoomName(random: () => number = Math.random): string {
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? 'quiet'
  return `${pick(MANNERS)}-${pick(SAILORS)}-${1 + Math.floor(random() * 9_999)}`
}
