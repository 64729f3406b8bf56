/**
 * A room's secret, and what is made of it: the name under which the room is known to signalling servers, and the key
 * that seals what is said through them (HKDF with SHA-256, RFC 5869). Whoever has the secret may enter; it travels in
 * the fragment of an address, which browsers send to no server.
 */
import { fromBase64url, toBase64url } from './base64url.ts'

const SECRET_BYTES = 16

export interface RoomKeys {
  /** What servers call the room: says nothing of its name or secret. */
  readonly topic: string
  /** AES-GCM, for signals. */
  readonly signals: CryptoKey
}

/** 128 random bits, as 22 characters that may stand in an address. */
export function newRoomSecret(): string {
  return toBase64url(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)))
}

export function isRoomSecret(text: string): boolean {
  return fromBase64url(text)?.byteLength === SECRET_BYTES
}

/** Rooms of one secret but of different names have nothing in common. @throws RangeError if it is no secret */
export async function deriveRoomKeys(room: string, secret: string): Promise<RoomKeys> {
  const bytes = fromBase64url(secret)
  if (bytes?.byteLength !== SECRET_BYTES) throw new RangeError('a room’s secret is 22 characters of base64url')
  const material = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveBits', 'deriveKey'])
  const topic = await crypto.subtle.deriveBits(hkdf(room, 'topic'), material, 128)
  const aes = { name: 'AES-GCM', length: 256 }
  const signals = await crypto.subtle.deriveKey(hkdf(room, 'signals'), material, aes, false, ['encrypt', 'decrypt'])
  return { topic: toBase64url(new Uint8Array(topic)), signals }
}

function hkdf(room: string, purpose: string): HkdfParams {
  const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
  return { name: 'HKDF', hash: 'SHA-256', salt: bytes('flotilla room v1'), info: bytes(`${purpose}\0${room}`) }
}
