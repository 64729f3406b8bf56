import { type Lane, MAX_FRAME_BYTES } from '@flotilla/cluster'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LANES, MAX_FRAGMENT_BYTES, readFragment, writeFragment } from './fragment.ts'
import { Reassembly } from './reassembly.ts'
import { SendQueue } from './send-queue.ts'

function fragmentsOf(queue: SendQueue): Uint8Array[] {
  const into = new Uint8Array(MAX_FRAGMENT_BYTES)
  const fragments: Uint8Array[] = []
  for (let length = queue.next(into); length > 0; length = queue.next(into)) fragments.push(into.slice(0, length))
  return fragments
}

function cut(lane: Lane, frame: Uint8Array): Uint8Array[] {
  const queue = new SendQueue()
  queue.push(frame, lane)
  return fragmentsOf(queue)
}

/** `toEqual` takes seconds over a megabyte. */
function same(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a?.byteLength === b.byteLength && b.every((byte, i) => a[i] === byte)
}

const bytes = (length: number, seed = 1): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 31 + seed) & 0xff)

describe('fragments', () => {
  it.each([
    0,
    1,
    MAX_FRAGMENT_BYTES - 5,
    MAX_FRAGMENT_BYTES - 4,
    MAX_FRAGMENT_BYTES - 3,
    2 * MAX_FRAGMENT_BYTES - 5,
    2 * MAX_FRAGMENT_BYTES - 4,
    MAX_FRAME_BYTES,
  ])('a frame of %i bytes is cut into fragments of at most 16 KiB and is put together again', length => {
    const frame = bytes(length)
    const reassembly = new Reassembly()
    const fragments = cut('bulk', frame)
    expect(Math.max(...fragments.map(({ byteLength }) => byteLength))).toBeLessThanOrEqual(MAX_FRAGMENT_BYTES)
    const accepted = fragments.map(fragment => reassembly.accept(fragment))
    expect(accepted.slice(0, -1).every(({ kind }) => kind === 'partial')).toBe(true)
    const last = accepted.at(-1)
    if (last?.kind !== 'frame') throw new Error(`the last fragment gave ${last?.kind}`)
    expect(last.lane).toBe('bulk')
    expect(same(last.frame, frame)).toBe(true)
    expect(reassembly.heldBytes).toBe(0)
  })

  it('any frames over any lanes, sent while others are added, come out the same and in order per lane', () => {
    const frames = fc.array(
      fc.record({
        lane: fc.constantFrom(...LANES),
        length: fc.oneof(fc.nat(40), fc.nat(70_000)),
        fragmentsBefore: fc.nat(4),
      }),
      { maxLength: 20 },
    )
    fc.assert(
      fc.property(frames, plan => {
        const queue = new SendQueue()
        const reassembly = new Reassembly()
        const into = new Uint8Array(MAX_FRAGMENT_BYTES)
        const sent: Record<Lane, Uint8Array[]> = { urgent: [], normal: [], bulk: [] }
        const received: Record<Lane, Uint8Array[]> = { urgent: [], normal: [], bulk: [] }
        const pass = (): boolean => {
          const length = queue.next(into)
          if (length === 0) return false
          const accepted = reassembly.accept(into.slice(0, length))
          if (accepted.kind === 'bad') throw new Error(accepted.reason)
          if (accepted.kind === 'frame') received[accepted.lane].push(accepted.frame)
          return true
        }
        plan.forEach(({ lane, length, fragmentsBefore }, i) => {
          for (let n = 0; n < fragmentsBefore; n += 1) pass()
          const frame = bytes(length, i)
          sent[lane].push(frame)
          expect(queue.push(frame, lane)).toBe(true)
        })
        while (pass()) {}
        for (const lane of LANES) {
          expect(received[lane].length).toBe(sent[lane].length)
          sent[lane].forEach((frame, i) => {
            expect(same(received[lane][i], frame)).toBe(true)
          })
        }
        expect(queue.queuedBytes).toBe(0)
      }),
      { numRuns: 200 },
    )
  })

  it('10^5 random messages never throw, and never make it hold more than three frames', () => {
    const reassembly = new Reassembly()
    const seen = { frame: 0, partial: 0, bad: 0 }
    let state = 12345
    const random = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state / 2 ** 32
    }
    const filler = bytes(MAX_FRAGMENT_BYTES + 1)
    for (let i = 0; i < 100_000; i += 1) {
      // Half of them begin with a valid header, otherwise nearly all would fail at the first byte.
      const full = random() < 0.2
      const message = filler.slice(0, full ? MAX_FRAGMENT_BYTES : Math.floor(random() * 64))
      const lane = Math.floor(random() * 4)
      if (message.length > 0) {
        message[0] = random() < 0.5 ? Math.floor(random() * 256) : 0x10 | (random() < 0.5 ? 4 : 0) | lane
      }
      if (message.length > 3) {
        message[1] = random() < 0.8 ? 0 : Math.floor(random() * 256)
        message[2] = random() < 0.8 ? (full ? 0x50 : 0) : Math.floor(random() * 256)
        message[3] = random() < 0.5 ? message.length - 4 : Math.floor(random() * 256)
      }
      seen[reassembly.accept(message).kind] += 1
      expect(reassembly.heldBytes).toBeLessThanOrEqual(3 * MAX_FRAME_BYTES)
    }
    expect(seen.frame).toBeGreaterThan(100)
    expect(seen.partial).toBeGreaterThan(100)
    expect(seen.bad).toBeGreaterThan(10_000)
  })

  it('arbitrary bytes never throw', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 }), messages => {
        const reassembly = new Reassembly()
        for (const message of messages) reassembly.accept(message)
      }),
    )
  })

  it('a declared length above the greatest frame is refused before anything is set aside', () => {
    const reassembly = new Reassembly()
    for (const total of [MAX_FRAME_BYTES + 1, 0xffffff]) {
      const fragment = new Uint8Array(MAX_FRAGMENT_BYTES)
      fragment.set([0x14, total >>> 16, (total >>> 8) & 0xff, total & 0xff])
      expect(reassembly.accept(fragment)).toEqual({ kind: 'bad', reason: 'notAFragment' })
      expect(reassembly.heldBytes).toBe(0)
    }
  })

  it('another version, an unknown lane, reserved bits and too many bytes are no fragments', () => {
    expect(readFragment(new Uint8Array())).toBeUndefined()
    for (let header = 0; header < 256; header += 1) {
      const valid = [0x10, 0x11, 0x12, 0x14, 0x15, 0x16].includes(header)
      expect(readFragment(Uint8Array.of(header, 0, 0, 0)) !== undefined, `header ${header}`).toBe(valid)
    }
    const tooLong = new Uint8Array(MAX_FRAGMENT_BYTES + 1)
    tooLong[0] = 0x10
    expect(readFragment(tooLong)).toBeUndefined()
    expect(readFragment(Uint8Array.of(0x14, 0, 0))).toBeUndefined()
  })

  it('a valid sequence with a fragment cut short, repeated or left out gives no frame, and the lane recovers', () => {
    const frame = bytes(3 * MAX_FRAGMENT_BYTES)
    const fragments = cut('normal', frame)
    const spoilt: Uint8Array[][] = fragments.flatMap((fragment, i) => [
      [...fragments.slice(0, i), fragment.slice(0, -1), ...fragments.slice(i + 1)],
      [...fragments.slice(0, i), ...fragments.slice(i + 1)],
      ...(i < fragments.length - 1 ? [[...fragments.slice(0, i + 1), fragment, ...fragments.slice(i + 1)]] : []),
    ])
    for (const messages of spoilt) {
      const reassembly = new Reassembly()
      const kinds = messages.map(message => reassembly.accept(message).kind)
      // The second of two equal full pieces cannot be told from the third: then the last is what does not fit.
      expect(kinds.filter(kind => kind === 'frame').length, kinds.join()).toBe(0)
      reassembly.accept(Uint8Array.of(0x15, 0, 0, 0))
      const again = fragments.map(message => reassembly.accept(message).kind)
      expect(again.at(-1)).toBe('frame')
    }
  })

  it('writes at most what the buffer holds', () => {
    const into = new Uint8Array(MAX_FRAGMENT_BYTES)
    expect(writeFragment(into, 'urgent', bytes(100_000), 0)).toEqual({
      fragmentBytes: MAX_FRAGMENT_BYTES,
      nextOffset: MAX_FRAGMENT_BYTES - 4,
    })
  })
})
