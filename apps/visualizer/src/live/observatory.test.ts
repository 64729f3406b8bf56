import type { NodeId, TraceEvent } from '@flotilla/core'
import { describe, expect, it } from 'vitest'
import { Script } from '../trace-view/fixtures/script.ts'
import { reduce } from '../trace-view/reduce.ts'
import { emptyView } from '../trace-view/view.ts'
import { decodeObservation, encodeObservation, type Observation } from './observation.ts'
import { Observatory } from './observatory.ts'

/** An observatory with its peers and its time in hand. */
function bench(events: readonly TraceEvent[] = []) {
  const sent: { to: NodeId | undefined; observation: Observation }[] = []
  const received: Observation[] = []
  const reads: (() => Observation | undefined)[] = []
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
    busy: () => false,
    own: () => view.nodes.get('a'),
    receiveTrace: (_, read) => void reads.push(read),
    receive: (_, observation) => void received.push(observation),
  })
  return { observatory, sent, received, reads, flushes }
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
        observation: {
          kind: 'trace',
          now: 7,
          catchUp: false,
          leftOut: 0,
          events: [applied(1), applied(2), applied(3)],
        },
      },
    ])
  })

  it('under overload leaves out messages, counts them, and tells the rest in fewer words', () => {
    const { observatory, sent } = bench()
    for (let i = 1; i <= 10_000; i++) {
      observatory.tell(heartbeat(i))
      if (i % 100 === 0) observatory.tell(applied(i))
    }
    observatory.flush()
    const traces = sent.flatMap(({ observation }) => (observation.kind === 'trace' ? [observation] : []))
    const events = traces.flatMap(trace => trace.events)
    const messages = events.filter(event => event.type === 'sent')
    expect(messages.length).toBeGreaterThan(0)
    expect(messages.length).toBeLessThan(1_000)
    expect(messages.length + traces.reduce((sum, { leftOut }) => sum + leftOut, 0)).toBe(10_000)
    expect(events.filter(event => event.type === 'applied').at(-1)).toEqual(applied(10_000))
  })

  it('splits what is too much for one payload', () => {
    const { observatory, sent } = bench()
    for (let i = 0; i < 40; i++) {
      const entries = Array.from({ length: 200 }, (_, k) => {
        const index = i * 200 + k + 1
        return { index, term: 1, kind: 'command', text: 'x'.repeat(160) } as const
      })
      observatory.tell({ type: 'appended', entries, node: 'a', at: 0 })
    }
    observatory.flush()
    expect(sent.length).toBeGreaterThan(10)
    const events = sent.flatMap(({ observation }) => (observation.kind === 'trace' ? observation.events : []))
    expect(events.flatMap(event => (event.type === 'appended' ? event.entries : []))).toHaveLength(8_000)
  })

  it('tells a newcomer, and only the newcomer, where this node stands', () => {
    const { observatory, sent } = bench(new Script(['a', 'b', 'c']).elect('a').write('x ← 1').events)
    observatory.introduce('b')
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ to: 'b', observation: { kind: 'trace', catchUp: true } })
  })

  it('reads a trace only when somebody looks, and a command at once', () => {
    const { observatory, received, reads } = bench()
    const trace = { kind: 'trace', now: 1, catchUp: false, leftOut: 0, events: [] } as const
    observatory.onPayload('b', encodeObservation(trace))
    observatory.onPayload('b', encodeObservation({ kind: 'command', command: 'crash' }))
    observatory.onPayload('b', new TextEncoder().encode('{"kind":"trace" nonsense'))
    expect(received).toEqual([{ kind: 'command', command: 'crash' }])
    expect(observatory.refused).toBe(0)
    expect(reads.map(read => read())).toEqual([trace, undefined])
    expect(observatory.refused).toBe(1)
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
