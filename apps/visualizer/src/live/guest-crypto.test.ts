/** What a guest computes, beside what the browsers of the others do. */
import { describe, expect, it } from 'vitest'
import { guestSubtle } from './guest-crypto.ts'

const theirs = crypto.subtle
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const

describe('a guest’s cryptography', () => {
  it('hashes, and derives topics and keys from the room’s secret, as WebCrypto does', async () => {
    expect(await guestSubtle.digest('SHA-256', bytes('abc'))).toEqual(await theirs.digest('SHA-256', bytes('abc')))
    const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: bytes('salt'), info: bytes('topic\0room') }
    const secret = crypto.getRandomValues(new Uint8Array(16))
    const ours = await guestSubtle.importKey('raw', secret, 'HKDF', false, ['deriveBits', 'deriveKey'])
    const other = await theirs.importKey('raw', secret, 'HKDF', false, ['deriveBits', 'deriveKey'])
    expect(await guestSubtle.deriveBits(hkdf, ours, 128)).toEqual(await theirs.deriveBits(hkdf, other, 128))

    const aes = { name: 'AES-GCM', length: 256 }
    const [a, b] = await Promise.all([
      guestSubtle.deriveKey(hkdf, ours, aes, false, ['encrypt', 'decrypt']),
      theirs.deriveKey(hkdf, other, aes, false, ['encrypt', 'decrypt']),
    ])
    const how = { name: 'AES-GCM', iv: crypto.getRandomValues(new Uint8Array(12)), additionalData: bytes('label') }
    const text = bytes('a signal')
    expect(new Uint8Array(await theirs.decrypt(how, b, await guestSubtle.encrypt(how, a, text)))).toEqual(text)
    const sealed = await theirs.encrypt(how, b, text)
    expect(new Uint8Array(await guestSubtle.decrypt(how, a, sealed))).toEqual(text)
    await expect(guestSubtle.decrypt({ ...how, additionalData: bytes('another') }, a, sealed)).rejects.toThrow()
  })

  it('signs what WebCrypto verifies, and verifies what WebCrypto signs, over and over', async () => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const
    const ours = await guestSubtle.generateKey(algorithm, false, ['sign', 'verify'])
    const other = await theirs.generateKey(algorithm, false, ['sign', 'verify'])
    const oursThere = await theirs.importKey(
      'raw',
      await guestSubtle.exportKey('raw', ours.publicKey),
      algorithm,
      true,
      ['verify'],
    )
    const otherHere = await guestSubtle.importKey(
      'raw',
      await theirs.exportKey('raw', other.publicKey),
      algorithm,
      true,
      ['verify'],
    )
    // Half of all signatures have an s that stricter libraries refuse.
    for (let i = 0; i < 12; i += 1) {
      const said = bytes(`transcript ${i}`)
      const signed = await guestSubtle.sign(SIGNATURE, ours.privateKey, said)
      expect(await theirs.verify(SIGNATURE, oursThere, signed, said)).toBe(true)
      const answer = await theirs.sign(SIGNATURE, other.privateKey, said)
      expect(await guestSubtle.verify(SIGNATURE, otherHere, answer, said)).toBe(true)
      expect(await guestSubtle.verify(SIGNATURE, otherHere, answer, bytes('something else'))).toBe(false)
    }
    await expect(guestSubtle.importKey('raw', new Uint8Array(65), algorithm, true, ['verify'])).rejects.toThrow()
    await expect(guestSubtle.exportKey('raw', ours.privateKey)).rejects.toThrow()
  })

  it('agrees with WebCrypto on the key of a relayed connection', async () => {
    const ecdh = { name: 'ECDH', namedCurve: 'P-256' } as const
    const ours = await guestSubtle.generateKey(ecdh, false, ['deriveBits'])
    const other = await theirs.generateKey(ecdh, false, ['deriveBits'])
    const there = await theirs.importKey('raw', await guestSubtle.exportKey('raw', ours.publicKey), ecdh, false, [])
    const here = await guestSubtle.importKey('raw', await theirs.exportKey('raw', other.publicKey), ecdh, false, [])
    expect(await guestSubtle.deriveBits({ name: 'ECDH', public: here }, ours.privateKey, 256)).toEqual(
      await theirs.deriveBits({ name: 'ECDH', public: there }, other.privateKey, 256),
    )
  })
})
