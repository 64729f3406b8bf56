/** Bytes that no honest node sends: each is a typed error or a value that means the same to everyone, and nothing else happens. */
import type { Configuration, Entry, Message } from '@flotilla/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_FRAME_BYTES } from '../transport.ts'
import { decodeFrame, encodeFrame, WIRE_VERSION } from './codec.ts'
import { decodeEnvelope, encodeEnvelope } from './command.ts'
import { decodeConfiguration, encodeConfiguration } from './configuration-codec.ts'
import { decodeEntry, encodeEntry } from './entry-codec.ts'
import { configuration, entry, envelope, FROM, frame, TO } from './fixtures/arbitrary-frames.ts'
import type { Decoded, DecodeErrorKind, Frame, FrameBody } from './frame.ts'
import { MAX_SNAPSHOT_BYTES, MAX_TERM } from './limits.ts'

// Hundreds of thousands of frames, on machines that may be busy.
const CLUSTER = '00112233445566778899aabbccddeeff'
const HEADER_BYTES = 18

const trio: Configuration = {
  members: [
    { id: 'a', name: 'S1' },
    { id: 'b', name: 'S2' },
    { id: 'c', name: 'S4' },
  ],
  voters: ['a', 'b'],
  oldVoters: ['b', 'gone'],
  namesGiven: 4,
  expelled: ['x'],
}

const entries: readonly Entry[] = [
  { index: 8, term: 3, kind: 'noop', data: null },
  { index: 9, term: 3, kind: 'command', data: Uint8Array.of(1, 2, 3) },
  { index: 10, term: 5, kind: 'configuration', data: trio },
]

const place = { from: FROM, to: TO, term: 5 }
const messages: readonly Message[] = [
  { ...place, type: 'RequestPreVote', nextTerm: 6, lastLogIndex: 7, lastLogTerm: 3 },
  { ...place, type: 'RequestPreVoteResult', nextTerm: 6, granted: true },
  { ...place, type: 'RequestVote', lastLogIndex: 7, lastLogTerm: 3, leadershipTransfer: true },
  { ...place, type: 'RequestVoteResult', granted: false },
  { ...place, type: 'AppendEntries', prevLogIndex: 7, prevLogTerm: 3, entries, leaderCommit: 7, round: 1000 },
  { ...place, type: 'AppendEntriesResult', success: true, matchIndex: 300, round: 4 },
  { ...place, type: 'AppendEntriesResult', success: false, rejectedIndex: 9, hintIndex: 7, hintTerm: 3, round: 4 },
  {
    ...place,
    type: 'InstallSnapshot',
    lastIncludedIndex: 7,
    lastIncludedTerm: 3,
    configuration: trio,
    offset: 10,
    data: Uint8Array.of(1, 2, 3),
    totalBytes: 20,
    round: 4,
  },
  { ...place, type: 'InstallSnapshotResult', lastIncludedIndex: 7, nextOffset: 13, round: 4 },
  { ...place, type: 'TimeoutNow' },
  { ...place, type: 'ReadIndex', context: 77 },
  { ...place, type: 'ReadIndexResult', context: 77, readIndex: 7 },
]

const bodies: readonly FrameBody[] = [
  ...messages.map((message): FrameBody => ({ kind: 'raft', sequence: 12, message })),
  { kind: 'join' },
  { kind: 'goodbye' },
  { kind: 'propose', request: 3, data: Uint8Array.of(1, 2) },
  {
    kind: 'proposeAll',
    proposals: [
      { request: 3, data: Uint8Array.of(1, 2) },
      { request: 4, data: Uint8Array.of(5) },
    ],
  },
  { kind: 'proposeAnswer', request: 3, answer: { kind: 'applied', index: 9, term: 5, result: Uint8Array.of(1) } },
  { kind: 'proposeAnswer', request: 3, answer: { kind: 'notLeader', leader: 'b' } },
  { kind: 'proposeAnswer', request: 3, answer: { kind: 'notLeader', leader: undefined } },
  { kind: 'proposeAnswer', request: 3, answer: { kind: 'overloaded' } },
  { kind: 'observe', payload: Uint8Array.of(123, 125) },
  { kind: 'merit', priority: 200, visible: true },
  { kind: 'joinAnswer', refusal: 'Removed' },
  { kind: 'change', request: 3, again: true, change: { type: 'addVoter', id: 'b' } },
  { kind: 'change', request: 3, again: false, change: { type: 'swap' } },
  { kind: 'change', request: 3, again: false, change: { type: 'transfer', id: undefined } },
  { kind: 'change', request: 3, again: false, change: { type: 'transfer', id: 'b' } },
  { kind: 'changeAnswer', request: 3, answer: { kind: 'done' } },
  { kind: 'changeAnswer', request: 3, answer: { kind: 'notLeader', leader: 'b' } },
  { kind: 'changeAnswer', request: 3, answer: { kind: 'refused', error: 'RoomFull', reason: 'as many as can be' } },
]

const frames: readonly Frame[] = bodies.map(body => ({ clusterId: CLUSTER, body }))

/** Everything that reads bytes from outside, with valid bytes to spoil. */
const decoders: readonly { name: string; decode: (bytes: Uint8Array) => Decoded<unknown>; valid: Uint8Array[] }[] = [
  { name: 'frame', decode: receive, valid: frames.map(encodeFrame) },
  { name: 'entry', decode: decodeEntry, valid: entries.map(encodeEntry) },
  { name: 'configuration', decode: decodeConfiguration, valid: [encodeConfiguration(trio)] },
  {
    name: 'envelope',
    decode: decodeEnvelope,
    valid: [
      encodeEnvelope({ kind: 'open' }),
      encodeEnvelope({ kind: 'command', session: 3, sequence: 9, firstUnanswered: 7, command: Uint8Array.of(5) }),
      encodeEnvelope({ kind: 'expire', sessions: [3, 300] }),
    ],
  },
]

describe.each(decoders)('the $name decoder', ({ decode, valid }) => {
  test('accepts what the encoder made', () => {
    for (const bytes of valid) expect(decode(bytes)).toMatchObject({ ok: true })
  })

  test('finds no bytes too few', () => {
    expect(refusal(decode(new Uint8Array()))).toBe('Truncated')
  })

  test('answers every 1-byte message with an error', () => {
    for (let byte = 0; byte < 256; byte++)
      expect(['Truncated', 'UnknownVersion', 'OutOfRange']).toContain(refusal(decode(Uint8Array.of(byte))))
  })

  test('finds a message cut at any offset cut', () => {
    for (const bytes of valid) {
      for (let length = 0; length < bytes.byteLength; length++) {
        expect(refusal(decode(bytes.subarray(0, length)))).toBe('Truncated')
      }
    }
  })

  test('finds whatever follows the end', () => {
    for (const bytes of valid) {
      for (const garbage of [[0], [255, 255], [...bytes]]) {
        expect(refusal(decode(Uint8Array.from([...bytes, ...garbage])))).toBe('TrailingBytes')
      }
    }
  })

  test('gives a value or a typed error for every bit that flips', () => {
    for (const bytes of valid) {
      for (let bit = 0; bit < bytes.byteLength * 8; bit++) {
        const spoilt = bytes.slice()
        spoilt[bit >> 3] = (spoilt[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expectTotal(decode(spoilt), spoilt)
      }
    }
  })

  test('gives a value or a typed error for every byte replaced by the extremes', () => {
    for (const bytes of valid) {
      for (let at = 0; at < bytes.byteLength; at++) {
        for (const value of [0x00, 0x7f, 0x80, 0xff]) {
          const spoilt = bytes.slice()
          spoilt[at] = value
          expectTotal(decode(spoilt), spoilt)
        }
      }
    }
  })
})

describe('in great numbers', () => {
  test('100,000 random frames: each a value or a typed error, none throws', () => {
    const random = generator(1)
    for (let i = 0; i < 100_000; i++) {
      const bytes = new Uint8Array(random() % 200)
      for (let at = 0; at < bytes.byteLength; at++) bytes[at] = random()
      // Half of them get past the first bytes, where random ones all fail.
      if (i % 2 === 0) bytes.set([WIRE_VERSION, 1 + (random() % 6)].slice(0, bytes.byteLength))
      if (i % 4 === 0 && bytes.byteLength > 20) bytes.set([1, random() % 128, 1 + (random() % 12)].slice(0), 17)
      expectTotal(receive(bytes), bytes)
    }
  })

  test('100,000 valid frames with a few bytes changed, cut out or put in: the same', () => {
    const random = generator(2)
    const valid = fc.sample(frame, { seed: 7, numRuns: 500 }).map(encodeFrame)
    valid.push(...frames.map(encodeFrame))
    let accepted = 0
    for (let i = 0; i < 100_000; i++) {
      const bytes = mutated(valid[random() % valid.length] ?? new Uint8Array(), random)
      const decoded = receive(bytes)
      expectTotal(decoded, bytes)
      if (decoded.ok) accepted++
    }
    // Otherwise nothing deeper than the first field was ever reached.
    expect(accepted).toBeGreaterThan(1000)
  })

  test('100,000 mutations of what lies in a log: the same', () => {
    const random = generator(3)
    const entriesAsBytes = fc.sample(entry, { seed: 7, numRuns: 200 }).map(encodeEntry)
    const configurations = fc.sample(configuration, { seed: 7, numRuns: 200 }).map(encodeConfiguration)
    const envelopes = fc.sample(envelope, { seed: 7, numRuns: 200 }).map(encodeEnvelope)
    const pick = (valid: readonly Uint8Array[]) => mutated(valid[random() % valid.length] ?? new Uint8Array(), random)
    for (let i = 0; i < 33_334; i++) {
      for (const [decode, valid] of [
        [decodeEntry, entriesAsBytes],
        [decodeConfiguration, configurations],
        [decodeEnvelope, envelopes],
      ] as const) {
        const bytes = pick(valid)
        expectTotal<unknown>(decode(bytes), bytes)
      }
    }
  })
})

describe('lengths and counts', () => {
  const huge = [0xff, 0xff, 0xff, 0xff, 0x0f] // 2³²−1

  test('a declared length of 2³²−1 takes no memory', () => {
    expect(refusal(receive(frameOf(6, huge)))).toBe('TooLong')
    expect(refusal(receive(frameOf(3, [1, ...huge])))).toBe('TooLong')
    expect(refusal(receive(frameOf(4, [1, 1, 9, 5, ...huge])))).toBe('TooLong')
    expect(refusal(receive(frameOf(12, [2, 1, 1, 97, 2, ...huge])))).toBe('TooLong')
    expect(refusal(decodeEnvelope(Uint8Array.of(1, 2, 1, 1, 1, ...huge)))).toBe('TooLong')
  })

  test('an entry count of 2³¹ without a body takes no memory', () => {
    expect(refusal(receive(appendEntries([0x80, 0x80, 0x80, 0x80, 0x08])))).toBe('TooLong')
  })

  test('a frame of no proposals, of more than there may be, or of more than are there is refused', () => {
    expect(refusal(receive(frameOf(12, [0])))).toBe('OutOfRange')
    expect(refusal(receive(frameOf(12, [0x81, 0x08])))).toBe('TooLong')
    expect(refusal(receive(frameOf(12, [0x80, 0x08, 1, 1, 97])))).toBe('Truncated')
    expect(refusal(receive(frameOf(12, [2, 1, 1, 97])))).toBe('Truncated')
    expect(() => encodeFrame({ clusterId: CLUSTER, body: { kind: 'proposeAll', proposals: [] } })).toThrow(RangeError)
  })

  test('a count within its bound, but beyond the bytes that are there, is refused before room is made', () => {
    expect(refusal(receive(appendEntries([0xff, 0xff, 0x03])))).toBe('Truncated')
    expect(refusal(decodeConfiguration(Uint8Array.of(5, 0x80, 0x08)))).toBe('Truncated')
    expect(refusal(decodeEnvelope(Uint8Array.of(1, 3, 0x80, 0x08)))).toBe('Truncated')
  })

  test('a megabyte for a node’s name is refused, unread', () => {
    const name = new Uint8Array(1_000_000).fill(97)
    expect(refusal(receive(frameOf(4, [1, 2, 1, 0xc0, 0x84, 0x3d, ...name])))).toBe('TooLong')
    const answer = { kind: 'notLeader', leader: 'a'.repeat(1_000_000) } as const
    expect(() => encodeFrame({ clusterId: CLUSTER, body: { kind: 'proposeAnswer', request: 1, answer } })).toThrow(
      RangeError,
    )
  })

  test('the longest frame passes, and one byte more is refused on both sides', () => {
    const payload = new Uint8Array(MAX_FRAME_BYTES - HEADER_BYTES - 3)
    const longest = encodeFrame({ clusterId: CLUSTER, body: { kind: 'observe', payload } })
    expect(longest.byteLength).toBe(MAX_FRAME_BYTES)
    expect(receive(longest).ok).toBe(true)
    const longer = { kind: 'observe', payload: new Uint8Array(payload.byteLength + 1) } as const
    expect(() => encodeFrame({ clusterId: CLUSTER, body: longer })).toThrow(RangeError)
    expect(refusal(receive(new Uint8Array(MAX_FRAME_BYTES + 1)))).toBe('TooLong')
  })
})

describe('integers', () => {
  const eightBytes = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]

  test('an overlong form of a number is refused, so that each has one only', () => {
    for (const zero of [
      [0x80, 0x00],
      [0x80, 0x80, 0x00],
      [0x81, 0x00],
    ]) {
      expect(refusal(receive(frameOf(3, [...zero, 0])))).toBe('OutOfRange')
    }
  })

  test('2⁵³−1 is read exactly; 2⁵³, 2⁶⁴−1 and numbers without end are refused', () => {
    expect(receive(frameOf(3, [...eightBytes, 0x0f, 0]))).toMatchObject({
      value: { body: { request: Number.MAX_SAFE_INTEGER } },
    })
    expect(refusal(receive(frameOf(3, [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10, 0])))).toBe('OutOfRange')
    expect(refusal(receive(frameOf(3, [...eightBytes, 0xff, 0xff, 0x01, 0])))).toBe('OutOfRange')
    expect(refusal(receive(frameOf(3, new Array(500).fill(0xff))))).toBe('OutOfRange')
  })

  test('a term beyond MAX_TERM has no way in', () => {
    const timeoutNow = (term: number[]) => frameOf(1, [0, 10, ...term])
    const most = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40]
    expect(receive(timeoutNow(most))).toMatchObject({ value: { body: { message: { term: MAX_TERM } } } })
    expect(refusal(receive(timeoutNow([0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40])))).toBe('OutOfRange')
    expect(refusal(receive(timeoutNow([...eightBytes, 0x0f])))).toBe('OutOfRange')
  })

  test('no such number is ever sent', () => {
    for (const number of [2 ** 53, 2 ** 64, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      for (const body of withNumber(number)) {
        expect(() => encodeFrame({ clusterId: CLUSTER, body }), `${number} in ${JSON.stringify(body)}`).toThrow(
          RangeError,
        )
      }
    }
    const term = MAX_TERM + 1
    expect(() => send({ ...place, type: 'TimeoutNow', term })).toThrow(RangeError)
    expect(() => encodeEntry({ index: 1, term, kind: 'noop', data: null })).toThrow(RangeError)
  })
})

describe('text', () => {
  const answer = (name: number[]) => frameOf(4, [1, 2, 1, name.length, ...name])

  test.each([
    ['a byte that begins nothing', [0xff]],
    ['a character cut short', [0xe2, 0x82]],
    ['a continuation without a beginning', [0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a lone surrogate', [0xed, 0xa0, 0x80]],
    ['a pair of surrogates', [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
    ['beyond the last code point', [0xf4, 0x90, 0x80, 0x80]],
  ])('%s is no name', (_, bytes) => {
    expect(refusal(receive(answer(bytes)))).toBe('InvalidText')
  })

  test('an empty name is none', () => {
    expect(refusal(receive(answer([])))).toBe('OutOfRange')
  })

  test('a name of 64 bytes passes, one of 65 does not, counted in bytes', () => {
    expect(receive(answer(new Array(64).fill(97))).ok).toBe(true)
    expect(refusal(receive(answer(new Array(65).fill(97))))).toBe('TooLong')
    expect(() => sendLeader('€'.repeat(22))).toThrow(RangeError)
  })

  test('a lone surrogate is never sent', () => {
    for (const name of ['\ud800', 'a\udfffb', '\ude00\ud83d']) expect(() => sendLeader(name)).toThrow(RangeError)
  })

  test('names that are dangerous elsewhere are only text here', () => {
    for (const name of ['__proto__', 'constructor', '\u202eabc', '\u0000', '<img src=x onerror=1>']) {
      expect(receive(sendLeader(name))).toMatchObject({ value: { body: { answer: { leader: name } } } })
    }
  })

  test('a cluster id is 32 lower-case hexadecimal digits or it is not sent', () => {
    for (const clusterId of ['', 'ab', `${CLUSTER}0`, CLUSTER.toUpperCase(), CLUSTER.replace('0', 'g')]) {
      expect(() => encodeFrame({ clusterId, body: { kind: 'join' } })).toThrow(RangeError)
    }
  })
})

describe('versions and types', () => {
  test('an unknown version is refused before anything else is looked at', () => {
    for (const version of [0, WIRE_VERSION + 1, 255]) {
      const bytes = frameOf(2, [])
      bytes[0] = version
      expect(refusal(receive(bytes))).toBe('UnknownVersion')
      expect(refusal(decodeEntry(Uint8Array.of(version, 1, 1, 2)))).toBe('UnknownVersion')
      expect(refusal(decodeEnvelope(Uint8Array.of(version, 1)))).toBe('UnknownVersion')
    }
  })

  test('an unknown kind of anything is refused', () => {
    for (const kind of [0, 17, 255]) expect(refusal(receive(frameOf(kind, [])))).toBe('UnknownType')
    for (const type of [0, 13, 255]) expect(refusal(receive(frameOf(1, [0, type, 1])))).toBe('UnknownType')
    for (const kind of [0, 7, 255]) expect(refusal(receive(frameOf(4, [1, kind])))).toBe('UnknownType')
    for (const type of [0, 9, 255]) expect(refusal(receive(frameOf(9, [1, 0, type])))).toBe('UnknownType')
    for (const kind of [0, 5, 255]) expect(refusal(receive(frameOf(10, [1, kind])))).toBe('UnknownType')
    for (const refused of [0, 5, 127]) expect(refusal(receive(frameOf(8, [refused])))).toBe('OutOfRange')
    for (const error of [0, 4, 127]) expect(refusal(receive(frameOf(10, [1, 4, error, 0])))).toBe('OutOfRange')
    for (const kind of [0, 4, 255]) expect(refusal(decodeEntry(Uint8Array.of(2, 1, 1, kind)))).toBe('UnknownType')
    for (const kind of [0, 6, 255]) expect(refusal(decodeEnvelope(Uint8Array.of(1, kind)))).toBe('UnknownType')
    for (const type of [0, 5, 255]) expect(refusal(decodeEnvelope(Uint8Array.of(1, 4, type)))).toBe('UnknownType')
  })

  test('a truth value is 0 or 1', () => {
    expect(refusal(receive(frameOf(1, [0, 4, 5, 2])))).toBe('OutOfRange')
  })
})

describe('what the fields say together', () => {
  test('the sender is who the transport says, whatever the bytes were made from', () => {
    const forged: Message = { type: 'TimeoutNow', from: 'somebody else', to: 'third', term: 5 }
    expect(receive(send(forged))).toMatchObject({ value: { body: { message: { from: FROM, to: TO } } } })
  })

  test('entries whose terms descend, or pass the leader’s, are neither sent nor taken', () => {
    const append = (terms: readonly number[]): Message => ({
      ...place,
      type: 'AppendEntries',
      prevLogIndex: 7,
      prevLogTerm: 3,
      entries: terms.map((term, i) => ({ index: 8 + i, term, kind: 'noop', data: null })),
      leaderCommit: 0,
      round: 0,
    })
    expect(receive(send(append([3, 4, 4, 5]))).ok).toBe(true)
    for (const terms of [[2], [4, 3], [6], [3, 6], [3.5]]) expect(() => send(append(terms))).toThrow(RangeError)
    // A step of 3 from term 3 would be beyond the leader's term 5.
    expect(refusal(receive(appendEntries([1, 3, 2])))).toBe('OutOfRange')
  })

  test('entries out of their place are not sent', () => {
    const append = (indexes: readonly number[]): Message => ({
      ...place,
      type: 'AppendEntries',
      prevLogIndex: 7,
      prevLogTerm: 3,
      entries: indexes.map(index => ({ index, term: 3, kind: 'noop', data: null })),
      leaderCommit: 0,
      round: 0,
    })
    for (const indexes of [[7], [9], [8, 8], [8, 10]]) expect(() => send(append(indexes))).toThrow(RangeError)
  })

  test('index 0 has term 0, no other has, and none has a term beyond the sender’s', () => {
    const vote = (index: number, term: number) => frameOf(1, [0, 3, 5, index, term, 0])
    expect(receive(vote(0, 0)).ok).toBe(true)
    expect(receive(vote(1, 5)).ok).toBe(true)
    for (const [index, term] of [
      [0, 1],
      [1, 0],
      [1, 6],
    ] as const) {
      expect(refusal(receive(vote(index, term)))).toBe('OutOfRange')
      const message: Message = {
        ...place,
        type: 'RequestVote',
        lastLogIndex: index,
        lastLogTerm: term,
        leadershipTransfer: false,
      }
      expect(() => send(message)).toThrow(RangeError)
    }
  })

  test('the entries’ indexes stay exact', () => {
    const last = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]
    expect(refusal(receive(frameOf(1, [0, 5, 5, ...last, 3, 0, 0, 1, 0, 2])))).toBe('OutOfRange')
  })

  test('a chunk lies within its snapshot, and a snapshot within its bound', () => {
    const chunk = (change: object) => ({ ...messages[7], ...change }) as Message
    for (const change of [
      { offset: 21 },
      { offset: 18 },
      { totalBytes: 12 },
      { totalBytes: MAX_SNAPSHOT_BYTES + 1 },
      { offset: -1 },
      { lastIncludedIndex: 0 },
      { lastIncludedTerm: 6 },
      { lastIncludedTerm: 0 },
    ]) {
      expect(() => send(chunk(change)), JSON.stringify(change)).toThrow(RangeError)
    }
    const raw = (totalBytes: number, offset: number, length: number) =>
      receive(frameOf(1, [0, 8, 5, 7, 3, 4, totalBytes, offset, length, 9, 9, 9, 0, 0, 0, 0, 0]))
    expect(raw(20, 17, 3).ok).toBe(true)
    expect(refusal(raw(20, 18, 3))).toBe('TooLong')
    expect(refusal(raw(20, 21, 3))).toBe('OutOfRange')
  })

  test.each<[string, Partial<Configuration>]>([
    ['a member named twice', { members: [...trio.members, { id: 'a', name: 'S5' }], namesGiven: 5 }],
    ['a name given twice', { members: [...trio.members, { id: 'd', name: 'S4' }] }],
    ['a name that was never given', { namesGiven: 3 }],
    ['a name that is none', { members: [{ id: 'a', name: 'leader' }], voters: ['a'] }],
    ['a name in another form', { members: [{ id: 'a', name: 'S01' }], voters: ['a'] }],
    ['a voter that is no member', { voters: ['a', 'x'] }],
    ['a voter twice', { voters: ['a', 'a'] }],
    ['an old voter twice', { oldVoters: ['gone', 'gone'] }],
    ['members of whom nobody votes', { voters: [], oldVoters: [] }],
    ['a count of names that is none', { namesGiven: Number.NaN }],
    ['a member that is expelled', { expelled: ['a'] }],
    ['somebody expelled twice', { expelled: ['x', 'x'] }],
  ])('no configuration with %s is sent', (_, change) => {
    expect(() => encodeConfiguration({ ...trio, ...change })).toThrow(RangeError)
  })

  test('nor is one taken', () => {
    const member = (id: string, number: number) => [1, id.charCodeAt(0), number]
    const a = member('a', 1)
    const b = member('b', 2)
    const make = (...bytes: number[]) => refusal(decodeConfiguration(Uint8Array.of(...bytes, 0)))
    expect(make(2, 2, ...a, ...member('a', 2), 1, 0, 0)).toBe('Inconsistent')
    expect(make(2, 2, ...b, ...a, 1, 0, 0)).toBe('Inconsistent')
    expect(make(1, 2, ...a, ...b, 1, 0, 0)).toBe('Inconsistent')
    expect(make(2, 2, ...a, ...b, 1, 2, 0)).toBe('Inconsistent')
    expect(make(2, 2, ...a, ...b, 2, 0, 0, 0)).toBe('Inconsistent')
    expect(make(2, 2, ...a, ...b, 0, 0)).toBe('Inconsistent')
    expect(make(2, 2, ...a, ...b, 1, 0, 1, 3)).toBe('Inconsistent')
    // Spelt out though a member: the same configuration would have two encodings.
    expect(make(2, 2, ...a, ...b, 1, 0, 1, 0, 1, 97)).toBe('Inconsistent')
    // A member that is expelled, and somebody expelled twice.
    expect(refusal(decodeConfiguration(Uint8Array.of(1, 1, ...a, 1, 0, 0, 1, 1, 97)))).toBe('Inconsistent')
    expect(refusal(decodeConfiguration(Uint8Array.of(1, 1, ...a, 1, 0, 0, 2, 1, 98, 1, 98)))).toBe('Inconsistent')
  })

  test('a command cannot be below its own first unanswered one', () => {
    expect(refusal(decodeEnvelope(Uint8Array.of(1, 2, 1, 5, 6, 0)))).toBe('OutOfRange')
    const command = { kind: 'command', session: 1, sequence: 5, firstUnanswered: 6, command: new Uint8Array() } as const
    expect(() => encodeEnvelope(command)).toThrow(RangeError)
  })

  test('sessions and sequences begin at 1', () => {
    expect(refusal(decodeEnvelope(Uint8Array.of(1, 2, 0, 1, 1, 0)))).toBe('OutOfRange')
    expect(refusal(decodeEnvelope(Uint8Array.of(1, 2, 1, 0, 1, 0)))).toBe('OutOfRange')
    expect(refusal(decodeEnvelope(Uint8Array.of(1, 3, 1, 0)))).toBe('OutOfRange')
  })
})

test('an error says where', () => {
  const decoded = receive(frameOf(1, [0, 4, 5, 2]))
  expect(decoded).toEqual({
    ok: false,
    error: { kind: 'OutOfRange', offset: HEADER_BYTES + 3, message: 'granted is 2, neither 0 nor 1' },
  })
})

function receive(bytes: Uint8Array): Decoded<Frame> {
  return decodeFrame(bytes, FROM, TO)
}

function send(message: Message): Uint8Array {
  return encodeFrame({ clusterId: CLUSTER, body: { kind: 'raft', sequence: 0, message } })
}

function sendLeader(leader: string): Uint8Array {
  const answer = { kind: 'notLeader', leader } as const
  return encodeFrame({ clusterId: CLUSTER, body: { kind: 'proposeAnswer', request: 1, answer } })
}

function frameOf(kind: number, body: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + body.length)
  bytes[0] = WIRE_VERSION
  bytes[1] = kind
  bytes.set(body, HEADER_BYTES)
  return bytes
}

/** Of term 5, after index 7 of term 3; then these bytes, the count of entries first. */
function appendEntries(rest: readonly number[]): Uint8Array {
  return frameOf(1, [0, 5, 5, 7, 3, 0, 0, ...rest])
}

/** Every body with `number` in place of one of its numbers. */
function withNumber(number: number): FrameBody[] {
  const spoilt: FrameBody[] = []
  for (const body of bodies) {
    for (const key of Object.keys(body)) {
      if (key === 'sequence' || key === 'request') spoilt.push({ ...body, [key]: number })
    }
    if (body.kind !== 'raft') continue
    for (const [key, value] of Object.entries(body.message)) {
      if (typeof value === 'number') spoilt.push({ ...body, message: { ...body.message, [key]: number } as Message })
    }
  }
  return spoilt
}

function refusal(decoded: Decoded<unknown>): DecodeErrorKind | 'accepted' {
  return decoded.ok ? 'accepted' : decoded.error.kind
}

const kinds = new Set<DecodeErrorKind>([
  'Truncated',
  'TrailingBytes',
  'UnknownVersion',
  'UnknownType',
  'OutOfRange',
  'TooLong',
  'InvalidText',
  'Inconsistent',
])

/** Plain comparisons: `expect` a million times would be most of the run. */
function expectTotal<T>(decoded: Decoded<T>, bytes: Uint8Array): void {
  if (decoded.ok) return
  const { kind, offset, message } = decoded.error
  const sound = kinds.has(kind) && offset >= 0 && offset <= bytes.byteLength && message.length < 200
  if (!sound) throw new Error(`no typed error for ${[...bytes]}: ${JSON.stringify(decoded.error)}`)
}

function mutated(valid: Uint8Array, random: () => number): Uint8Array {
  const bytes = [...valid]
  for (let edits = 1 + (random() % 3); edits > 0; edits--) {
    const at = random() % (bytes.length + 1)
    const kind = random() % 4
    if (kind === 0) bytes.splice(at, 1 + (random() % 4))
    else if (kind === 1) bytes.splice(at, 0, random() % 256)
    else if (at < bytes.length) bytes[at] = kind === 2 ? random() % 256 : (bytes[at] ?? 0) ^ (1 << (random() % 8))
  }
  return Uint8Array.from(bytes)
}

/** Unsigned 32-bit numbers, the same for the same seed (xorshift). */
function generator(seed: number): () => number {
  let state = seed * 0x9e3779b9 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}
