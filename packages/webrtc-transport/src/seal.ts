/**
 * Signals that nobody on the way can read, alter or relabel: AES-GCM with a fresh random nonce each, bound to the room,
 * the stream, the number in it and the addressee. Who sent it and what it is lie inside, sealed as well.
 */
import { fromBase64url, toBase64url } from './base64url.ts'
import type { RoomKeys } from './room-secret.ts'

const NONCE_BYTES = 12
const TAG_BYTES = 16

export interface Seal {
  seal(text: string, label: string): Promise<string>
  /** `undefined` if it was not sealed by this key under this label. */
  open(sealed: string, label: string): Promise<string | undefined>
}

export function sealWith({ topic, signals }: RoomKeys): Seal {
  const associated = (label: string): Uint8Array<ArrayBuffer> =>
    new TextEncoder().encode(`flotilla signal v1\0${topic}\0${label}`)
  return {
    async seal(text, label) {
      const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
      const parameters = { name: 'AES-GCM', iv, additionalData: associated(label) }
      const sealed = new Uint8Array(await crypto.subtle.encrypt(parameters, signals, new TextEncoder().encode(text)))
      const whole = new Uint8Array(NONCE_BYTES + sealed.byteLength)
      whole.set(iv)
      whole.set(sealed, NONCE_BYTES)
      return toBase64url(whole)
    },
    async open(sealed, label) {
      const whole = fromBase64url(sealed)
      if (whole === undefined || whole.byteLength < NONCE_BYTES + TAG_BYTES) return undefined
      const iv = whole.slice(0, NONCE_BYTES)
      const parameters = { name: 'AES-GCM', iv, additionalData: associated(label) }
      try {
        const text = await crypto.subtle.decrypt(parameters, signals, whole.slice(NONCE_BYTES))
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text)
      } catch {
        return undefined
      }
    },
  }
}
