import type { TraceEvent } from '@flotilla/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { condense, MAX_JOINED } from './condense.ts'
import { Script } from './fixtures/script.ts'
import { entriesBetween } from './log-view.ts'
import { reduce } from './reduce.ts'
import { emptyView, type NodeView } from './view.ts'

const ids = ['a', 'b', 'c']

/** Runs as clusters may have them: the leader crashes, writes go nowhere, logs are mended. */
const runs = fc.array(fc.nat(7), { maxLength: 40 }).map(steps => {
  const script = new Script(ids).elect('a')
  let leader = 'a'
  for (const step of steps) {
    const next = ids[(ids.indexOf(leader) + 1) % ids.length] ?? 'a'
    if (step === 0) {
      script.append('lost ← 1').append('lost ← 2').crash(leader)
      script.started(leader).elect(next)
      leader = next
    } else if (step === 1) script.append(`x ← ${script.events.length}`).replicate([next])
    else if (step === 2) script.replicate().commit()
    else if (step === 3) script.timer(next, 500)
    else script.write(`y ← ${script.events.length}`)
  }
  return script.replicate().commit().events
})

/** What is seen of a node, with its log as plain entries. */
function seen(events: readonly TraceEvent[]) {
  const { nodes } = events.reduce(reduce, emptyView)
  return [...nodes].map(([id, { log, ...node }]: [string, NodeView]) => {
    const { blocks, ...marks } = log
    return [id, node, marks, blocks.size, entriesBetween(log, 1, log.lastIndex)]
  })
}

describe('condense', () => {
  it('tells the same: whatever happened, and in batches of any length, the view is that of all the events', () => {
    fc.assert(
      fc.property(runs, fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (events, lengths) => {
        const told: TraceEvent[] = []
        for (const id of ids) {
          const own = events.filter(event => event.node === id)
          for (let at = 0, i = 0; at < own.length; i++) {
            const length = lengths[i % lengths.length] ?? 1
            told.push(...condense(own.slice(at, at + length)).events)
            at += length
          }
        }
        const inOrder = ids.flatMap(id => events.filter(event => event.node === id))
        expect(seen(told)).toEqual(seen(inOrder))
      }),
      { numRuns: 200 },
    )
  })

  it('makes few events of a thousand writes, also if it begins in the middle of one', () => {
    const script = new Script(ids).elect('a')
    const before = script.events.length
    for (let i = 0; i < 1_000; i++) script.write(`x ← ${i}`)
    const own = script.events.slice(before).filter(event => event.node === 'a')
    const inTheMiddle = own.findIndex(event => event.type === 'durable')
    expect(condense(own.slice(inTheMiddle)).events.length).toBeLessThan(300)
    const { events, leftOut } = condense(own)
    const messages = events.filter(event => event.type === 'sent' || event.type === 'delivered')
    expect(events.length - messages.length).toBeLessThan(1_000 / MAX_JOINED + 10)
    expect(messages.length + leftOut).toBe(4_000)
    expect(messages.length).toBeGreaterThan(0)
    expect(messages.length).toBeLessThan(300)
  })

  it('keeps the same messages at both ends, so that what is seen to leave is seen to arrive', () => {
    const script = new Script(ids).elect('a')
    for (let i = 0; i < 300; i++) script.write(`x ← ${i}`)
    const told = ids.flatMap(id => condense(script.events.filter(event => event.node === id)).events)
    const messages = (type: 'sent' | 'delivered') =>
      told.flatMap(event => (event.type === type ? [event.message.id] : [])).sort()
    expect(messages('delivered')).toEqual(messages('sent'))
  })

  it('keeps every vote: elections are rare, and are what one wants to see', () => {
    const events = new Script(ids).campaign('a', ['b']).events.filter(event => event.node === 'a')
    const isVote = (event: TraceEvent) => 'message' in event && event.message.type.startsWith('RequestVote')
    expect(condense(events).events.filter(isVote)).toEqual(events.filter(isVote))
  })
})
