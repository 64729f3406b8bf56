/** The two laws of the codec: what was sent arrives, and each thing has one encoding only. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeFrame, encodeFrame } from './codec.ts'
import { decodeEnvelope, encodeEnvelope } from './command.ts'
import { decodeConfiguration, encodeConfiguration } from './configuration-codec.ts'
import { decodeEntry, encodeEntry } from './entry-codec.ts'
import { configuration, entry, envelope, FROM, frame, message, TO } from './fixtures/arbitrary-frames.ts'
import type { Decoded } from './frame.ts'

// Thousands of runs each, on machines that may be busy.
test('a frame arrives as it was sent', () => {
  fc.assert(
    fc.property(frame, sent => roundTrip(sent, encodeFrame, receive)),
    { numRuns: 1000 },
  )
})

test('every type of message is among those that were tried', () => {
  const types = new Set(fc.sample(message, 1000).map(({ type }) => type))
  expect(types.size).toBe(11)
})

test('an entry comes back from storage as it went', () => {
  fc.assert(fc.property(entry, kept => roundTrip(kept, encodeEntry, decodeEntry)))
})

test('a configuration comes back as it went, old voters on their way out included', () => {
  fc.assert(fc.property(configuration, kept => roundTrip(kept, encodeConfiguration, decodeConfiguration)))
})

test('a command in its envelope comes back as it went', () => {
  fc.assert(fc.property(envelope, kept => roundTrip(kept, encodeEnvelope, decodeEnvelope)))
})

test('whatever is accepted, also after a change of some bytes, is encoded to the very same bytes', () => {
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 })
  let accepted = 0
  fc.assert(
    fc.property(frame, edits, (sent, changes) => {
      const bytes = edited(encodeFrame(sent), changes)
      const decoded = receive(bytes)
      if (!decoded.ok) return
      accepted++
      expect(encodeFrame(decoded.value)).toEqual(bytes)
    }),
    { numRuns: 1000 },
  )
  expect(accepted).toBeGreaterThan(100)
})

test('the same holds for what is kept in the log', () => {
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 2 })
  fc.assert(
    fc.property(entry, configuration, envelope, edits, (e, c, v, changes) => {
      sameBytes(edited(encodeEntry(e), changes), decodeEntry, encodeEntry)
      sameBytes(edited(encodeConfiguration(c), changes), decodeConfiguration, encodeConfiguration)
      sameBytes(edited(encodeEnvelope(v), changes), decodeEnvelope, encodeEnvelope)
    }),
    { numRuns: 500 },
  )
})

test('a payload is a view of the frame and no copy', () => {
  const payload = new Uint8Array(1000)
  const bytes = encodeFrame({ clusterId: '0'.repeat(32), body: { kind: 'observe', payload } })
  const decoded = receive(bytes)
  if (!decoded.ok || decoded.value.body.kind !== 'observe') throw new Error('not accepted')
  expect(decoded.value.body.payload.buffer).toBe(bytes.buffer)
})

test('a frame is read where it lies in a larger buffer', () => {
  fc.assert(
    fc.property(frame, sent => {
      const bytes = encodeFrame(sent)
      const larger = new Uint8Array(bytes.byteLength + 20).fill(0xee)
      larger.set(bytes, 7)
      expect(receive(larger.subarray(7, 7 + bytes.byteLength))).toEqual({ ok: true, value: sent })
    }),
  )
})

test('no encoding touches the bytes of an earlier one, long or short', () => {
  const long = {
    clusterId: '2'.repeat(32),
    body: { kind: 'observe', payload: new Uint8Array(20_000).fill(5) },
  } as const
  const sent = fc.sample(frame, 500).flatMap((short, i) => (i % 50 === 0 ? [short, long] : [short]))
  const kept = sent.map(value => {
    const bytes = encodeFrame(value)
    return { bytes, asItWas: bytes.join() }
  })
  encodeEntry({ index: 1, term: 1, kind: 'command', data: new Uint8Array(5000).fill(9) })
  for (const { bytes, asItWas } of kept) if (bytes.join() !== asItWas) throw new Error(`changed: ${asItWas}`)
})

test('an encoding that failed leaves nothing behind in the next', () => {
  const good = { clusterId: '1'.repeat(32), body: { kind: 'join' } } as const
  const before = encodeFrame(good)
  const bad = { kind: 'propose', request: Number.NaN, data: new Uint8Array(9) } as const
  expect(() => encodeFrame({ clusterId: '1'.repeat(32), body: bad })).toThrow(RangeError)
  expect(encodeFrame(good)).toEqual(before)
})

function receive(bytes: Uint8Array) {
  return decodeFrame(bytes, FROM, TO)
}

function roundTrip<T>(value: T, encode: (value: T) => Uint8Array, decode: (bytes: Uint8Array) => Decoded<T>): void {
  const bytes = encode(value)
  expect(decode(bytes)).toEqual({ ok: true, value })
}

function sameBytes<T>(bytes: Uint8Array, decode: (bytes: Uint8Array) => Decoded<T>, encode: (value: T) => Uint8Array) {
  const decoded = decode(bytes)
  if (decoded.ok) expect(encode(decoded.value)).toEqual(bytes)
}

function edited(bytes: Uint8Array, changes: readonly (readonly [number, number])[]): Uint8Array {
  for (const [at, value] of changes) bytes[at % bytes.byteLength] = value
  return bytes
}
