import type { TraceEvent } from '@flotilla/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Script } from '../trace-view/fixtures/script.ts'
import { decodeObservation, encodeObservation, type Observation } from './observation.ts'

const bytes = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
const trace = (events: readonly unknown[]) => bytes({ kind: 'trace', now: 1, catchUp: false, events })
const eventsOf = (payload: Uint8Array, from = 'a') => {
  const { observation, refused } = decodeObservation(payload, from)
  return { events: observation?.kind === 'trace' ? observation.events : undefined, refused }
}
const entry = { index: 1, term: 1, kind: 'command', text: 'x ← 1' }

describe('decodeObservation', () => {
  it('reads back every event that a run leaves', () => {
    const script = new Script(['a', 'b', 'c']).elect('a').write('x ← 1').crash('a').elect('b', ['c']).write('x ← 2')
    script.started('a').replicate().arrival('d').change('addLearner', 'd').cut(['b']).close('c')
    for (const id of ['a', 'b', 'c', 'd']) {
      const events = script.events.filter(event => event.node === id)
      const payload = encodeObservation({ kind: 'trace', now: 5, catchUp: false, leftOut: 0, events })
      // JSON knows no `undefined`: a field that has none is left out on the way and put back by the decoder.
      expect(eventsOf(payload, id)).toEqual({ events, refused: 0 })
    }
  })

  it('reads back settings, hello and commands', () => {
    const all: Observation[] = [
      { kind: 'settings', settings: [{ key: 'pace', value: 20, counter: 3, by: 'a' }] },
      { kind: 'hello' },
      { kind: 'farewells', nodes: ['b', 'c'] },
      { kind: 'command', command: 'crash' },
    ]
    for (const observation of all)
      expect(decodeObservation(encodeObservation(observation), 'a')).toEqual({ observation, refused: 0 })
  })

  it('takes no event that claims to be another node’s', () => {
    const crashed: TraceEvent = { type: 'crashed', reason: '', node: 'b', at: 0 }
    expect(eventsOf(trace([crashed]), 'a')).toEqual({ events: [], refused: 1 })
  })

  it('drops and counts what it does not know, and keeps the rest', () => {
    const stopped = { type: 'stopped', node: 'a', at: 0 }
    const strange = { type: 'teleported', node: 'a', at: 0 }
    expect(eventsOf(trace([strange, stopped, null, 7, []]))).toEqual({ events: [stopped], refused: 4 })
  })

  it.each([
    ['a term that is no term', { type: 'term', term: 2 ** 53, reason: '' }],
    ['a negative index', { type: 'committed', index: -1, reason: '' }],
    ['half an index', { type: 'committed', index: 1.5, reason: '' }],
    ['an entry at index 0', { type: 'appended', entries: [{ ...entry, index: 0 }] }],
    ['entries with a hole', { type: 'appended', entries: [entry, { ...entry, index: 3 }] }],
    [
      'too many entries',
      { type: 'appended', entries: Array.from({ length: 3_000 }, (_, i) => ({ ...entry, index: i + 1 })) },
    ],
    [
      'a member with a name of its own making',
      {
        type: 'configuration',
        index: 1,
        stage: 'appended',
        configuration: { members: [{ id: 'x', name: 'leader' }], voters: [], oldVoters: [], namesGiven: 1 },
      },
    ],
    ['a node id of a megabyte', { type: 'leader', term: 1, leader: 'x'.repeat(1 << 20) }],
    [
      'a message of no known type',
      { type: 'sent', delayMs: 0, message: { id: '1', from: 'a', to: 'b', type: 'Gossip', term: 1, size: 0 } },
    ],
  ])('refuses %s', (_, event) => {
    expect(eventsOf(trace([{ ...event, node: 'a', at: 0 }])).events ?? []).toEqual([])
  })

  it('cuts long texts short and mends broken ones: they are only for people', () => {
    const { events } = eventsOf(trace([{ type: 'crashed', reason: `\ud800${'x'.repeat(9_000)}`, node: 'a', at: 0 }]))
    const [event] = events ?? []
    expect(event?.type === 'crashed' && event.reason.length).toBe(160)
    expect(event?.type === 'crashed' && event.reason.isWellFormed()).toBe(true)
  })

  it('lets no field through that the schema does not have', () => {
    const payload = bytes(
      '{"kind":"trace","now":1,"events":[{"type":"stopped","node":"a","at":0,"__proto__":{"polluted":1},"html":"<img>"}]}',
    )
    expect(eventsOf(payload).events).toEqual([{ type: 'stopped', node: 'a', at: 0 }])
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  it('survives deep nesting, bad UTF-8 and a payload beyond its bound', () => {
    for (const payload of [
      bytes('['.repeat(100_000)),
      Uint8Array.of(0xff, 0xfe),
      new Uint8Array((1 << 20) + 1),
      bytes(''),
    ])
      expect(decodeObservation(payload, 'a').observation).toBeUndefined()
  })

  it('gives for any bytes and any JSON an observation or nothing, and never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), payload => void decodeObservation(payload, 'a')))
    fc.assert(
      fc.property(fc.json(), fc.constantFrom('trace', 'settings', 'command'), (json, kind) => {
        decodeObservation(
          bytes(`{"kind":"${kind}","now":1,"events":[${json}],"settings":[${json}],"command":${json}}`),
          'a',
        )
      }),
    )
  })
})
