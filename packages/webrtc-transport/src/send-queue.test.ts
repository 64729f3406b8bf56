import { describe, expect, it } from 'vitest'
import { MAX_FRAGMENT_BYTES, readFragment } from './fragment.ts'
import { SendQueue } from './send-queue.ts'

function laneOfNext(queue: SendQueue): string | undefined {
  const into = new Uint8Array(MAX_FRAGMENT_BYTES)
  const length = queue.next(into)
  return length === 0 ? undefined : readFragment(into.subarray(0, length))?.lane
}

describe('the send queue', () => {
  it('lets a heartbeat overtake a snapshot that is already under way', () => {
    const queue = new SendQueue()
    queue.push(new Uint8Array(1 << 20), 'bulk')
    expect(laneOfNext(queue)).toBe('bulk')
    queue.push(new Uint8Array(40_000), 'normal')
    expect(laneOfNext(queue)).toBe('normal')
    queue.push(new Uint8Array(100), 'urgent')
    expect(laneOfNext(queue)).toBe('urgent')
    expect(laneOfNext(queue)).toBe('normal')
  })

  it('drops the newest frame of a full lane, and no other lane suffers', () => {
    const queue = new SendQueue({ urgent: 1000, normal: 1000, bulk: 1000 })
    expect(queue.push(new Uint8Array(900), 'bulk')).toBe(true)
    expect(queue.push(new Uint8Array(900), 'bulk')).toBe(false)
    expect(queue.push(new Uint8Array(900), 'urgent')).toBe(true)
    while (laneOfNext(queue) !== undefined) {}
    expect(queue.queuedBytes).toBe(0)
    expect(queue.push(new Uint8Array(900), 'bulk')).toBe(true)
  })

  it('bounds empty frames too', () => {
    const queue = new SendQueue({ urgent: 1000, normal: 1000, bulk: 1000 })
    let taken = 0
    while (queue.push(new Uint8Array(), 'urgent')) taken += 1
    expect(taken).toBeGreaterThan(1)
    expect(taken).toBeLessThan(100)
  })

  it('sends what was given, even if the giver writes to it again', () => {
    const queue = new SendQueue()
    const frame = Uint8Array.of(1, 2, 3)
    queue.push(frame, 'normal')
    frame.fill(9)
    const into = new Uint8Array(MAX_FRAGMENT_BYTES)
    expect([...(readFragment(into.subarray(0, queue.next(into)))?.payload ?? [])]).toEqual([1, 2, 3])
  })

  it('keeps only the urgent lane when asked to', () => {
    const queue = new SendQueue()
    for (const lane of ['bulk', 'normal', 'urgent'] as const) queue.push(new Uint8Array(10), lane)
    queue.keepOnly('urgent')
    expect(laneOfNext(queue)).toBe('urgent')
    expect(laneOfNext(queue)).toBeUndefined()
  })

  it('stays fast with a hundred thousand frames waiting', () => {
    const queue = new SendQueue()
    let pushed = 0
    while (queue.push(new Uint8Array(1), 'normal')) pushed += 1
    let sent = 0
    while (laneOfNext(queue) !== undefined) sent += 1
    expect(sent).toBe(pushed)
    expect(pushed).toBeGreaterThan(100_000)
  })
})
