/**
 * A bye that goes by the signalling, where everyone has to prove who it is: signed as soon as the session has a name, for a
 * page that closes has no time left to sign. Without it whoever may signal could say that somebody else has gone.
 */
import type { NodeId } from '@flotilla/core'
import type { Credentials } from './attempt.ts'
import { fromBase64url, toBase64url } from './base64url.ts'
import { SIGNATURE } from './node-keys.ts'

export async function signBye({ self, keys }: Credentials, session: string): Promise<string> {
  const signature = await crypto.subtle.sign(SIGNATURE, keys.privateKey, said(self, session))
  return toBase64url(new Uint8Array(signature))
}

/** Whether whoever has this key said bye in that session. */
export async function isByeOf(
  key: CryptoKey,
  { from, session }: { readonly from: NodeId; readonly session: string },
  signature: string,
): Promise<boolean> {
  const bytes = fromBase64url(signature)
  return bytes !== undefined && crypto.subtle.verify(SIGNATURE, key, bytes, said(from, session))
}

/** A session's name is nobody else's, here or in another room. */
const said = (from: NodeId, session: string): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(JSON.stringify(['flotilla bye v1', from, session]))
