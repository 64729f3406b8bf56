import { describe, expect, it } from 'vitest'
import { isServerAddress, toldAddress } from './server-address.ts'

describe('the address of a signalling server', () => {
  it.each(['ws://localhost:8787/signaling', 'wss://flotilla.example', 'WSS://[::1]/s?token=1'])('may be %s', url => {
    expect(isServerAddress(url)).toBe(true)
  })

  it.each([
    '',
    'nonsense',
    '/signaling',
    '//host/signaling',
    'http://host/signaling',
    'ws://',
    'ws://a b/',
    'ws://host/#x',
    7,
    null,
  ])('cannot be %s', url => {
    expect(isServerAddress(url)).toBe(false)
  })

  it('is told without what may be a secret', () => {
    expect(toldAddress('wss://me:word@host/signaling?token=1#x')).toBe('wss://host/signaling')
    expect(toldAddress('ws://host:8787/a@b')).toBe('ws://host:8787/a@b')
  })
})
