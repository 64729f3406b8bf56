/**
 * A node's keys on the disk. WebCrypto does not hand out a private key that is not to be extracted, and a browser stores it without
 * showing it; Node has no such store, so here it lies in the node's own database, which only its owner may read. It lies there and
 * nowhere else: identity and vote are lost together, or not at all.
 */
import { KeyObject } from 'node:crypto'
import { corrupt } from './errors.ts'
import type { StoredKeys } from './records.ts'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const

export function exportKeys({ publicKey, privateKey }: CryptoKeyPair): StoredKeys {
  const jwk = (key: CryptoKey): object => KeyObject.from(key).export({ format: 'jwk' })
  return { publicKey: jwk(publicKey), privateKey: jwk(privateKey) }
}

/** In memory the private one cannot be extracted any more. @throws StorageError `Corrupt` */
export async function importKeys({ publicKey, privateKey }: StoredKeys): Promise<CryptoKeyPair> {
  try {
    return {
      publicKey: await crypto.subtle.importKey('jwk', publicKey, ALGORITHM, true, ['verify']),
      privateKey: await crypto.subtle.importKey('jwk', privateKey, ALGORITHM, false, ['sign']),
    }
  } catch {
    throw corrupt('the keys are none')
  }
}
