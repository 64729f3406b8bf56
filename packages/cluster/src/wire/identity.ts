/**
 * Names that nobody else will ever choose: of nodes and of clusters. From the system's own randomness, never from
 * `Math.random`: two nodes of one name would be one node with two votes. A simulation brings its own, to be repeatable.
 */
import type { NodeId } from '@flotilla/core'

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'

/** The cluster id that says "any" (or "none yet") in a frame. */
export const NO_CLUSTER = '0'.repeat(32)

export type RandomBytes = (count: number) => Uint8Array

export const systemRandomBytes: RandomBytes = count => crypto.getRandomValues(new Uint8Array(count))

/** 16 letters and digits: 80 random bits. */
export function newNodeId(randomBytes: RandomBytes): NodeId {
  let id = ''
  for (const byte of randomBytes(16)) id += BASE32[byte & 31]
  return id
}

/** 32 lower-case hexadecimal digits: 128 random bits. */
export function newClusterId(randomBytes: RandomBytes): string {
  let id = ''
  for (const byte of randomBytes(16)) id += byte.toString(16).padStart(2, '0')
  return id
}

/** 1 to 64 of A–Z a–z 0–9 - _, so that a room can name a database, a channel and a lock. */
export const isRoomName = (room: unknown): boolean => isName(room)

/** As `newNodeId` makes them, and as others may: 1 to 64 of A–Z a–z 0–9 - _, for a node's id names its database. */
export const isNodeId = (id: unknown): boolean => isName(id)

const isName = (name: unknown): boolean => typeof name === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(name)
