/**
 * The little of WebCrypto that a room with a key needs, for pages that have none: browsers keep `crypto.subtle` from whatever came
 * over plain http. The same algorithms, from a well-kept library; so a guest proves who it is to nodes that have the browser's own.
 * Keys lie in the page's memory here, and are no secret of the browser's.
 */
import { gcm } from '@noble/ciphers/aes.js'
import { p256 } from '@noble/curves/nist.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'

type Bytes = Uint8Array<ArrayBuffer>
type Curve = 'ECDSA' | 'ECDH'

class GuestKey implements CryptoKey {
  readonly algorithm: KeyAlgorithm
  readonly extractable = false
  readonly type: KeyType
  readonly usages: KeyUsage[]
  readonly bytes: Uint8Array

  constructor(name: string, type: KeyType, usages: readonly KeyUsage[], bytes: Uint8Array) {
    this.algorithm = { name }
    this.type = type
    this.usages = [...usages]
    this.bytes = bytes
  }
}

export const guestSubtle = {
  async digest(_: 'SHA-256', data: BufferSource): Promise<ArrayBuffer> {
    return own(sha256(view(data))).buffer
  },

  async importKey(
    _: 'raw',
    data: BufferSource,
    algorithm: 'HKDF' | { readonly name: Curve },
    __: boolean,
    usages: readonly KeyUsage[],
  ): Promise<CryptoKey> {
    const bytes = own(view(data))
    if (algorithm === 'HKDF') return new GuestKey('HKDF', 'secret', usages, bytes)
    // Throws if it is no point of the curve.
    p256.Point.fromBytes(bytes).assertValidity()
    return new GuestKey(algorithm.name, 'public', usages, bytes)
  },

  async exportKey(_: 'raw', key: CryptoKey): Promise<ArrayBuffer> {
    if (key.type !== 'public') throw new DOMException('only a public key is told', 'InvalidAccessError')
    return own(bytesOf(key)).buffer
  },

  async generateKey(
    { name }: { readonly name: Curve },
    _: boolean,
    usages: readonly KeyUsage[],
  ): Promise<CryptoKeyPair> {
    const secret = p256.utils.randomSecretKey()
    const allowed = (...these: readonly KeyUsage[]): readonly KeyUsage[] =>
      usages.filter(usage => these.includes(usage))
    return {
      privateKey: new GuestKey(name, 'private', allowed('sign', 'deriveBits'), secret),
      publicKey: new GuestKey(name, 'public', allowed('verify'), p256.getPublicKey(secret, false)),
    }
  },

  async sign(_: unknown, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer> {
    return own(p256.sign(view(data), bytesOf(key), { lowS: false })).buffer
  },

  async verify(_: unknown, key: CryptoKey, signature: BufferSource, data: BufferSource): Promise<boolean> {
    return p256.verify(view(signature), view(data), bytesOf(key), { lowS: false })
  },

  async deriveBits(algorithm: HkdfParams | EcdhKeyDeriveParams, key: CryptoKey, bits: number): Promise<ArrayBuffer> {
    return own(derived(algorithm, key, bits / 8)).buffer
  },

  async deriveKey(
    algorithm: HkdfParams,
    key: CryptoKey,
    { length }: { readonly length: number },
    _: boolean,
    usages: readonly KeyUsage[],
  ): Promise<CryptoKey> {
    return new GuestKey('AES-GCM', 'secret', usages, derived(algorithm, key, length / 8))
  },

  async encrypt({ iv, additionalData }: AesGcmParams, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer> {
    return own(cipher(key, iv, additionalData).encrypt(view(data))).buffer
  },

  async decrypt({ iv, additionalData }: AesGcmParams, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer> {
    return own(cipher(key, iv, additionalData).decrypt(view(data))).buffer
  },
}

/** From here on `crypto.subtle` is there, unless it was. */
export function lendCrypto(): void {
  if (crypto.subtle === undefined) Object.defineProperty(crypto, 'subtle', { value: guestSubtle, configurable: true })
}

function derived(algorithm: HkdfParams | EcdhKeyDeriveParams, key: CryptoKey, length: number): Uint8Array {
  if ('public' in algorithm) {
    const [, ...x] = p256.getSharedSecret(bytesOf(key), bytesOf(algorithm.public))
    return Uint8Array.from(x).subarray(0, length)
  }
  return hkdf(sha256, bytesOf(key), view(algorithm.salt), view(algorithm.info), length)
}

function cipher(key: CryptoKey, iv: BufferSource, additionalData: BufferSource | undefined) {
  return gcm(bytesOf(key), view(iv), additionalData === undefined ? undefined : view(additionalData))
}

function bytesOf(key: CryptoKey): Uint8Array {
  if (key instanceof GuestKey) return key.bytes
  throw new DOMException('this key is another cryptography’s', 'InvalidAccessError')
}

const view = (data: BufferSource): Uint8Array =>
  ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data)

const own = (bytes: Uint8Array): Bytes => Uint8Array.from(bytes)
