import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeSignal, encodeSignal, isId, type Signal } from './signal.ts'
import { MAX_SIGNAL_LENGTH } from './signaling.ts'

const directed = { from: 'a', session: 's', to: 'b', toSession: 't', link: 'l' }
const candidate = { candidate: 'candidate:1 1 udp 1 x.local 9 typ host', sdpMLineIndex: 0, sdpMid: '0' }
const signals: readonly Signal[] = [
  { type: 'hello', from: 'a', session: 's' },
  { type: 'bye', from: 'a', session: 's' },
  { type: 'bye', from: 'a', session: 's', signature: 'AAAA' },
  { type: 'pleaseOffer', from: 'a', session: 's', to: 'b', toSession: 't' },
  { ...directed, type: 'offer', sdp: 'v=0' },
  { ...directed, type: 'answer', sdp: 'v=0' },
  { ...directed, type: 'candidate', candidate },
]
const offer = { v: 1, ...directed, type: 'offer', sdp: 'v=0' }

describe('signals', () => {
  it.each(signals)('$type comes out as it went in', signal => {
    expect(decodeSignal(encodeSignal(signal))).toEqual(signal)
  })

  it.each(signals)('$type cut short at any place is no signal', signal => {
    const text = encodeSignal(signal)
    for (let length = 0; length < text.length; length += 1) expect(decodeSignal(text.slice(0, length))).toBeUndefined()
  })

  it.each(signals)('$type without any one of its fields is no signal', signal => {
    const fields = Object.entries({ v: 1, ...signal }).filter(([name]) => name !== 'signature')
    fields.forEach((_, i) => {
      expect(decodeSignal(JSON.stringify(Object.fromEntries(fields.toSpliced(i, 1))))).toBeUndefined()
    })
  })

  it.each([
    ['another version', { ...offer, v: 2 }],
    ['an unknown type', { ...offer, type: 'rollback' }],
    ['an empty id', { ...offer, from: '' }],
    ['an id of 65 bytes', { ...offer, from: 'x'.repeat(65) }],
    ['an id of 33 two-byte letters', { ...offer, from: 'ё'.repeat(33) }],
    ['a lone surrogate', { ...offer, from: '\ud800' }],
    ['an id that is a number', { ...offer, from: 1 }],
    ['an id that is a list', { ...offer, from: ['a'] }],
    ['an empty description', { ...offer, sdp: '' }],
    ['a description that is an object', { ...offer, sdp: { toString: 'v=0' } }],
    ['a candidate that is text', { ...offer, type: 'candidate', candidate: 'x' }],
    ['a candidate for nothing', { ...offer, type: 'candidate', candidate: { candidate: 'x' } }],
    ['a candidate for line 1.5', { ...offer, type: 'candidate', candidate: { ...candidate, sdpMLineIndex: 1.5 } }],
    ['a candidate of 2 KB', { ...offer, type: 'candidate', candidate: { ...candidate, candidate: 'x'.repeat(2048) } }],
    ['a list', [offer]],
    ['null', null],
    ['a number', 1],
  ])('%s is refused', (_, value) => {
    expect(decodeSignal(JSON.stringify(value))).toBeUndefined()
  })

  it('a signal of 10 MB is refused before it is parsed', () => {
    expect(decodeSignal(JSON.stringify({ ...offer, sdp: 'x'.repeat(10_000_000) }))).toBeUndefined()
    expect(decodeSignal(' '.repeat(MAX_SIGNAL_LENGTH) + JSON.stringify(offer))).toBeUndefined()
  })

  it('__proto__ and constructor are fields like any other, and give nothing', () => {
    const text = '{"__proto__":{"v":1,"type":"hello","from":"a","session":"s"},"constructor":{"prototype":{"v":1}}}'
    expect(decodeSignal(text)).toBeUndefined()
    const polluting = `{"v":1,"type":"hello","from":"__proto__","session":"constructor","__proto__":{"polluted":true}}`
    expect(decodeSignal(polluting)).toEqual({ type: 'hello', from: '__proto__', session: 'constructor' })
    expect('polluted' in {}).toBe(false)
  })

  it('of a field that is there twice the last counts, and is looked at like any other', () => {
    const hello = '{"v":1,"type":"hello","from":"a","session":"s"'
    expect(decodeSignal(`${hello},"from":"b"}`)).toEqual({ type: 'hello', from: 'b', session: 's' })
    expect(decodeSignal(`${hello},"from":7}`)).toBeUndefined()
  })

  it('unknown fields do not get through', () => {
    const decoded = decodeSignal(JSON.stringify({ ...offer, renegotiate: true, transceiverRequest: { kind: 'video' } }))
    expect(decoded).toEqual({ ...directed, type: 'offer', sdp: 'v=0' })
  })

  it('deep nesting is refused, not followed', () => {
    expect(decodeSignal('['.repeat(MAX_SIGNAL_LENGTH))).toBeUndefined()
    const nested = `${'{"v":'.repeat(5000)}1${'}'.repeat(5000)}`
    expect(decodeSignal(nested)).toBeUndefined()
  })

  it('any text and any JSON decode without throwing', () => {
    fc.assert(fc.property(fc.string(), text => void decodeSignal(text)))
    fc.assert(fc.property(fc.json(), text => void decodeSignal(text)))
    const field = fc.oneof(fc.constant('a'), fc.constantFrom(...signals.map(({ type }) => type)), fc.jsonValue())
    const keys = ['v', 'type', 'from', 'session', 'to', 'toSession', 'link', 'sdp', 'candidate']
    const almost = fc.dictionary(fc.constantFrom(...keys), field)
    fc.assert(fc.property(almost, fields => void decodeSignal(JSON.stringify({ v: 1, ...fields }))))
  })

  it('an id is well-formed text of 1 to 64 bytes', () => {
    expect(['a', 'x'.repeat(64), '漢'.repeat(21)].every(isId)).toBe(true)
    expect(['', 'x'.repeat(65), '漢'.repeat(22), '\udfff', 7, null, undefined, {}].some(isId)).toBe(false)
  })
})
