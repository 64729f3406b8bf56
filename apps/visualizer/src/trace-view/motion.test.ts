import type { MessageSummary } from '@flotilla/core'
import { describe, expect, it } from 'vitest'
import { flightProgress, kindOf, LOST_MS, MIN_FLIGHT_MS } from './messages-in-flight.ts'
import { Motion } from './motion.ts'

const append: MessageSummary = { id: 'a-1', from: 'a', to: 'b', type: 'AppendEntries', term: 1, size: 1 }
const only = (motion: Motion) => {
  const [flight] = motion.flights.values()
  if (flight === undefined) throw new Error('no flight')
  return flight
}

describe('messages in flight', () => {
  it('shows even the fastest message for long enough to be seen', () => {
    const motion = new Motion()
    motion.see({ type: 'sent', message: append, delayMs: 0, node: 'a', at: 0 }, 1_000)
    motion.see({ type: 'delivered', message: append, node: 'b', at: 0 }, 1_001)
    motion.flights.sweep(1_000 + MIN_FLIGHT_MS - 1, true)
    expect(motion.flights.size).toBe(1)
    motion.flights.sweep(1_000 + MIN_FLIGHT_MS, true)
    expect(motion.flights.size).toBe(0)
  })

  it('stretches a delay by the pace', () => {
    const motion = new Motion()
    motion.setPace(20, 0)
    motion.see({ type: 'sent', message: append, delayMs: 50, node: 'a', at: 0 }, 0)
    expect(flightProgress(only(motion), 500)).toBeCloseTo(0.5)
  })

  it('accepts an arrival that is told before its departure', () => {
    const motion = new Motion()
    motion.see({ type: 'delivered', message: append, node: 'b', at: 0 }, 0)
    motion.see({ type: 'sent', message: append, delayMs: 0, node: 'a', at: 0 }, 40)
    expect(only(motion).outcome).toBe('delivered')
  })

  it('stops a lost message half-way and then takes it down', () => {
    const motion = new Motion()
    motion.see({ type: 'sent', message: append, delayMs: 0, node: 'a', at: 0 }, 0)
    motion.see({ type: 'dropped', message: append, reason: 'cut', node: 'a', at: 0 }, 1)
    expect(flightProgress(only(motion), 10_000)).toBe(0.5)
    motion.flights.sweep(MIN_FLIGHT_MS + LOST_MS, true)
    expect(motion.flights.size).toBe(0)
  })

  it('loses what was on its way to a node that crashed', () => {
    const motion = new Motion()
    motion.see({ type: 'sent', message: append, delayMs: 900, node: 'a', at: 0 }, 0)
    motion.see({ type: 'crashed', reason: '', node: 'b', at: 0 }, 10)
    expect(only(motion).outcome).toBe('dropped')
  })

  it('gives up heartbeats first when there are too many to show', () => {
    const motion = new Motion()
    const heartbeat = { ...append, size: 0 }
    for (let i = 0; i < 1_000; i++)
      motion.see({ type: 'sent', message: { ...heartbeat, id: `h${i}` }, delayMs: 0, node: 'a', at: 0 }, i / 1_000)
    motion.see({ type: 'sent', message: append, delayMs: 0, node: 'a', at: 0 }, 1)
    motion.see({ type: 'sent', message: { ...heartbeat, id: 'last' }, delayMs: 0, node: 'a', at: 0 }, 1)
    expect(motion.flights.size).toBeLessThan(200)
    expect([...motion.flights.values()].map(flight => kindOf(flight.message))).toContain('append')
  })
})

describe('answers', () => {
  it('are as small as a heartbeat unless they tell something new', () => {
    const motion = new Motion()
    const answer = (id: string, index: number): MessageSummary => ({
      ...{ id, from: 'b', to: 'a', type: 'AppendEntriesResult', term: 1, size: 0, granted: true, index },
    })
    for (const [id, index] of [
      ['1', 5],
      ['2', 5],
      ['3', 6],
      ['4', 6],
    ] as const)
      motion.see({ type: 'sent', message: answer(id, index), delayMs: 0, node: 'b', at: 0 }, 0)
    expect([...motion.flights.values()].map(flight => flight.kind)).toEqual([
      'heartbeat',
      'heartbeat',
      'append',
      'heartbeat',
    ])
  })
})

describe('election timers', () => {
  it('run on their own node’s clock, at the room’s pace', () => {
    const motion = new Motion()
    motion.setPace(10, 0)
    motion.setClock('b', 5_000, 100)
    motion.see({ type: 'timer', startedAt: 5_000, deadline: 5_500, reason: '', node: 'b', at: 5_000 }, 100)
    expect(motion.timerLeft('b', 100)).toBe(1)
    expect(motion.timerLeft('b', 2_600)).toBeCloseTo(0.5)
    expect(motion.timerLeft('b', 9_999)).toBe(0)
  })

  it('do not jump when the pace changes', () => {
    const motion = new Motion()
    motion.setClock('b', 0, 0)
    motion.see({ type: 'timer', startedAt: 0, deadline: 1_000, reason: '', node: 'b', at: 0 }, 0)
    const before = motion.timerLeft('b', 300)
    motion.setPace(20, 300)
    expect(motion.timerLeft('b', 300)).toBe(before)
    expect(motion.timerLeft('b', 2_300)).toBeCloseTo(0.6)
  })

  it('end when the node leads or dies, and then nothing moves', () => {
    const motion = new Motion()
    motion.setClock('b', 0, 0)
    motion.see({ type: 'timer', startedAt: 0, deadline: 1_000, reason: '', node: 'b', at: 0 }, 0)
    expect(motion.isMoving(10)).toBe(true)
    motion.see({ type: 'role', role: 'leader', term: 1, reason: '', node: 'b', at: 0 }, 20)
    expect(motion.isMoving(30)).toBe(false)
  })
})
