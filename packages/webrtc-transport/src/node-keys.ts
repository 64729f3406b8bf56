/**
 * Who a node is: a P-256 key that never leaves its database, and an id made of its public half, so that nobody can take
 * another's id without its key.
 */
import { CLIENT_MARK, isClientId } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import { PUBLIC_KEY_BYTES } from './control.ts'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const
export const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'
/** 15 bytes of the hash: 24 letters, 120 bits. */
const ID_BYTES = 15

export interface NodeIdentity {
  readonly nodeId: NodeId
  readonly keys: CryptoKeyPair
}

/** A new one. The private key can be used and stored, and not be read. */
export async function newNodeIdentity(): Promise<NodeIdentity> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify'])
  return { nodeId: await nodeIdOf(await publicKeyOf(keys)), keys }
}

/** Of a client that is no node: it proves who it is as nodes do, under an id that no node has. */
export async function newClientIdentity(): Promise<NodeIdentity> {
  const { nodeId, keys } = await newNodeIdentity()
  return { nodeId: `${CLIENT_MARK}${nodeId}`, keys }
}

/** Whether this id, a node's or a client's, is made of the key. */
export async function isIdOf(id: NodeId, publicKey: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const nodeId = await nodeIdOf(publicKey)
  return id === (isClientId(id) ? `${CLIENT_MARK}${nodeId}` : nodeId)
}

/** Uncompressed. */
export async function publicKeyOf({ publicKey }: CryptoKeyPair): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.exportKey('raw', publicKey))
}

/** The id that goes with a public key, and with no other. */
export async function nodeIdOf(publicKey: Uint8Array<ArrayBuffer>): Promise<NodeId> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', publicKey))
  let id = ''
  let bits = 0
  let held = 0
  for (const byte of hash.subarray(0, ID_BYTES)) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      id += BASE32[(held >>> bits) & 31]
    }
    held &= (1 << bits) - 1
  }
  return id
}

/** @throws if the bytes are no point of the curve */
export function importPublicKey(publicKey: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  if (publicKey.byteLength !== PUBLIC_KEY_BYTES) throw new RangeError('a public key is 65 bytes')
  return crypto.subtle.importKey('raw', publicKey, ALGORITHM, true, ['verify'])
}
