import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeClientMessage,
  decodeNodeMessage,
  encodeClientMessage,
  encodeNodeMessage,
  PROTOCOL_VERSION,
} from './codec.ts'
import type { ClientMessage, NodeMessage } from './message.ts'

const integer = fc.maxSafeNat()
const term = fc.nat(2 ** 40)
const bytes = fc.uint8Array({ maxLength: 40 })
const id = fc.string({ minLength: 1, maxLength: 16, unit: 'grapheme-ascii' })

const clientMessages: fc.Arbitrary<ClientMessage> = fc.oneof(
  fc.record({ kind: fc.constant('propose' as const), request: integer, data: bytes }),
  fc.record({ kind: fc.constant('read' as const), id: integer }),
  fc.record({ kind: fc.constant('follow' as const), upTo: integer, snapshot: integer, offset: integer }),
  fc.record({ kind: fc.constant('status' as const) }),
  fc.record({
    kind: fc.constant('control' as const),
    id: integer,
    control: fc.oneof(
      fc.record({ kind: fc.constant('resign' as const) }),
      fc.record({ kind: fc.constant('transferLeadership' as const), to: id }),
      fc.record({ kind: fc.constant('setVisible' as const), visible: fc.boolean() }),
      fc.record({ kind: fc.constant('forceNewCluster' as const), abandon: fc.array(id, { maxLength: 4 }) }),
    ),
  }),
  fc.record({ kind: fc.constant('ping' as const), nonce: integer }),
  fc.record({ kind: fc.constant('say' as const), payload: bytes }),
  fc.record({ kind: fc.constant('hear' as const) }),
  fc.record({ kind: fc.constant('watch' as const), isNew: fc.boolean() }),
  fc.record({ kind: fc.constant('see' as const) }),
  fc.record({ kind: fc.constant('state' as const), snapshot: integer, offset: integer }),
)

const nodeMessages: fc.Arbitrary<NodeMessage> = fc.oneof(
  fc.record({ kind: fc.constant('refused' as const), why: fc.constantFrom('carrier', 'closed') }),
  fc.record({
    kind: fc.constant('seen' as const),
    seen: fc.array(fc.record({ from: id, telling: bytes }), { maxLength: 5 }),
  }),
  fc.record({
    kind: fc.constant('heard' as const),
    said: fc.array(fc.record({ from: id, payload: bytes }), { maxLength: 5 }),
    gone: fc.array(id, { maxLength: 5 }),
  }),
  fc.record({
    kind: fc.constant('answer' as const),
    request: integer,
    answer: fc.oneof(
      fc.record({ kind: fc.constant('applied' as const), index: fc.integer({ min: 1 }), term, result: bytes }),
      fc.record({ kind: fc.constant('notLeader' as const), leader: fc.option(id, { nil: undefined }) }),
      fc.record({ kind: fc.constantFrom('overloaded', 'unknown', 'sessionExpired', 'superseded') }),
    ),
  }),
  fc.record({ kind: fc.constant('reach' as const), request: integer, isElsewhere: fc.boolean() }),
  fc.record({ kind: fc.constant('readable' as const), id: integer, index: integer }),
  fc.array(fc.record({ step: fc.integer({ min: 1, max: 9 }), term, command: bytes }), { maxLength: 6 }).map(steps => {
    let index = 0
    const entries = steps.map(({ step, ...entry }) => {
      index += step
      return { ...entry, index }
    })
    return { kind: 'entries' as const, upTo: index + 3, entries }
  }),
  fc
    .record({ snapshot: integer, offset: fc.nat(100), data: fc.uint8Array({ minLength: 1, maxLength: 40 }) })
    .map(chunk => ({
      kind: 'chunk' as const,
      ...chunk,
      totalBytes: chunk.offset + chunk.data.byteLength,
    })),
  fc.record({
    kind: fc.constant('status' as const),
    status: fc.record({
      id,
      clusterId: fc.option(id, { nil: undefined }),
      state: fc.constantFrom('joining', 'running', 'crashed', 'failed', 'closed'),
      role: fc.constantFrom('follower', 'preCandidate', 'candidate', 'leader', 'learner'),
      term,
      leader: fc.option(id, { nil: undefined }),
      commitIndex: integer,
      lastApplied: integer,
      members: fc.array(
        fc
          .record({ id, name: id, voter: fc.boolean(), link: fc.constantFrom('none', 'direct', 'relayed') })
          .map(member => ({ ...member, connected: member.link !== 'none' })),
        { maxLength: 5 },
      ),
      failure: fc.constantFrom(undefined, 'Fenced' as const, 'MachineFailed' as const, 'InvariantBroken' as const),
      waitingFor: fc.option(
        fc.record({
          missing: fc.array(id, { maxLength: 5 }),
          needed: fc.nat(3),
          mayBeOutdated: fc.boolean(),
          since: integer,
        }),
        { nil: undefined },
      ),
    }),
  }),
  fc.record({
    kind: fc.constant('controlled' as const),
    id: integer,
    refusal: fc.option(
      fc.record({
        kind: fc.constantFrom('Timeout', 'NotLeader', 'TransferRefused'),
        message: fc.string({ maxLength: 20 }),
      }),
      { nil: undefined },
    ),
  }),
  fc.record({ kind: fc.constant('pong' as const), nonce: integer }),
)

interface Protocol<Message> {
  readonly name: string
  readonly messages: fc.Arbitrary<Message>
  encode(message: Message): Uint8Array
  decode(bytes: Uint8Array): { readonly ok: boolean }
}

function promises<Message>({ name, messages, encode, decode }: Protocol<Message>): void {
  describe(`a message of ${name}`, () => {
    it('comes back as it was', () => {
      fc.assert(
        fc.property(messages, message => {
          const decoded = decode(encode(message))
          expect(decoded).toEqual({ ok: true, value: message })
        }),
      )
    })

    it('is refused when it is cut short anywhere, or followed by anything', () => {
      fc.assert(
        fc.property(messages, message => {
          const whole = encode(message)
          for (let length = 0; length < whole.byteLength; length++)
            expect(decode(whole.subarray(0, length)).ok).toBe(false)
          expect(decode(Uint8Array.of(...whole, 0)).ok).toBe(false)
        }),
      )
    })

    it('is read or refused, and never throws, with any byte changed, and of any bytes at all', () => {
      fc.assert(
        fc.property(messages, fc.nat(), fc.integer({ min: 1, max: 255 }), (message, at, change) => {
          const bytes = encode(message).slice()
          const place = at % bytes.byteLength
          bytes[place] = (bytes[place] ?? 0) ^ change
          decode(bytes)
        }),
      )
      fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), junk => void decode(junk)))
      fc.assert(
        fc.property(
          fc.nat(9),
          fc.uint8Array({ maxLength: 60 }),
          (kind, junk) => void decode(Uint8Array.of(PROTOCOL_VERSION, kind, ...junk)),
        ),
      )
    })

    it('of another version is refused', () => {
      fc.assert(
        fc.property(messages, message => {
          const bytes = encode(message).slice()
          bytes[0] = PROTOCOL_VERSION + 1
          expect(decode(bytes).ok).toBe(false)
        }),
      )
    })
  })
}

promises({ name: 'a client', messages: clientMessages, encode: encodeClientMessage, decode: decodeClientMessage })
promises({ name: 'a node', messages: nodeMessages, encode: encodeNodeMessage, decode: decodeNodeMessage })

describe('lengths that a node declares', () => {
  it('make no room before the bytes are there', () => {
    const hugeCount = Uint8Array.of(PROTOCOL_VERSION, 2, 9, 0xff, 0xff, 0x03)
    expect(decodeNodeMessage(hugeCount)).toMatchObject({ ok: false, error: { kind: 'Truncated' } })
    const hugeSnapshot = Uint8Array.of(PROTOCOL_VERSION, 3, 9, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0, 0)
    expect(decodeNodeMessage(hugeSnapshot)).toMatchObject({ ok: false, error: { kind: 'OutOfRange' } })
  })

  it('of a chunk may not be nothing where something is to come: it would be asked for again for ever', () => {
    expect(decodeNodeMessage(Uint8Array.of(PROTOCOL_VERSION, 3, 9, 5, 0, 0))).toMatchObject({
      ok: false,
      error: { kind: 'Inconsistent' },
    })
  })
})
