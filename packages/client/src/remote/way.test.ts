import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { portConformance } from '../conformance/port.ts'
import { MAX_MESSAGE_BYTES } from '../port.ts'
import { decodeWayFrame, encodeWayFrame, MAX_PART_BYTES, type WayFrame } from './way-frame.ts'
import { WayPort } from './way-port.ts'

const number = fc.maxSafeNat()
const frames: fc.Arbitrary<WayFrame> = fc.oneof(
  fc.record({ kind: fc.constant('open' as const) }),
  fc.record({ kind: fc.constantFrom('begin', 'end'), port: number }),
  fc.record({ kind: fc.constant('taken' as const), port: number, bytes: number }),
  fc.record({ kind: fc.constantFrom('ping', 'pong'), nonce: number }),
  fc.record({
    kind: fc.constant('part' as const),
    port: number,
    number,
    isLast: fc.boolean(),
    data: fc.uint8Array({ maxLength: 40 }),
  }),
)

/** Two ends whose frames go from one to the other, in order, as bytes. */
function ends(alter: (frame: WayFrame) => WayFrame | undefined = frame => frame) {
  const over: string[] = []
  const waiting: number[] = []
  const end = (name: string, other: () => WayPort): WayPort =>
    new WayPort({
      port: 1,
      maxWaitingBytes: 64 << 20,
      onEnd: () => over.push(name),
      send: frame => {
        const altered = alter(frame)
        if (altered === undefined) return
        const bytes = encodeWayFrame(altered)
        waiting.push(1)
        queueMicrotask(() => {
          const decoded = decodeWayFrame(bytes)
          if (!decoded.ok) throw new Error(decoded.error.message)
          const { value } = decoded
          if (value.kind === 'part' || value.kind === 'taken' || value.kind === 'end') other().receive(value)
        })
      },
    })
  const a: WayPort = end('a', () => b)
  const b: WayPort = end('b', () => a)
  return { a, b, over }
}

describe('a port over frames of a transport keeps what a Port promises:', () => {
  for (const { name, run } of portConformance)
    it(name, () =>
      run({
        pair: async () => {
          const { a, b } = ends()
          return [a, b]
        },
      }),
    )
})

describe('a frame of a client’s way', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(frames, frame => {
        expect(decodeWayFrame(encodeWayFrame(frame))).toEqual({ ok: true, value: frame })
      }),
    )
  })

  it('that is none is refused, whatever its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), bytes => {
        const decoded = decodeWayFrame(bytes)
        if (decoded.ok) expect(encodeWayFrame(decoded.value)).toEqual(bytes)
      }),
    )
    fc.assert(
      fc.property(frames, fc.nat(), (frame, cut) => {
        const bytes = encodeWayFrame(frame)
        expect(decodeWayFrame(bytes.subarray(0, cut % bytes.length)).ok).toBe(false)
      }),
    )
  })
})

describe('a port over frames', () => {
  const part = (number: number, data: Uint8Array, isLast = true) =>
    ({ kind: 'part', port: 1, number, isLast, data }) as const

  it('ends at both ends when a frame of it was dropped on the way, and delivers nothing after the gap', async () => {
    let count = 0
    const { a, b, over } = ends(frame => (frame.kind === 'part' && ++count === 2 ? undefined : frame))
    const heard: number[] = []
    b.open(message => heard.push(message[0] ?? -1))
    for (let i = 0; i < 4; i++) a.send(Uint8Array.of(i))
    await expect.poll(() => [...over].sort()).toEqual(['a', 'b'])
    expect(heard).toEqual([0])
  })

  it('never has more under way than the window, and what waits for an end that takes nothing is bounded', () => {
    let under = 0
    let ended = 0
    const port = new WayPort({
      port: 1,
      maxWaitingBytes: 4 << 20,
      onEnd: () => ended++,
      send: frame => {
        if (frame.kind === 'part') under += frame.data.byteLength
      },
    })
    for (let i = 0; i < 100 && ended === 0; i++) port.send(new Uint8Array(MAX_PART_BYTES))
    expect(under).toBeLessThanOrEqual((1 << 20) + MAX_PART_BYTES)
    expect(ended).toBe(1)
  })

  it.each<[string, (port: WayPort) => void]>([
    ['a part out of turn', port => port.receive(part(2, new Uint8Array(1)))],
    [
      'a message without an end',
      port => {
        for (let i = 1; i <= MAX_MESSAGE_BYTES / MAX_PART_BYTES + 1; i++)
          port.receive(part(i, new Uint8Array(MAX_PART_BYTES), false))
      },
    ],
    ['more taken than was sent', port => port.receive({ kind: 'taken', port: 1, bytes: 1 })],
    [
      'more than the window into a port that nobody has opened',
      port => {
        for (let i = 1; i <= 10; i++) port.receive(part(i, new Uint8Array(MAX_PART_BYTES)))
      },
    ],
  ])('ends where the other end says %s', (_, say) => {
    let ended = 0
    const port = new WayPort({ port: 1, maxWaitingBytes: 1, send: () => {}, onEnd: () => ended++ })
    say(port)
    expect(ended).toBe(1)
    port.receive(part(1, new Uint8Array(1)))
    expect(ended).toBe(1)
  })
})
