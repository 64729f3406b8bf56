import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { freshRoomName, isLoopback, roomInHash } from './room-address.ts'

describe('the room in the address', () => {
  it('is read from the fragment', () => {
    expect(roomInHash('#room=quiet-otter-42')).toEqual({ kind: 'named', room: 'quiet-otter-42' })
    expect(roomInHash('#theme=dark&room=a_B-9')).toEqual({ kind: 'named', room: 'a_B-9' })
  })

  it('has a key if it is shared between browsers; one that is cut short is told', () => {
    const key = 'AAAAAAAAAAAAAAAAAAAAAA'
    expect(roomInHash(`#room=calm-seal-7&key=${key}`)).toEqual({ kind: 'named', room: 'calm-seal-7', key })
    for (const cut of ['', key.slice(1), `${key}A`, '<img>'])
      expect(roomInHash(`#room=calm-seal-7&key=${cut}`).kind, cut).toBe('invalid')
  })

  it('says of a room that is there that it is to be joined, and of one that lives in this browser nothing', () => {
    const key = 'AAAAAAAAAAAAAAAAAAAAAA'
    const joined = { kind: 'named', room: 'calm-seal-7', key, joins: true }
    for (const join of ['&join', '&join=']) expect(roomInHash(`#room=calm-seal-7&key=${key}${join}`)).toEqual(joined)
    expect(roomInHash('#room=calm-seal-7&join')).toEqual({ kind: 'named', room: 'calm-seal-7' })
  })

  it('may be missing or empty', () => {
    for (const hash of ['', '#', '#room=', '#lesson=5']) expect(roomInHash(hash)).toEqual({ kind: 'none' })
  })

  it('is told to be invalid rather than mended, or two people would meet in different rooms', () => {
    for (const room of ['a b', '../x', '<img>', 'x'.repeat(65), 'ö'])
      expect(roomInHash(`#room=${encodeURIComponent(room)}`).kind).toBe('invalid')
  })

  it('gets a fresh name that can be an address', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 0.999999, noNaN: true })), dice => {
        const name = freshRoomName(() => dice.next().value ?? 0)
        expect(roomInHash(`#room=${name}`)).toEqual({ kind: 'named', room: name })
      }),
    )
  })
})

describe('isLoopback', () => {
  it('knows the addresses that lead a phone nowhere', () => {
    // Their QR code was shown to a class as large as the screen allowed.
    for (const name of ['localhost', 'flotilla.localhost', '127.0.0.1', '127.1.2.3', '[::1]'])
      expect(isLoopback(name), name).toBe(true)
    for (const name of ['192.168.1.7', 'flotilla.example', 'localhost.example', 'my-laptop.local', '[fe80::1]'])
      expect(isLoopback(name), name).toBe(false)
  })
})
