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
      { kind: 'command', command: 'restart', about: 'c' },
    ]
    for (const observation of all)
      expect(decodeObservation(encodeObservation(observation), 'a')).toEqual({ observation, refused: 0 })
  })

  it('drops and counts what it does not know, and keeps the rest', () => {
    const stopped = { type: 'stopped', node: 'a', at: 0 }
    const strange = { type: 'teleported', node: 'a', at: 0 }
    const anothers = { ...stopped, node: 'b' }
    expect(eventsOf(trace([strange, anothers, stopped, null, 7, []]))).toEqual({ events: [stopped], refused: 5 })
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
