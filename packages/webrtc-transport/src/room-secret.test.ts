import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBase64url, toBase64url } from './base64url.ts'
import { newNodeIdentity, nodeIdOf, publicKeyOf } from './node-keys.ts'
import { deriveRoomKeys, isRoomSecret, newRoomSecret } from './room-secret.ts'
import { sealWith } from './seal.ts'
import { isId } from './signal.ts'

describe('base64url', () => {
  it('gives back the bytes it was made of, in letters that an address may have', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), bytes => {
        const text = toBase64url(bytes)
        expect(text).toMatch(/^[A-Za-z0-9_-]*$/)
        expect([...(fromBase64url(text) ?? [])]).toEqual([...bytes])
      }),
    )
  })

  it('reads one text for the same bytes only', () => {
    for (const text of ['A', 'AB', 'AA==', 'A A', '+/', 'ö']) expect(fromBase64url(text), text).toBeUndefined()
  })
})

describe('a room’s secret', () => {
  it('is fresh each time, and told from what is none', () => {
    expect(new Set(Array.from({ length: 100 }, newRoomSecret)).size).toBe(100)
    expect(isRoomSecret(newRoomSecret())).toBe(true)
    for (const text of ['', 'short', `${newRoomSecret()}A`, 'x'.repeat(10_000)]) expect(isRoomSecret(text)).toBe(false)
  })

  it('gives everyone who has it the same topic and key; another name or secret gives others', async () => {
    const secret = newRoomSecret()
    const [here, there] = await Promise.all([deriveRoomKeys('room', secret), deriveRoomKeys('room', secret)])
    expect(there.topic).toBe(here.topic)
    const sealed = await sealWith(here).seal('hello', 'label')
    expect(await sealWith(there).open(sealed, 'label')).toBe('hello')
    for (const other of [await deriveRoomKeys('room2', secret), await deriveRoomKeys('room', newRoomSecret())]) {
      expect(other.topic).not.toBe(here.topic)
      expect(await sealWith(other).open(sealed, 'label')).toBeUndefined()
    }
  })

  it('cannot be read out of the key, and is refused when it is none', async () => {
    const { signals } = await deriveRoomKeys('room', newRoomSecret())
    await expect(crypto.subtle.exportKey('raw', signals)).rejects.toThrow()
    await expect(deriveRoomKeys('room', 'short')).rejects.toBeInstanceOf(RangeError)
  })
})

describe('a seal', () => {
  it('opens under its own label only, and not when a single letter is another', async () => {
    const seal = sealWith(await deriveRoomKeys('room', newRoomSecret()))
    const sealed = await seal.seal('hello', 'one')
    expect(await seal.open(sealed, 'one')).toBe('hello')
    expect(await seal.open(sealed, 'two')).toBeUndefined()
    for (let i = 0; i < sealed.length; i += 1) {
      const altered = sealed.slice(0, i) + (sealed[i] === 'A' ? 'B' : 'A') + sealed.slice(i + 1)
      expect(await seal.open(altered, 'one')).toBeUndefined()
    }
    for (const none of ['', 'A', '!', 'x'.repeat(39)]) expect(await seal.open(none, 'one')).toBeUndefined()
  })

  it('is never twice the same', async () => {
    const seal = sealWith(await deriveRoomKeys('room', newRoomSecret()))
    const sealed = await Promise.all(Array.from({ length: 50 }, () => seal.seal('hello', '')))
    expect(new Set(sealed).size).toBe(50)
  })
})

describe('a node’s identity', () => {
  it('has an id that is made of its public key, and a private key that nobody can read', async () => {
    const { nodeId, keys } = await newNodeIdentity()
    expect(isId(nodeId)).toBe(true)
    expect(nodeId).toMatch(/^[a-z2-7]{24}$/)
    expect(await nodeIdOf(await publicKeyOf(keys))).toBe(nodeId)
    await expect(crypto.subtle.exportKey('pkcs8', keys.privateKey)).rejects.toThrow()
    expect((await newNodeIdentity()).nodeId).not.toBe(nodeId)
  })
})
