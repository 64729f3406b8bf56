import type { NodeId, TraceEvent } from '@flotilla/core'
import { describe, expect, it } from 'vitest'
import { Script } from '../trace-view/fixtures/script.ts'
import { reduce } from '../trace-view/reduce.ts'
import { emptyView } from '../trace-view/view.ts'
import { decodeObservation, type Observation } from './observation.ts'
import { Observatory } from './observatory.ts'

/** An observatory with its peers and its time in hand. */
function bench(events: readonly TraceEvent[] = []) {
  const sent: { to: NodeId | undefined; observation: Observation }[] = []
  const received: Observation[] = []
  const flushes: (() => void)[] = []
  const view = events.reduce(reduce, emptyView)
  const observatory = new Observatory({
    self: 'a',
    now: () => 7,
    send(payload, to) {
      const { observation } = decodeObservation(payload, 'a')
      if (observation) sent.push({ to, observation })
    },
    schedule: flush => void flushes.push(flush),
    own: () => view.nodes.get('a'),
    receive: (_, observation) => void received.push(observation),
  })
  return { observatory, sent, received, flushes }
}
const applied = (index: number): TraceEvent => ({ type: 'applied', index, node: 'a', at: 0 })
const heartbeat = (i: number): TraceEvent => ({
  type: 'sent',
  delayMs: 0,
  message: { id: `m${i}`, from: 'a', to: 'b', type: 'AppendEntries', term: 1, size: 0 },
  node: 'a',
  at: i,
})

describe('Observatory', () => {
  it('tells events in batches, in order, with its clock', () => {
    const { observatory, sent, flushes } = bench()
    for (let i = 1; i <= 3; i++) observatory.tell(applied(i))
    expect(sent).toEqual([])
    expect(flushes).toHaveLength(1)
    flushes[0]?.()
    expect(sent).toEqual([
      {
        to: undefined,
        observation: { kind: 'trace', now: 7, catchUp: false, events: [applied(1), applied(2), applied(3)] },
      },
    ])
  })

  it('under overload drops the oldest messages first, and never what changes the structure', () => {
    const { observatory, sent } = bench()
    for (let i = 1; i <= 10_000; i++) {
      observatory.tell(heartbeat(i))
      if (i % 100 === 0) observatory.tell(applied(i))
    }
    observatory.flush()
    const events = sent.flatMap(({ observation }) => (observation.kind === 'trace' ? observation.events : []))
    expect(events.length).toBeLessThanOrEqual(2_000)
    expect(events.filter(event => event.type === 'applied')).toHaveLength(100)
    expect(events.at(-2)).toEqual(heartbeat(10_000))
  })

  it('tells a newcomer, and only the newcomer, where this node stands', () => {
    const { observatory, sent } = bench(new Script(['a', 'b', 'c']).elect('a').write('x ← 1').events)
    observatory.introduce('b')
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ to: 'b', observation: { kind: 'trace', catchUp: true } })
  })

  it('does not listen to itself, and counts what it had to refuse', () => {
    const { observatory, received } = bench()
    const payload = new TextEncoder().encode('{"kind":"hello"}')
    observatory.onPayload('a', payload)
    expect(received).toEqual([])
    observatory.onPayload('b', payload)
    observatory.onPayload('b', new TextEncoder().encode('nonsense'))
    expect(received).toEqual([{ kind: 'hello' }])
    expect(observatory.refused).toBe(1)
  })
})
