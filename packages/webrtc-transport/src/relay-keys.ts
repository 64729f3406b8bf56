/**
 * The keys of one relayed connection: each side makes a key pair for this connection alone, and of the two comes a key for
 * each direction (ECDH over P-256, HKDF with SHA-256). Whose key pairs they are is shown by the handshake, which signs
 * both public keys as it signs the certificates of a direct channel: nobody in between has put in its own.
 */
import { fromBase64url, toBase64url } from './base64url.ts'

/** An uncompressed point of P-256. */
const POINT_BYTES = 65
const ECDH = { name: 'ECDH', namedCurve: 'P-256' } as const

export interface RelayKeyPair {
  readonly privateKey: CryptoKey
  /** As it stands in a signal. */
  readonly publicKey: string
}

export interface RelayKeys {
  readonly sealing: CryptoKey
  readonly opening: CryptoKey
}

export async function newRelayKeyPair(): Promise<RelayKeyPair> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(ECDH, false, ['deriveBits'])
  return { privateKey, publicKey: toBase64url(new Uint8Array(await crypto.subtle.exportKey('raw', publicKey))) }
}

/** The public key in this text, if there is one: no more than its length is looked at. */
export const isRelayKey = (text: unknown): text is string =>
  typeof text === 'string' && text.length < 2 * POINT_BYTES && fromBase64url(text)?.byteLength === POINT_BYTES

/**
 * @param context what else both must agree on: the room, and the connection's name
 * @throws if the other's key is no point of the curve
 */
export async function deriveRelayKeys(
  own: RelayKeyPair,
  theirs: string,
  initiator: boolean,
  context: readonly string[],
): Promise<RelayKeys> {
  const point = fromBase64url(theirs) ?? new Uint8Array()
  const publicKey = await crypto.subtle.importKey('raw', point, ECDH, false, [])
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: publicKey }, own.privateKey, 256)
  const material = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey'])
  const [first, second] = initiator ? [own.publicKey, theirs] : [theirs, own.publicKey]
  const keyOf = (direction: 'there' | 'back', use: KeyUsage): Promise<CryptoKey> => {
    const text = JSON.stringify([direction, first, second, ...context])
    const hkdf = {
      name: 'HKDF',
      hash: 'SHA-256',
      salt: new TextEncoder().encode('flotilla relay v1'),
      info: new TextEncoder().encode(text),
    }
    return crypto.subtle.deriveKey(hkdf, material, { name: 'AES-GCM', length: 256 }, false, [use])
  }
  const [sealing, opening] = await Promise.all([
    keyOf(initiator ? 'there' : 'back', 'encrypt'),
    keyOf(initiator ? 'back' : 'there', 'decrypt'),
  ])
  return { sealing, opening }
}
